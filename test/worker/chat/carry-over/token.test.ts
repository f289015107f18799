import { describe, expect, it } from "vitest";
import { TOKEN_TRY_MS } from "../../../../src/limits.ts";
import { control, observe } from "../../instrumented.ts";
import { chat, forget, NOTHING, offered, sha256 } from "../../visitor-steps.ts";
import { useSigningIn } from "./signing-in.ts";

const { as, chatAsGuest, id, keyOfCustomer, moveOf, newBrowser, recordOf, worker } = useSigningIn();

describe("POST /_chat/token with CARRY_OVER, after a guest's chat", () => {
  it("offers the customer that chat, in this browser and in every other", async () => {
    const { browser } = await chatAsGuest();
    expect(await offered(browser, as("anna"))).toMatchObject({ contactId: id("guest"), contactIdFallback: "none" });
    expect(await offered(browser, as("anna"))).toMatchObject({ contactId: id("guest") });
    expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactId: id("guest") });
  });

  it("puts it among the customer's own chats, by time", async () => {
    await chat(newBrowser(), id("own"), as("anna"));
    await control(worker, { clockOffsetSeconds: 10 });
    const { browser } = await chatAsGuest();
    expect(await offered(browser, as("anna"))).toMatchObject({ contactId: id("guest"), contactIdFallback: id("own") });
  });

  it("notes with the guest that it has moved, and with the customer where it comes from", async () => {
    const { browser, guestKey } = await chatAsGuest();
    await offered(browser, as("anna"));
    const key = await keyOfCustomer("anna");
    const owned = [sha256(id("guest"))];
    expect(await moveOf(guestKey)).toMatch(new RegExp(`^\\d{10} ${key}$`));
    expect(await recordOf(key)).toMatchObject({
      sessions: [{ contactId: id("guest"), takenFrom: guestKey }],
      owned,
      tookOver: [guestKey],
    });
  });

  it("costs one read as ever, and two writes, once", async () => {
    const { browser } = await chatAsGuest();
    await control(worker, {});
    await browser.token(as("anna"));
    expect((await observe(worker)).calls).toEqual(["get visitor", "put erased", "put visitor"]);
    expect((await observe(worker)).counted).toContain("history.carried-over");
    await control(worker, {});
    await browser.token(as("anna"));
    expect((await observe(worker)).calls).toEqual(["get visitor"]);
  });

  it("costs a customer nothing in a browser without a guest's chat", async () => {
    const browser = newBrowser();
    await browser.token(as("anna"));
    await browser.token(as("anna"));
    expect((await observe(worker)).calls).toEqual(["get visitor", "get visitor"]);
  });

  it("logs how many chats, and nothing else", async () => {
    const { browser } = await chatAsGuest();
    await browser.token(as("anna"));
    expect(worker.logs).toContainEqual({
      level: "info",
      event: "history.carried-over",
      reason: "signed-in",
      sessions: 1,
    });
  });

  it("takes them over for a chat that starts fresh too, which continues none", async () => {
    const { browser } = await chatAsGuest();
    expect(await offered(browser, { ...as("anna"), fresh: true })).toMatchObject(NOTHING);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactId: id("guest") });
  });

  it("gives the same customer the same again where the answer was lost", async () => {
    const { before, browser } = await chatAsGuest();
    await browser.token(as("anna"));
    expect(await offered(before, as("anna"))).toMatchObject({ contactId: id("guest"), contactIdFallback: "none" });
  });

  it.each([
    ["a chat that began an hour ago", 3590, { contactId: "guest" }],
    ["no chat that began more than an hour ago", 3610, NOTHING],
  ])("takes over %s", async (_what, clockOffsetSeconds, expected) => {
    const { browser } = await chatAsGuest();
    await control(worker, { clockOffsetSeconds });
    const token = as("anna", clockOffsetSeconds);
    const contactId = expected.contactId === "guest" ? id("guest") : "none";
    expect(await offered(browser, token)).toMatchObject({ contactId });
  });
});

describe("POST /_chat/token with CARRY_OVER, takes over nothing", () => {
  it("for a second customer, also by a copy of the cookie from before", async () => {
    const { before, browser } = await chatAsGuest();
    await browser.token(as("anna"));
    expect(await offered(before, as("bob"))).toMatchObject(NOTHING);
    expect(await offered(browser, as("bob"))).toMatchObject(NOTHING);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactId: id("guest") });
  });

  it("of another customer", async () => {
    const browser = newBrowser();
    await chat(browser, id("annas"), as("anna"));
    expect(await offered(browser, as("bob"))).toMatchObject(NOTHING);
  });

  it("for nobody: a copy of the guest's cookie names a new visitor afterwards", async () => {
    const { before, browser, guestKey } = await chatAsGuest();
    await browser.token(as("anna"));
    const attributes = await offered(before);
    expect(attributes).toMatchObject(NOTHING);
    expect(attributes["persistentChatVisitor"]).not.toBe(guestKey);
  });

  it("after a sign-out, even if the guest's cookie comes back", async () => {
    const { browser } = await chatAsGuest();
    browser.cookie += "; __Host-chat-left=AAAAAAAAAAAAAAAAAAAAAA";
    expect(await offered(browser, as("anna"))).toMatchObject(NOTHING);
  });

  it("of a guest who was forgotten", async () => {
    const { before, browser } = await chatAsGuest();
    await forget(browser);
    expect(await offered(before, as("anna"))).toMatchObject(NOTHING);
  });

  it("that is older than the customer's own wish to be forgotten", async () => {
    const { before, browser } = await chatAsGuest();
    await browser.token(as("anna"));
    await forget(browser);
    expect(await offered(before, as("anna"))).toMatchObject(NOTHING);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject(NOTHING);
  });

  it("while CARRY_OVER is off", async () => {
    await control(worker, { settings: { CARRY_OVER: "0" } });
    const { browser } = await chatAsGuest();
    await control(worker, { settings: { CARRY_OVER: "0" } });
    expect(await offered(browser, as("anna"))).toMatchObject(NOTHING);
    expect((await observe(worker)).calls).toEqual(["get visitor"]);
  });

  it("without consent", async () => {
    const settings = { CONSENT_COOKIE: "consent=yes" };
    const { browser } = await chatAsGuest();
    await control(worker, { settings });
    expect(await offered(browser, as("anna"))).toMatchObject(NOTHING);
    expect((await observe(worker)).calls).toEqual([]);
  });
});

describe("POST /_chat/token with CARRY_OVER, after KV did not take the customer's record", () => {
  /** A customer whose token continues the guest's chat, which the record lacks. */
  const signInHalf = async () => {
    const { browser } = await chatAsGuest();
    await control(worker, { kv: "fails", kvCalls: "put", kvSpares: 1 });
    const { ticket } = await browser.token(as("anna"));
    await control(worker, {});
    return { browser, ticket };
  };

  it("writes it, without a second note of the move, and once", async () => {
    const { browser } = await signInHalf();
    expect(await offered(browser, as("anna"))).toMatchObject({ contactId: id("guest"), contactIdFallback: "none" });
    await browser.token(as("anna"));
    expect((await observe(worker)).calls).toEqual(["get visitor", "put visitor", "get visitor"]);
    expect(await offered(newBrowser(), as("anna"))).toMatchObject({ contactId: id("guest") });
  });

  it("has it written by the report of the chat", async () => {
    const { browser, ticket } = await signInHalf();
    expect((await browser.report({ ticket, contactId: id("next") })).status).toBe(201);
    const both = { contactId: id("next"), contactIdFallback: id("guest") };
    expect(await offered(newBrowser(), as("anna"))).toMatchObject(both);
    await control(worker, {});
    expect(await offered(browser, as("anna"))).toMatchObject(both);
    expect((await observe(worker)).calls).toEqual(["get visitor"]);
  });

  it("leaves the move to the next token where KV did not take that either", async () => {
    const { browser } = await chatAsGuest();
    await control(worker, { kv: "fails", kvCalls: "put" });
    const { ticket } = await browser.token(as("anna"));
    await control(worker, {});
    await browser.report({ ticket, contactId: id("next") });
    expect((await observe(worker)).calls).not.toContain("put erased");
    expect(await offered(browser, as("anna"))).toMatchObject({ contactIdFallback: id("guest") });
  });
});

describe("POST /_chat/token with CARRY_OVER, while KV's writes hang", () => {
  it.each([0, 1])("answers within one try of the browser (after %d writes)", async (kvSpares) => {
    const { browser } = await chatAsGuest();
    await control(worker, { kv: "hangs", kvCalls: "put", kvSpares });
    const begun = Date.now();
    await browser.token(as("anna"));
    expect(Date.now() - begun).toBeLessThan(TOKEN_TRY_MS);
  });
});

describe("the cookie of a customer who has taken over chats", () => {
  it("stays below 4,096 characters, with the longest contact ids", async () => {
    const browser = newBrowser();
    for (const [offset, name] of ["x", "y", "z"].entries()) {
      await control(worker, { clockOffsetSeconds: offset });
      await chat(browser, `${name}${id("")}`.padEnd(256, name));
    }
    await control(worker, { kv: "fails", kvCalls: "put" });
    await browser.token(as("anna"));
    expect(browser.cookie.length).toBeLessThan(4096);
    await control(worker, {});
    expect((await offered(browser, as("anna")))["contactId"]).toHaveLength(256);
    expect(browser.cookie.length).toBeLessThan(4096);
  });
});
