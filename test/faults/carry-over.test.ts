import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../worker/instrumented.ts";
import { useInstrumented, useSite } from "../worker/use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";
import { chat, copyOf, keyOf, NOTHING, offered, ownerClaims, signOwnerToken } from "../worker/visitor-steps.ts";
import { createChatter, expectPage, type LogWatch, watchLogs } from "./chatter.ts";

const site = useSite();
const worker = useInstrumented(() => ({ ORIGIN_URL: site.origin, CARRY_OVER: "1" }));
let browser: VisitorClient;
/** The browser of before the sign-in. */
let copy: VisitorClient;
let id: (name: string) => string;
let guestKey: string;
let log: LogWatch;

beforeEach(async () => {
  const test = crypto.randomUUID();
  id = (name) => `${name}-${test}`;
  await control(worker, {});
  browser = await createChatter(worker.origin, id("guest"));
  guestKey = await keyOf(browser);
  copy = copyOf(browser);
  log = watchLogs(worker);
});

const as = (name: string) => ({ token: signOwnerToken(ownerClaims({ customerId: id(name) })) });
const newBrowser = () => createVisitorClient(worker.origin);
const held = async (entry: string) => (await observe(worker)).stored[entry]?.value;
const recordOf = async (key: string) => JSON.parse((await held(`visitor:${key}`)) ?? "null");

/** During the fault nobody gets the guest's chat. After the fault, the customer does, and nobody else. */
async function expectLater(fault: Parameters<typeof control>[1]): Promise<void> {
  await control(worker, fault);
  await expectPage(worker, site);
  expect(await offered(browser, as("anna"))).toMatchObject(NOTHING);
  await log.expectLine({ event: "store.unavailable" });
  await control(worker, {});
  expect(await offered(newBrowser(), as("anna"))).toMatchObject(NOTHING);
  expect(await offered(browser, as("anna"))).toMatchObject({ contactId: id("guest") });
  await expectAnnasAlone();
}

async function expectAnnasAlone(): Promise<void> {
  expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactId: id("guest"), contactIdFallback: "none" });
  expect(await offered(copy, as("bob"))).toMatchObject(NOTHING);
  expect(await held(`erased:${guestKey}`)).toMatch(/^\d{10} [\da-f]{64}$/);
}

describe("KV while a guest signs in, with CARRY_OVER", () => {
  it("KV does not answer reads while a guest signs in", () => expectLater({ kv: "fails", kvCalls: "get" }));

  it("KV does not take the note that a guest's chats have moved", () => expectLater({ kv: "fails", kvCalls: "put" }));

  it("KV takes that note, and its answer is lost", () => expectLater({ kv: "loses answers", kvCalls: "put" }));

  it("KV takes that note, and not the customer's record", async () => {
    await control(worker, { kv: "fails", kvCalls: "put", kvSpares: 1 });
    await expectPage(worker, site);
    expect(await offered(browser, as("anna"))).toMatchObject({ contactId: id("guest") });
    await log.expectLine({ event: "store.unavailable" });
    await control(worker, {});
    expect(await offered(copy, as("bob"))).toMatchObject(NOTHING);
    expect(await offered(browser, as("anna"))).toMatchObject({ contactId: id("guest") });
    await expectAnnasAlone();
    await chat(browser, id("next"), as("anna"));
    expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactIdFallback: id("guest") });
  });

  it("The answer of a guest's sign-in is lost", async () => {
    await offered(copyOf(browser), as("anna"));
    expect(await offered(browser, as("anna"))).toMatchObject({ contactId: id("guest"), contactIdFallback: "none" });
    await log.expectQuiet();
    await expectAnnasAlone();
  });

  it("An older version writes a customer's record after a sign-in", async () => {
    await offered(browser, as("anna"));
    const key = (await offered(browser, as("anna")))["persistentChatVisitor"] ?? "";
    const { tookOver: _lost, sessions, ...rest } = await recordOf(key);
    const old = sessions.map(({ takenFrom: _lostToo, ...session }: { takenFrom: string }) => session);
    await control(worker, { store: { [`visitor:${key}`]: JSON.stringify({ ...rest, sessions: old }) } });
    expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactId: id("guest") });
    for (const body of [{}, as("bob")]) expect(await offered(copyOf(copy), body)).toMatchObject(NOTHING);
  });
});

describe("A report while KV takes no writes, after a sign-in that it did not note", () => {
  it("KV does not take the note, and the guest's report comes first", async () => {
    const { ticket } = await copy.token({ fresh: true });
    browser.cookie = copy.cookie;
    await control(worker, { kv: "fails", kvCalls: "put" });
    await offered(browser, as("anna"));
    const report = { ticket, contactId: id("guest"), event: "ended" };
    expect((await browser.report(report)).status).toBe(503);
    await control(worker, {});
    expect((await browser.report(report)).status).toBe(201);
    await expectAnnasAlone();
  });
});
