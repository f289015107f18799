import { beforeEach, describe, expect, it } from "vitest";
import { signToken } from "../../../playground/connect/signing/sign-token.ts";
import { securityKey, widgetId } from "../../../playground/playground.ts";
import { control, observe } from "../../instrumented.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { copyOf, expectRefused, NOTHING } from "../../visitor-steps.ts";
import { READY_AFTER_SECONDS, useLinking } from "./linking.ts";

describe.each(["worker", "flow"])("signing in with CARRY_OVER, AWS keys and LINK_BY=%s", (linkBy) => {
  const { asked, begin, continued, haveChat, pass, playground, start, view } = useLinking({
    CARRY_OVER: "1",
    LINK_BY: linkBy,
  });
  let browser: VisitorClient;
  let customer: string;

  beforeEach(async () => {
    browser = await begin();
    customer = crypto.randomUUID();
  });

  const newBrowser = () => createVisitorClient(playground.worker.origin);
  /** The body of a token request in the name of a customer, by the Worker's clock. */
  const as = async (customerId: string) => {
    const { iat } = claimsOf((await newBrowser().token()).token);
    return { token: signToken({ claims: { sub: widgetId, exp: iat + 500, customerId }, securityKey }) };
  };
  /** What the next tokens offer: each asks Amazon about one contact. */
  const offers = async (visitor: VisitorClient, body: object) => {
    await visitor.token(body);
    return claimsOf((await visitor.token(body)).token).attributes;
  };
  const recordOf = async (token: string) => {
    const { stored } = await observe(playground.worker);
    return JSON.parse(stored[`visitor:${claimsOf(token).attributes["persistentChatVisitor"]}`]?.value ?? "null");
  };

  it("has Amazon confirm the guest's chat, which names the guest", async () => {
    const contactId = await haveChat(browser);
    const body = await as(customer);
    playground.connect.serviceCalls.length = 0;
    const { attributes } = claimsOf((await browser.token(body)).token);
    // With LINK_BY=worker, the report has asked already.
    expect(asked()).toEqual(linkBy === "worker" ? [] : ["DescribeContact"]);
    expect(attributes).toMatchObject({ contactId });
    expect(attributes["persistentChatVisitor"]).not.toBe(view(contactId).attributes["persistentChatVisitor"]);
    expect(await offers(newBrowser(), await as(customer))).toMatchObject({ contactId });
  });

  it("continues the guest's chat in the customer's next one", async () => {
    const past = await haveChat(browser);
    const chat = await start(browser, await as(customer));
    await chat.ask();
    await expect.poll(() => continued(chat.contactId)).toBe(past);
  });

  it("confirms no contact of somebody else's that was reported as the guest", async () => {
    const victims = await start(newBrowser());
    const { ticket } = await browser.token({ fresh: true });
    playground.connect.service = "down";
    await browser.report({ ticket, contactId: victims.contactId });
    playground.connect.service = "works";
    await pass(200);
    expect(await offers(browser, await as(customer))).toMatchObject(NOTHING);
  });

  it("confirms no contact of the guest for a session of the customer's own", async () => {
    await browser.token();
    const copy = copyOf(browser);
    const guests = await start(browser);
    await browser.token(await as(customer));
    // The contact names the guest, but this ticket is the customer's.
    const { ticket } = await browser.token({ ...(await as(customer)), fresh: true });
    playground.connect.service = "down";
    await browser.report({ ticket, contactId: guests.contactId });
    playground.connect.service = "works";
    await pass(200);
    expect(await offers(browser, await as(customer))).toMatchObject(NOTHING);
    expect(await offers(copy, {})).toMatchObject(NOTHING);
  });

  it("takes the late report of a guest's live chat to the customer's record, also after a transfer", async () => {
    const live = await start(browser);
    await browser.token(await as(customer));
    await pass(20);
    const { status } = await browser.report({ ticket: live.ticket, contactId: live.contactId });
    expect(status).toBe(201);
    playground.connect.agent.transfer(live.contactId);
    playground.connect.agent.end(playground.connect.contacts()[0]?.contactId ?? "");
    await browser.report({ ticket: live.ticket, contactId: live.contactId, event: "ended" });
    await pass(READY_AFTER_SECONDS + 1);
    const { token } = await browser.token(await as(customer));
    expect(await recordOf(token)).toMatchObject({
      sessions: [{ contactId: live.contactId, takenFrom: view(live.contactId).attributes["persistentChatVisitor"] }],
    });
    expect(await offers(newBrowser(), await as(customer))).toMatchObject({ contactId: live.contactId });
  });

  it("leaves nothing for a copy of the guest's cookie, nor for another customer with it", async () => {
    await haveChat(browser);
    const copy = copyOf(browser);
    await browser.token(await as(customer));
    expect(await offers(copyOf(copy), await as(crypto.randomUUID()))).toMatchObject(NOTHING);
    expect(await offers(copy, {})).toMatchObject(NOTHING);
  });
});

describe("POST /_chat/contacts with CARRY_OVER, LINK_BY=worker and END_ABANDONED", () => {
  const { asked, begin, continued, pass, playground, start, view } = useLinking({
    CARRY_OVER: "1",
    END_ABANDONED: "1",
  });
  const as = async (customerId: string) => {
    const { iat } = claimsOf((await createVisitorClient(playground.worker.origin).token()).token);
    return { token: signToken({ claims: { sub: widgetId, exp: iat + 500, customerId }, securityKey }) };
  };

  it("links a live chat of the guest to the guest's past chat, after the sign-in too", async () => {
    const browser = await begin();
    const past = await start(browser);
    await past.ask();
    await past.end();
    // Its transcript is not ready yet.
    const live = await start(browser);
    expect(await live.ask()).toMatchObject({ link: "waiting" });
    await browser.token(await as(crypto.randomUUID()));
    await pass(READY_AFTER_SECONDS + 1);
    expect(await live.ask()).toMatchObject({ link: "linked" });
    expect(continued(live.contactId)).toBe(past.contactId);
  });

  it("links a live chat of the guest to no chat of the customer's own, which the guest could not ask for", async () => {
    const customer = crypto.randomUUID();
    const own = await start(await begin(), await as(customer));
    await own.ask();
    await own.end();
    await pass(READY_AFTER_SECONDS + 1);
    const browser = createVisitorClient(playground.worker.origin);
    const live = await start(browser);
    await browser.token(await as(customer));
    expect(await live.ask()).toMatchObject({ link: "none" });
    expect(view(live.contactId).links).toEqual([]);
  });

  it("links the customer's first chat to the guest's, although KV did not take the customer's record", async () => {
    const browser = await begin();
    const past = await start(browser);
    await past.ask();
    await past.end();
    await pass(READY_AFTER_SECONDS + 1);
    const customer = crypto.randomUUID();
    const body = await as(customer);
    await control(playground.worker, { kv: "fails", kvCalls: "put", kvSpares: 1 });
    const chat = await start(browser, body);
    await control(playground.worker, {});
    expect(await chat.ask()).toMatchObject({ link: "linked" });
    expect(continued(chat.contactId)).toBe(past.contactId);
  });

  it("moves nothing with the report of a contact that Amazon calls somebody else's", async () => {
    const browser = await begin();
    const { ticket } = await browser.token();
    const guest = copyOf(browser);
    const past = await start(guest);
    await past.ask();
    const victims = await start(createVisitorClient(playground.worker.origin));
    await control(playground.worker, { kvShows: "nothing" });
    await browser.token(await as(crypto.randomUUID()));
    await control(playground.worker, {});
    await expectRefused(browser.report({ ticket, contactId: victims.contactId }), 403, "CONTACT_NOT_YOURS");
    expect((await observe(playground.worker)).calls).not.toContain("put erased");
    expect(claimsOf((await guest.token()).token).attributes).toMatchObject({ contactId: past.contactId });
  });

  it("notes that the guest's chats have moved before it links to one of them, once", async () => {
    const browser = await begin();
    await browser.token();
    const guest = copyOf(browser);
    const past = await start(guest);
    await past.ask();
    await past.end();
    await pass(READY_AFTER_SECONDS + 1);
    await control(playground.worker, { kvShows: "nothing" });
    const live = await start(browser);
    await browser.token(await as(crypto.randomUUID()));
    await control(playground.worker, {});
    expect(await live.ask()).toMatchObject({ link: "linked" });
    const { calls } = await observe(playground.worker);
    expect(calls.filter((call) => /erased|link/.test(call))).toEqual(["put erased", "link contact"]);
  });

  it("ends no chat that a guest has left open, once a customer has signed in", async () => {
    const browser = await begin();
    const left = await start(browser);
    await left.ask();
    const live = await start(browser);
    await browser.token(await as(crypto.randomUUID()));
    await live.ask({ alone: true });
    expect(asked()).toContain("ListAssociatedContacts");
    expect(view(left.contactId).endedAt).toBeNull();
  });
});
