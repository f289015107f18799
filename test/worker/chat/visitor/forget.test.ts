import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { useInstrumented } from "../../use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { chat, expectRefused, forget, keyOf, NOTHING, offered, sha256 } from "../../visitor-steps.ts";

const DAY = 86_400;

const worker = useInstrumented();
let visitor: VisitorClient;
let contactId: string;

beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
  contactId = crypto.randomUUID();
});

describe("DELETE /_chat/visitor", () => {
  it("deletes the cookie, and sets one that page script can read", async () => {
    await chat(visitor, contactId);
    const name = visitor.cookie.slice(0, visitor.cookie.indexOf("="));
    const response = await forget(visitor);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.getSetCookie()).toEqual([
      `${name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`,
      expect.stringMatching(/^__Host-chat-left=[\w-]{22}; Max-Age=34560000; Path=\/; Secure; SameSite=Lax$/),
    ]);
  });

  it("erases the record, writes the erasure to a second record, and keeps only what recognises late reports", async () => {
    await chat(visitor, contactId);
    const key = `visitor:${await keyOf(visitor)}`;
    await control(worker, {});
    await forget(visitor);
    const { calls, stored } = await observe(worker);
    expect(calls).toEqual(["get visitor", "put erased", "put visitor"]);
    const record = JSON.parse(stored[key]?.value ?? "");
    expect(record).toEqual({
      v: 1,
      updatedAt: expect.any(Number),
      erasedAt: expect.any(Number),
      sessions: [],
      owned: [sha256(contactId)],
    });
    expect(Math.abs(record.erasedAt - Date.now() / 1000)).toBeLessThan(30);
    expect(Math.round(((stored[key]?.expiration ?? 0) - Date.now() / 1000) / DAY)).toBe(760);
    expect(JSON.stringify(stored[key])).not.toContain(contactId);
  });

  it("does not free the contact for another visitor", async () => {
    await chat(visitor, contactId);
    const key = await keyOf(visitor);
    await forget(visitor);
    expect((await observe(worker)).stored[`contact:${sha256(contactId)}`]?.value).toBe(key);
    const other = createVisitorClient(worker.origin);
    const { ticket } = await other.token();
    await expectRefused(await other.report({ ticket, contactId }), 403, "CONTACT_NOT_YOURS");
  });

  it("also erases sessions that KV does not show yet", async () => {
    await chat(visitor, contactId);
    const key = `visitor:${await keyOf(visitor)}`;
    await control(worker, { kvShows: "nothing" });
    await forget(visitor);
    const record = JSON.parse((await observe(worker)).stored[key]?.value ?? "");
    expect(record).toMatchObject({ sessions: [], owned: [sha256(contactId)] });
  });

  it("offers nothing when the visitor comes back, and gives them a new name", async () => {
    await chat(visitor, contactId);
    const before = await keyOf(visitor);
    await forget(visitor);
    visitor.cookie = "";
    const attributes = await offered(visitor);
    expect(attributes).toMatchObject(NOTHING);
    expect(attributes["persistentChatVisitor"]).not.toBe(before);
  });

  it("may be called twice", async () => {
    await chat(visitor, contactId);
    expect((await forget(visitor)).status).toBe(204);
    expect((await forget(visitor)).status).toBe(204);
    expect(await offered(visitor)).toMatchObject(NOTHING);
  });

  it("works while the chat is switched off", async () => {
    await chat(visitor, contactId);
    await control(worker, { mode: "off" });
    expect((await forget(visitor)).status).toBe(204);
    await control(worker, {});
    expect(await offered(visitor)).toMatchObject(NOTHING);
  });
});

describe("DELETE /_chat/visitor, with nothing to forget", () => {
  const lifeSeconds = 365 * DAY;

  it.each([
    ["there is no cookie", () => ""],
    ["the cookie does not open", (cookie: string) => cookie.replace(/=.*/, "=garbage")],
  ])("answers 204 and asks no KV where %s", async (_why, spoil) => {
    await chat(visitor, contactId);
    visitor.cookie = spoil(visitor.cookie);
    await control(worker, {});
    expect((await forget(visitor)).status).toBe(204);
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("answers 204 and asks no KV after the cookie's lifetime", async () => {
    await chat(visitor, contactId);
    await control(worker, { clockOffsetSeconds: lifeSeconds + 100 });
    expect((await forget(visitor)).status).toBe(204);
    expect((await observe(worker)).calls).toEqual([]);
  });
});

describe("DELETE /_chat/visitor, called wrongly", () => {
  it.each([
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["a sibling subdomain", { "sec-fetch-site": "same-site" }],
    ["another site in an old browser", { origin: "https://evil.example" }],
    ["a caller that does not say where it comes from", {}],
  ])("refuses %s, and forgets nothing", async (_who, headers) => {
    await chat(visitor, contactId);
    await control(worker, {});
    const response = await forget(visitor, headers);
    await expectRefused(response, 403, "CROSS_ORIGIN");
    expect(response.headers.getSetCookie()).toEqual([]);
    expect((await observe(worker)).calls).toEqual([]);
    expect(await offered(visitor)).toMatchObject({ contactId });
  });

  it("accepts the Origin header of an old browser on this site", async () => {
    await chat(visitor, contactId);
    expect((await forget(visitor, { origin: worker.origin })).status).toBe(204);
  });

  it.each(["get", "put"] as const)(
    "keeps the cookie, which leads to the record, when KV fails to %s",
    async (kvCalls) => {
      await chat(visitor, contactId);
      await control(worker, { kv: "fails", kvCalls });
      const response = await forget(visitor);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({ error: "STORE_UNAVAILABLE" });
      expect(response.headers.getSetCookie()).toEqual([]);
      await control(worker, {});
      expect(await offered(visitor)).toMatchObject({ contactId });
    },
  );

  it("refuses another method", async () => {
    const response = await visitor.post("/_chat/visitor", {});
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("DELETE");
  });
});
