import { describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { copyOf, expectRefused, forget, NOTHING, keyOf, offered, sha256 } from "../../visitor-steps.ts";
import { useSigningIn } from "./signing-in.ts";

const { as, chatAsGuest, held, id, keyOfCustomer, moveOf, newBrowser, recordOf, worker } = useSigningIn();

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
    expect(await moveOf(guestKey)).toMatch(new RegExp(`^\\d{10} ${key}$`));
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

  it("moves nothing with a report that is refused: the guest keeps the chat", async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    const guest = copyOf(browser);
    // The answer is lost, and the place of the sign-in knows nothing of the chat.
    await guest.report({ ticket, contactId: id("guest") });
    await control(worker, { kvShows: "nothing" });
    await browser.token(as("anna"));
    await control(worker, {});
    await expectRefused(browser.report({ ticket, contactId: id("other") }), 403, "TICKET_USED");
    expect((await observe(worker)).calls).toEqual(["get visitor"]);
    expect(await offered(guest)).toMatchObject({ contactId: id("guest") });
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

  it("brings no chat back that is older than the five that are kept", async () => {
    const browser = newBrowser();
    const tickets: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      await control(worker, { clockOffsetSeconds: count });
      const { ticket } = await browser.token();
      await browser.report({ ticket, contactId: id(`guest-${count}`) });
      tickets.push(ticket);
    }
    await browser.token(as("anna"));
    expect((await browser.report({ ticket: tickets[0] ?? "", contactId: id("guest-0") })).status).toBe(200);
    expect((await recordOf(await keyOfCustomer("anna"))).sessions).toHaveLength(5);
  });
});

describe("a guest's ticket in the browser of a customer to whom nothing has moved", () => {
  /** Bob signs in before the guest has a chat. A copy of the guest's cookie goes on. */
  const signInBeforeAnyChat = async () => {
    const browser = newBrowser();
    const { ticket } = await browser.token();
    const guest = copyOf(browser);
    await browser.token(as("bob"));
    return { browser, guest, report: { ticket, contactId: id("late") } };
  };

  it("counts for nothing once the guest's chats have moved to somebody else", async () => {
    const { browser, guest, report } = await signInBeforeAnyChat();
    const { ticket } = await guest.token();
    await guest.report({ ticket, contactId: id("guest") });
    await guest.token(as("anna"));
    await expectRefused(browser.report(report), 403, "TICKET_NOT_YOURS");
  });

  it("counts for nothing once the guest was forgotten", async () => {
    const { browser, guest, report } = await signInBeforeAnyChat();
    await forget(guest);
    await expectRefused(browser.report(report), 403, "TICKET_EXPIRED");
  });
});

describe("a guest's ticket from after the sign-in, by a place of KV that does not know of it yet", () => {
  it("brings no chat into the customer's record, and undoes nothing", async () => {
    const { before, browser, guestKey } = await chatAsGuest();
    await browser.token(as("anna"));
    await control(worker, { kvShows: "nothing", clockOffsetSeconds: 100 });
    const { ticket } = await before.token();
    await control(worker, { clockOffsetSeconds: 100 });
    expect((await before.report({ ticket, contactId: id("after") })).status).toBe(201);
    expect((await recordOf(await keyOfCustomer("anna"))).sessions).toHaveLength(1);
    expect((await recordOf(guestKey)).sessions[0]).toMatchObject({ contactId: id("after") });
    expect(await moveOf(guestKey)).toContain(await keyOfCustomer("anna"));
    expect(await offered(before, as("bob"))).toMatchObject(NOTHING);
  });
});
