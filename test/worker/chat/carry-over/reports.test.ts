import { describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { copyOf, expectRefused, forget, NOTHING, keyOf, offered, sha256 } from "../../visitor-steps.ts";
import { useSigningIn } from "./signing-in.ts";

const { as, chatAsGuest, held, id, keyOfCustomer, newBrowser, recordOf, worker } = useSigningIn();

describe("a customer's wish to be forgotten", () => {
  it("forgets the guests whose chats were taken over", async () => {
    const { browser, guestKey } = await chatAsGuest();
    await browser.token(as("anna"));
    await forget(browser);
    expect(Object.keys((await observe(worker)).stored)).toContain(`erased:${guestKey}`);
    expect(await recordOf(guestKey)).not.toHaveProperty("movedTo");
    expect(await recordOf(await keyOfCustomer("anna"))).not.toHaveProperty("tookOver");
  });

  it("is also the wish of the guest whose browser missed the answer", async () => {
    const { before, browser } = await chatAsGuest();
    await browser.token(as("anna"));
    await forget(before);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject(NOTHING);
    expect(await offered(browser, as("anna"))).toMatchObject(NOTHING);
  });
});

describe("a guest's ticket, after the customer has signed in", () => {
  it("reports the end of a chat that was taken over, to the customer's record", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    await browser.report({ ticket, contactId: id("guest") });
    await browser.token(as("anna"));
    expect((await browser.report({ ticket, contactId: id("guest"), event: "ended" })).status).toBe(201);
    expect((await recordOf(await keyOfCustomer("anna"))).sessions).toMatchObject([{ endedAt: expect.any(Number) }]);
  });

  it("reports the start of a chat, to the customer's record", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    const guestKey = await keyOf(browser);
    await browser.token(as("anna"));
    expect((await browser.report({ ticket, contactId: id("late") })).status).toBe(201);
    const key = await keyOfCustomer("anna");
    expect(await recordOf(key)).toMatchObject({ sessions: [{ contactId: id("late"), takenFrom: guestKey }] });
    expect(await held(`contact:${sha256(id("late"))}`)).toBe(key);
  });

  it("reaches the customer's record with the guest's cookie too, which stays as it is", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    await browser.report({ ticket, contactId: id("guest") });
    const before = copyOf(browser);
    const { cookie } = before;
    await browser.token(as("anna"));
    expect((await before.report({ ticket, contactId: id("guest"), event: "ended" })).status).toBe(201);
    expect(before.cookie).toBe(cookie);
    expect((await recordOf(await keyOfCustomer("anna"))).sessions).toMatchObject([{ endedAt: expect.any(Number) }]);
  });

  it("counts with no other customer's cookie", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    await browser.report({ ticket, contactId: id("guest") });
    await browser.token(as("anna"));
    await browser.token(as("bob"));
    const report = { ticket, contactId: id("guest"), event: "ended" };
    await expectRefused(browser.report(report), 403, "TICKET_NOT_YOURS");
    const elsewhere = newBrowser();
    await elsewhere.token(as("anna"));
    await expectRefused(elsewhere.report(report), 403, "TICKET_NOT_YOURS");
  });

  it("brings no chat of an earlier visit", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    await control(worker, { clockOffsetSeconds: 3700 });
    await browser.token(as("anna", 3700));
    await expectRefused(browser.report({ ticket, contactId: id("late") }), 403, "TICKET_EXPIRED");
  });

  it("brings no chat back that the customer has had forgotten", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    await browser.token(as("anna"));
    const copy = copyOf(browser);
    await forget(browser);
    await expectRefused(copy.report({ ticket, contactId: id("late") }), 403, "TICKET_EXPIRED");
  });

  it("is worth nothing without a sign-in", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    const other = newBrowser();
    await other.token(as("anna"));
    await expectRefused(other.report({ ticket, contactId: id("late") }), 403, "TICKET_NOT_YOURS");
  });

  it("brings a chat that KV has noted half, with the guest as its owner", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    await control(worker, { kv: "fails", kvCalls: "put", kvSpares: 1 });
    expect((await browser.report({ ticket, contactId: id("half") })).status).toBe(503);
    await control(worker, {});
    await browser.token(as("anna"));
    expect((await browser.report({ ticket, contactId: id("half") })).status).toBe(201);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactId: id("half") });
  });

  it("brings a chat of which the place of the sign-in knew nothing, because the report's answer was lost", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    await copyOf(browser).report({ ticket, contactId: id("guest") });
    await control(worker, { kvShows: "nothing" });
    expect(await offered(browser, as("anna"))).toMatchObject(NOTHING);
    await control(worker, {});
    expect((await browser.report({ ticket, contactId: id("guest") })).status).toBe(200);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactId: id("guest") });
  });
});
