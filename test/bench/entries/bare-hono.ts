// The least that a Worker with Hono can do: a token route with one signature and the same claims, and the site behind it.
import { Hono } from "hono";
import { SignJWT } from "jose";

interface Bindings {
  readonly WIDGET_SECURITY_KEY: string;
}

const TOKEN_TTL_SECONDS = 500;

const app = new Hono<{ Bindings: Bindings }>();

app.post("/_chat/token", async (c) => {
  await c.req.json();
  const now = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({
    attributes: {
      contactId: "none",
      contactIdFallback: "none",
      chatContinue: "none",
      chatWaitSeconds: "0",
      persistentChatVisitor: "0".repeat(64),
    },
  })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject("2f6b4f5c-8a51-4c1e-9d6b-0a6f3c1d2e4b")
    .setIssuedAt(now)
    .setExpirationTime(now + TOKEN_TTL_SECONDS)
    .sign(new TextEncoder().encode(c.env.WIDGET_SECURITY_KEY));
  return c.json({ token, expiresIn: TOKEN_TTL_SECONDS });
});

app.all("*", (c) => fetch(c.req.raw));

export default app;
