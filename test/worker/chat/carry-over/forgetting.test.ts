import { describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { chat, copyOf, forget, NOTHING, offered } from "../../visitor-steps.ts";
import { useSigningIn } from "./signing-in.ts";

const { as, chatAsGuest, id, keyOfCustomer, moveOf, newBrowser, recordOf, worker } = useSigningIn();

describe("a customer's wish to be forgotten", () => {
  it("forgets the guests whose chats were taken over", async () => {
    const { browser, guestKey } = await chatAsGuest();
    await browser.token(as("anna"));
    await forget(browser);
    expect(Object.keys((await observe(worker)).stored)).toContain(`erased:${guestKey}`);
    expect(await moveOf(guestKey)).toMatch(/^\d+$/);
    expect(await recordOf(await keyOfCustomer("anna"))).not.toHaveProperty("tookOver");
  });

  it("is also the wish of the guest whose browser missed the answer", async () => {
    const { before, browser } = await chatAsGuest();
    await browser.token(as("anna"));
    await forget(before);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject(NOTHING);
    expect(await offered(browser, as("anna"))).toMatchObject(NOTHING);
  });

  it("is also the wish of the guest that this browser was, although nothing moved", async () => {
    const { before, browser, guestKey } = await chatAsGuest();
    await control(worker, { clockOffsetSeconds: 4000 });
    await browser.token(as("anna", 4000));
    await forget(browser);
    expect(await recordOf(guestKey)).toMatchObject({ sessions: [], erasedAt: expect.any(Number) });
    expect(await offered(before)).toMatchObject(NOTHING);
  });

  it("is not the wish of this browser's guest who is another customer now", async () => {
    const { before, browser, guestKey } = await chatAsGuest();
    await control(worker, { clockOffsetSeconds: 4000 });
    await browser.token(as("anna", 4000));
    await control(worker, {});
    await before.token(as("bob"));
    await forget(browser);
    expect(await moveOf(guestKey)).toContain(await keyOfCustomer("bob"));
    expect(await offered(newBrowser(), as("bob"))).toMatchObject({ contactId: id("guest") });
  });

  it("writes nothing more about guests who are forgotten already", async () => {
    const { browser } = await chatAsGuest();
    await browser.token(as("anna"));
    await forget(browser);
    await control(worker, {});
    await forget(browser);
    expect((await observe(worker)).calls).toEqual(["get visitor", "get visitor", "put erased", "put visitor"]);
  });

  it("forgets more guests than one call of KV can read", async () => {
    const { browser } = await chatAsGuest();
    await browser.token(as("anna"));
    const key = await keyOfCustomer("anna");
    const tookOver = Array.from({ length: 50 }, (_, guest) => String(guest).padStart(64, "a"));
    await control(worker, { store: { [`visitor:${key}`]: JSON.stringify({ ...(await recordOf(key)), tookOver }) } });
    expect((await forget(browser)).status).toBe(204);
    const { stored } = await observe(worker);
    expect(tookOver.filter((guest) => stored[`erased:${guest}`] === undefined)).toEqual([]);
  });

  it("covers a chat that began by a clock ahead, on every device and for good", async () => {
    const browser = newBrowser();
    await control(worker, { clockOffsetSeconds: 20 });
    await chat(browser, id("guest"));
    await control(worker, {});
    await browser.token(as("anna"));
    const missed = copyOf(browser);
    const phone = newBrowser();
    await phone.token(as("anna"));
    await forget(phone);
    await control(worker, { clockOffsetSeconds: 30 });
    expect(await offered(missed, as("anna", 30))).toMatchObject(NOTHING);
    expect(await offered(newBrowser(), as("anna", 30))).toMatchObject(NOTHING);
  });

  it("covers such a chat also where KV does not show it yet", async () => {
    const browser = newBrowser();
    await control(worker, { clockOffsetSeconds: 20 });
    await chat(browser, id("guest"));
    await control(worker, {});
    await browser.token(as("anna"));
    await control(worker, { kvShows: "nothing" });
    await forget(browser);
    await control(worker, { clockOffsetSeconds: 30 });
    expect(await offered(browser, as("anna", 30))).toMatchObject(NOTHING);
  });
});

describe("a guest's wish to be forgotten, which a place of KV does not know yet where a customer signs in", () => {
  it("stands, also if that place has noted a move", async () => {
    const { before, browser, guestKey } = await chatAsGuest();
    await forget(before);
    // The write of the customer's record fails.
    await control(worker, { kvShows: "nothing", kv: "fails", kvCalls: "put", kvSpares: 1 });
    await browser.token(as("anna"));
    await control(worker, {});
    expect(await moveOf(guestKey)).toContain(await keyOfCustomer("anna"));
    for (const visitor of [browser, copyOf(before), newBrowser()]) {
      expect(await offered(visitor, as("anna"))).toMatchObject(NOTHING);
    }
    expect(await offered(before)).toMatchObject(NOTHING);
  });

  it("reaches that customer when it is said again", async () => {
    const { before, browser } = await chatAsGuest();
    await forget(before);
    await control(worker, { kvShows: "nothing" });
    await browser.token(as("anna"));
    await control(worker, {});
    await forget(before);
    expect(await offered(browser, as("anna"))).toMatchObject(NOTHING);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject(NOTHING);
  });
});
