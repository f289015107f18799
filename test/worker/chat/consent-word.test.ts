import { beforeEach, describe, expect, it } from "vitest";
import { type RunningWorker } from "../start-worker.ts";
import { control, observe } from "../instrumented.ts";
import { useInstrumented } from "../use-workers.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../visitor-client.ts";

const YES = "__Host-chat-consent=1";
const LATER_YES = `${YES}.1795856400000`;
const NO = "__Host-chat-consent=0";

const workers = {
  "name=regex": useInstrumented({ CONSENT_COOKIE: "agreed=yes" }),
  page: useInstrumented({ CONSENT_COOKIE: "page" }),
  tcf: useInstrumented({ CONSENT_COOKIE: "tcf:1,3" }),
  gcm: useInstrumented({ CONSENT_COOKIE: "gcm" }),
};
const worker = workers.page;
const off = useInstrumented({ CONSENT_COOKIE: "page", MODE: "off" });
let visitor: VisitorClient;
let contactId: string;

const begin = async (at: RunningWorker) => {
  await control(at, {});
  visitor = createVisitorClient(at.origin);
  contactId = crypto.randomUUID();
};
beforeEach(() => begin(worker));

const DELETED = /^__Host-chat-[0-9a-f]{8}=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/;

/** A call with the page's word and our cookie. */
async function post(path: string, word: string, body: object = {}) {
  const cookie = [word, visitor.cookie].filter((part) => part !== "").join("; ");
  const response = await visitor.post(path, body, { cookie });
  const answer: { token: string; ticket: string | null } = await response.json();
  return { http: response.status, cookies: response.headers.getSetCookie(), ...answer };
}

async function ask(word: string) {
  const { cookies, ticket, token } = await post("/_chat/token", word);
  const { contactId: offered, persistentChatVisitor } = claimsOf(token).attributes;
  return { cookies, ticket, offered, visitorKey: persistentChatVisitor };
}

/** @returns The visitor key. */
async function chat(word: string): Promise<string | undefined> {
  const { ticket, visitorKey } = await ask(word);
  const report = { ticket, contactId, event: "started", ageSeconds: 0 };
  expect((await post("/_chat/contacts", word, report)).http).toBe(201);
  return visitorKey;
}

describe.each(Object.entries(workers))("the page's word with CONSENT_COOKIE=%s", (_setting, at) => {
  beforeEach(() => begin(at));

  it.each([YES, LATER_YES, `agreed=no; ${YES}`])("is consent: %s", async (word) => {
    const { ticket } = await ask(word);
    expect(ticket).toEqual(expect.any(String));
    await chat(word);
    expect((await ask(word)).offered).toBe(contactId);
  });

  it.each([
    ["a refusal", NO],
    ["a refusal beside another cookie that agrees", `agreed=yes; ${NO}`],
    ["two words", `${YES}; ${YES}`],
    ["two words that differ", `${NO}; ${YES}`],
    ["another text", `${YES}x`],
    ["another text beside a cookie that agrees", `agreed=yes; __Host-chat-consent=yes`],
    ["nothing after the name", "__Host-chat-consent="],
    ["a time without end", `${YES}.${"1".repeat(8000)}`],
    ["a time that is no number", `${YES}.1e3`],
    ["a name in other letters", "__host-chat-consent=1"],
    ["no word", ""],
  ])("is no consent: %s", async (_what, word) => {
    expect(await ask(word)).toEqual({ cookies: [], ticket: null, offered: "none", visitorKey: "none" });
    expect((await observe(at)).calls).toEqual([]);
    const report = { ticket: "ticket", contactId, event: "started", ageSeconds: 0 };
    expect(await post("/_chat/contacts", word, report)).toMatchObject({ http: 403, error: "NO_CONSENT" });
  });
});

describe("consent that is taken back", () => {
  it.each(["/_chat/token", "/_chat/contacts"])("has %s delete the visitor's cookie", async (path) => {
    await chat(YES);
    const { cookies } = await post(path, NO);
    expect(cookies).toEqual([expect.stringMatching(DELETED)]);
  });

  it.each(["", `${YES}x`, `${YES}; ${NO}`])("leaves the cookie alone without a plain refusal: %j", async (word) => {
    await chat(YES);
    expect((await ask(word)).cookies).toEqual([]);
  });

  it("has the cookie deleted also while the chat is switched off", async () => {
    await chat(YES);
    const headers = { cookie: `${NO}; ${visitor.cookie}` };
    const response = await createVisitorClient(off.origin).post("/_chat/token", {}, headers);
    expect(response.status).toBe(503);
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(DELETED)]);
  });

  it("sets nothing where there is no cookie", async () => {
    expect((await ask(NO)).cookies).toEqual([]);
  });

  it("makes a new visitor of a later yes, even if the old cookie is still there", async () => {
    const before = await chat(YES);
    const { offered, visitorKey } = await ask(LATER_YES);
    expect(offered).toBe("none");
    expect(visitorKey).toMatch(/^[0-9a-f]{64}$/);
    expect(visitorKey).not.toBe(before);
  });

  it("keeps the visitor of the later yes, until the next refusal", async () => {
    await ask(YES);
    const after = await chat(LATER_YES);
    expect(await ask(LATER_YES)).toMatchObject({ offered: contactId, visitorKey: after });
    expect((await ask(`${YES}.1795856400001`)).offered).toBe("none");
  });

  it("knows the visitor again whose browser has lost the word, once the page repeats it", async () => {
    const key = await chat(LATER_YES);
    expect(await ask(YES)).toMatchObject({ offered: contactId, visitorKey: key });
  });

  it("takes no report of a chat from before the refusal for the new visitor's", async () => {
    const { ticket } = await ask(YES);
    await ask(LATER_YES);
    const report = { ticket, contactId, event: "started", ageSeconds: 0 };
    expect(await post("/_chat/contacts", LATER_YES, report)).toMatchObject({ http: 403, error: "TICKET_NOT_YOURS" });
  });

  it.each([
    ["before the cookie is gone", NO],
    ["whose wish comes only after a later yes", LATER_YES],
  ])("still forgets a visitor who asks for it, %s", async (_when, word) => {
    await chat(YES);
    const headers = { "sec-fetch-site": "same-origin", cookie: `${word}; ${visitor.cookie}` };
    const response = await fetch(`${worker.origin}/_chat/visitor`, { method: "DELETE", headers });
    expect(response.status).toBe(204);
    expect((await ask(YES)).offered).toBe("none");
  });
});
