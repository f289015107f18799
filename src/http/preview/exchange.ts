import { type Context } from "hono";
import { serialize } from "hono/utils/cookie";
import * as v from "valibot";
import { createRandomId } from "../../adapters/web-crypto.ts";
import { PREVIEW_COOKIE } from "../../core/headers/cookies.ts";
import { ChatError } from "../../errors.ts";
import { MAX_PREVIEW_BODY_BYTES, PREVIEW_COOKIE_DAYS } from "../../limits.ts";
import { type ChatServices } from "../chat/services.ts";
import { readJsonBody } from "../chat/call/json-body.ts";
import { renderOwnPage } from "../own-page.ts";

const bodySchema = v.strictObject({ token: v.string() });

/** `POST /_chat/preview`: exchanges the token of a preview link for the preview cookie. */
export async function postPreview(c: Context, { config, now, preview }: ChatServices): Promise<Response> {
  const { token } = await readJsonBody(c.req, bodySchema, MAX_PREVIEW_BODY_BYTES);
  if (preview === null) throw new ChatError("NOT_IN_PREVIEW", `Refused a preview link: MODE is ${config.mode}`);
  const cookie = await preview.redeem(token, now());
  if (cookie === null) throw new ChatError("PREVIEW_INVALID", "Refused a preview link: not ours, or too old");
  const attributes = { path: "/", secure: true, httpOnly: true, sameSite: "Lax" } as const;
  const value = serialize(PREVIEW_COOKIE, cookie, { ...attributes, maxAge: PREVIEW_COOKIE_DAYS * 86_400 });
  c.header("set-cookie", value, { append: true });
  return c.body(null, 204);
}

const CONTENT = `<p id="say">One moment …</p>
<noscript><p>This needs JavaScript, as the chat does.</p></noscript>`;

const SCRIPT = `
const words = {
  PREVIEW_INVALID: "This link is not valid, or older than a day. Make a new one: npm run preview-link",
  NOT_IN_PREVIEW: "There is no preview at the moment: MODE is not preview here.",
  MISCONFIGURED: "The Worker’s settings cannot be used: its log names the settings to fix.",
};
const say = (text) => { document.getElementById("say").textContent = text; };
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
const headers = { "content-type": "application/json" };
fetch(location.pathname, { method: "POST", headers, body: JSON.stringify({ token }) })
  .then(async (answer) => {
    if (answer.ok) return location.replace("/");
    say(words[(await answer.json()).error] ?? "That did not work. Open the link again in a minute.");
  })
  .catch(() => say("The Worker did not answer. Open the link again in a minute."));
`;

/** `GET /_chat/preview`: a page that takes the token out of the link's fragment, which no server and no log sees. */
export async function getPreview(c: Context): Promise<Response> {
  const nonce = createRandomId();
  c.header(
    "content-security-policy",
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'`,
  );
  const content = `${CONTENT}\n<script nonce="${nonce}">${SCRIPT}</script>`;
  return c.html(renderOwnPage({ title: "Preview of the chat", content }));
}
