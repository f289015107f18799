import { beforeEach, describe, expect, it } from "vitest";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { control, observe } from "../instrumented.ts";
import { securityKey, widgetId } from "../settings.ts";
import { useInstrumented } from "../use-workers.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../visitor-client.ts";

const AGREED = "consent=needed,marketing";

const worker = useInstrumented({ CONSENT_COOKIE: "consent=(^|,)marketing" });
let visitor: VisitorClient;
let contactId: string;

beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
  contactId = crypto.randomUUID();
});

interface Answer {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly body: { readonly token: string; readonly expiresIn: number; readonly ticket: string | null };
}

/** A call with the site's consent cookie and our cookie. */
async function post(path: string, body: object, consent: string): Promise<Answer> {
  const cookie = [consent, visitor.cookie].filter((part) => part !== "").join("; ");
  const response = await visitor.post(path, body, { cookie });
  return { status: response.status, cookies: response.headers.getSetCookie(), body: await response.json() };
}

async function offered(consent: string, body: object = {}): Promise<Record<string, string>> {
  return claimsOf((await post("/_chat/token", body, consent)).body.token).attributes;
}

async function chat(): Promise<void> {
  const { ticket } = (await post("/_chat/token", {}, AGREED)).body;
  const report = { ticket, contactId, event: "started", ageSeconds: 0 };
  expect((await post("/_chat/contacts", report, AGREED)).status).toBe(201);
}

const nothing = {
  contactId: "none",
  contactIdFallback: "none",
  chatContinue: "none",
  chatWaitSeconds: "0",
  persistentChatVisitor: "none",
};

const NO_CONSENT = [
  ["no cookie at all", ""],
  ["no such cookie", "other=marketing"],
  ["a value that does not match", "consent=needed"],
  ["an empty value", "consent="],
  ["a value that the expression does not find at a word's start", "consent=nomarketing"],
] as const;

describe.each(NO_CONSENT)("without consent: %s", (_what, consent) => {
  it("starts a chat and stores nothing about it", async () => {
    const { status, cookies, body } = await post("/_chat/token", {}, consent);
    expect(status).toBe(200);
    expect(body).toEqual({ token: expect.any(String), expiresIn: 500, ticket: null });
    expect(claimsOf(body.token).attributes).toEqual(nothing);
    expect(cookies).toEqual([]);
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("ignores the cookie that was set before", async () => {
    await chat();
    const before = visitor.cookie;
    await control(worker, {});
    const { cookies, body } = await post("/_chat/token", {}, consent);
    expect(claimsOf(body.token).attributes).toEqual(nothing);
    expect(body.ticket).toBeNull();
    expect(cookies).toEqual([]);
    expect(visitor.cookie).toBe(before);
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("records nothing, although ticket and cookie are good", async () => {
    const { ticket } = (await post("/_chat/token", {}, AGREED)).body;
    await control(worker, {});
    const report = { ticket, contactId, event: "started", ageSeconds: 0 };
    const { status, cookies, body } = await post("/_chat/contacts", report, consent);
    expect({ status, body }).toEqual({ status: 403, body: { error: "NO_CONSENT" } });
    expect(cookies).toEqual([]);
    expect((await observe(worker)).calls).toEqual([]);
    expect((await post("/_chat/contacts", report, AGREED)).status).toBe(201);
  });
});

describe("without consent", () => {
  it("starts a chat even when KV is down", async () => {
    await control(worker, { kv: "fails" });
    expect(await offered("")).toEqual(nothing);
  });

  it("keeps the claims of the site's own token, and adds attributes that continue no chat", async () => {
    const now = Math.floor(Date.now() / 1000);
    const own = {
      sub: widgetId,
      exp: now + 600,
      customerId: "anna",
      attributes: { plan: "gold", contactId: "forged" },
    };
    const token = signToken({ claims: own, securityKey });
    const { body, cookies } = await post("/_chat/token", { token }, "");
    expect(claimsOf(body.token)).toMatchObject({ customerId: "anna", attributes: { plan: "gold", ...nothing } });
    expect(body.ticket).toBeNull();
    expect(cookies).toEqual([]);
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("refuses a token of the site's own that Connect would refuse", async () => {
    const { status, body } = await post("/_chat/token", { token: "garbage" }, "");
    expect({ status, body }).toEqual({ status: 403, body: { error: "OWNER_TOKEN_INVALID" } });
  });

  it("still forgets a visitor who asks for it", async () => {
    await chat();
    const response = await fetch(`${worker.origin}/_chat/visitor`, {
      method: "DELETE",
      headers: { "sec-fetch-site": "same-origin", cookie: `consent=needed; ${visitor.cookie}` },
    });
    expect(response.status).toBe(204);
    expect(await offered(AGREED)).toMatchObject({ contactId: "none" });
  });
});

describe("with consent", () => {
  it.each([AGREED, "consent=marketing", "a=1; consent=x,marketing,y; b=2"])(
    "knows the visitor again as ever: %s",
    async (consent) => {
      await chat();
      const { status, cookies, body } = await post("/_chat/token", {}, consent);
      expect(status).toBe(200);
      expect(body.ticket).toEqual(expect.any(String));
      expect(cookies).toHaveLength(1);
      expect(claimsOf(body.token).attributes).toMatchObject({
        contactId,
        chatContinue: "now",
        persistentChatVisitor: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    },
  );

  it("offers the older history after consent was withdrawn and given again", async () => {
    await chat();
    expect(await offered("consent=needed")).toEqual(nothing);
    expect(await offered(AGREED)).toMatchObject({ contactId });
  });

  it("does not know a chat that began without consent", async () => {
    await post("/_chat/token", {}, "");
    expect(await offered(AGREED)).toMatchObject({ contactId: "none", chatContinue: "none" });
  });
});
