import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { control } from "../../instrumented.ts";
import { widgetId } from "../../settings.ts";
import { useInstrumented } from "../../use-workers.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { chat, NOTHING, offered, ownerClaims, signOwnerToken } from "../../visitor-steps.ts";

const worker = useInstrumented();
let visitor: VisitorClient;

beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
});

describe("POST /_chat/token with the site's own token", () => {
  it("keeps its claims and adds ours; ours replace claims of the same name", async () => {
    const own = ownerClaims({ customerId: "c-7", attributes: { plan: "gold", contactId: "forged" } });
    const claims = claimsOf((await visitor.token({ token: signOwnerToken(own) })).token);
    expect(claims).toMatchObject({ sub: widgetId, customerId: "c-7" });
    expect(claims.attributes).toMatchObject({ plan: "gold", ...NOTHING });
  });

  it("never expires later than the site's token", async () => {
    const now = Math.floor(Date.now() / 1000);
    const answer = await visitor.token({ token: signOwnerToken(ownerClaims({ exp: now + 60 })) });
    expect(claimsOf(answer.token)["exp"]).toBe(now + 60);
    expect(answer.expiresIn).toBeLessThanOrEqual(60);
  });

  it("has one history per customer, on every device", async () => {
    const anna = { token: signOwnerToken(ownerClaims({ customerId: "anna" })) };
    await chat(visitor, "contact-anna", anna);
    const phone = createVisitorClient(worker.origin);
    expect(await offered(phone, anna)).toMatchObject({ contactId: "contact-anna" });
  });

  it("derives the customer's visitor key without a secret, so that a new secret changes nothing", async () => {
    const anna = { token: signOwnerToken(ownerClaims({ customerId: "anna" })) };
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const attributes = await offered(visitor, anna);
    expect(attributes["persistentChatVisitor"]).toBe(sha256(sha256(`${widgetId}\0anna`)));
  });

  it("offers the browser's own history if the token names no customer", async () => {
    await chat(visitor, "contact-guest");
    const guest = { token: signOwnerToken(ownerClaims()) };
    expect(await offered(visitor, guest)).toMatchObject({ contactId: "contact-guest" });
  });

  it("does not show a browser's history to a customer who signs in there", async () => {
    await chat(visitor, "contact-before");
    const carol = { token: signOwnerToken(ownerClaims({ customerId: "carol" })) };
    expect(await offered(visitor, carol)).toMatchObject(NOTHING);
  });

  it("does not show a customer's history to others on the same browser", async () => {
    await chat(visitor, "contact-eve", { token: signOwnerToken(ownerClaims({ customerId: "eve" })) });
    const bob = { token: signOwnerToken(ownerClaims({ customerId: "bob" })) };
    expect(await offered(visitor, bob)).toMatchObject(NOTHING);
    expect(await offered(visitor)).toMatchObject(NOTHING);
  });

  it("sets every attribute to none if the token names a related contact", async () => {
    await chat(visitor, "contact-rel");
    const own = ownerClaims({ relatedContactId: "elsewhere" });
    const claims = claimsOf((await visitor.token({ token: signOwnerToken(own) })).token);
    expect(claims["relatedContactId"]).toBe("elsewhere");
    expect(claims.attributes).toEqual({ ...NOTHING, persistentChatVisitor: "none" });
  });

  const now = Math.floor(Date.now() / 1000);
  it.each([
    ["is signed with another key", signOwnerToken(ownerClaims(), "another key of forty-four characters, really")],
    ["is for another widget", signOwnerToken(ownerClaims({ sub: "b0000000-0000-4000-8000-000000000000" }))],
    ["has expired", signOwnerToken(ownerClaims({ exp: now - 60 }))],
    ["never expires", signOwnerToken({ sub: widgetId })],
    ["has an attribute that is no string", signOwnerToken(ownerClaims({ attributes: { age: 7 } }))],
    ["is no token", "garbage"],
  ])("refuses one that %s", async (_why, token) => {
    const response = await visitor.post("/_chat/token", { token });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: "OWNER_TOKEN_INVALID" });
  });

  it("refuses one without a signature", async () => {
    const [, payload] = signOwnerToken(ownerClaims()).split(".");
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${payload}.`;
    expect((await visitor.post("/_chat/token", { token: none })).status).toBe(403);
  });

  it("refuses one that leaves no room for our attributes", async () => {
    const token = signOwnerToken(ownerClaims({ attributes: { note: "x".repeat(2000) } }));
    const response = await visitor.post("/_chat/token", { token });
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({ error: "TOKEN_TOO_LONG" });
  });
});
