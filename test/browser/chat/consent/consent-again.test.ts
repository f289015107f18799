import { describe, expect, it } from "vitest";
import { control, observe } from "../../../worker/instrumented.ts";
import { type ChatPage } from "../../chat-page.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { knows, withAuthenticate } from "../customers.ts";
import { createSteps } from "../steps.ts";
import { createConsentSteps, say } from "./consent-steps.ts";

const here = useChatPages(
  { CONSENT_COOKIE: "page", RESUME_MINUTES: "30", SIGN_OUT_PATHS: "/bye" },
  { "/bye": "<body><p>Signed out</p></body>" },
);
const withCustomers = here.useWorker(() => ({ WIDGET_SNIPPET: withAuthenticate(here.playground.connect.snippet) }));
const { countReports, goTo, hold, newest, ownCookies, reported } = createSteps(here);
const { agreeAgain, becomes } = createConsentSteps(here);

/** Agrees, and has a chat that is over. */
async function chatOnce(tab: ChatPage): Promise<string | undefined> {
  await say(tab.page, true);
  await tab.open();
  await tab.say("of the first person");
  await tab.end();
  await reported(2);
  return newest()?.contactId;
}

/** Opens the chat, and waits until the widget has asked for a token. */
async function press({ button, page }: ChatPage): Promise<void> {
  await page.evaluate("sessionStorage.removeItem('persistent-chat:asked')");
  await button.click();
  await page.waitForFunction("sessionStorage.getItem('persistent-chat:asked') !== null");
}

describe("a token that is on its way", () => {
  it("opens no chat with the first person's history after a refusal and a new agreement", async () => {
    const tab = await here.visit();
    const contactId = await chatOnce(tab);
    const token = await hold("**/_chat/token");
    await tab.button.click();
    await token.reached;
    await agreeAgain(tab.page);
    token.release();
    await tab.chat.locator("[data-role=error][data-status='401']").waitFor();
    expect(newest()?.contactId).toBe(contactId);
    expect(countReports()).toBe(2);
  });

  it("still opens the chat of a visitor who had refused, and agrees meanwhile", async () => {
    const tab = await here.visit();
    await say(tab.page, false);
    const token = await hold("**/_chat/token");
    await tab.button.click();
    await token.reached;
    await say(tab.page, true);
    token.release();
    await tab.say("goes on");
  });

  it("is not that of a chat after the first agreement, which is recorded", async () => {
    here.playground.connect.switches.authenticateWithoutChat = "yes";
    const token = await hold("**/_chat/token");
    const tab = await here.visit();
    await token.reached;
    await say(tab.page, true);
    await press(tab);
    token.release();
    await tab.say("with consent");
    await reported(1);
  });

  it("for a refusal is not that of a chat after a new agreement, which is recorded", async () => {
    const tab = await here.visit();
    await chatOnce(tab);
    const token = await hold("**/_chat/token");
    await say(tab.page, false);
    await token.reached;
    await say(tab.page, true);
    await press(tab);
    token.release();
    await tab.say("with consent again");
    await reported(3);
  });
});

describe("after a refusal and a new agreement", () => {
  it("a chat goes on in a new tab, and its end is reported, though the clock was ahead at the agreement", async () => {
    const tab = await here.visit();
    await tab.page.evaluate("document.cookie = `__Host-chat-consent=1.${Date.now() + 3600000};path=/;secure`");
    await tab.open();
    await tab.say("of the second person");
    await reported(1);
    const other = await here.visit();
    await other.shows("of the second person");
    await tab.end();
    await reported(2);
  });

  it("a customer has their history in the next chat of the same page", async () => {
    here.pages["/customer"] = `<body>${knows(`ada-${crypto.randomUUID()}`)}A page</body>`;
    const tab = await here.visit("/customer", withCustomers);
    const contactId = await chatOnce(tab);
    await say(tab.page, false);
    await expect.poll(ownCookies).toEqual(["__Host-chat-consent"]);
    await say(tab.page, true);
    await becomes(/^1\.\d{13}$/);
    await tab.open();
    expect(newest()?.attributes["contactId"]).toBe(contactId);
  });

  it("a wish to be forgotten that waited is done, also in a browser that has signed out before", async () => {
    const tab = await here.visit("/bye");
    await goTo(tab, "/");
    await chatOnce(tab);
    await control(here.playground.worker, { kv: "fails", kvCalls: "put" });
    expect(await tab.page.evaluate("persistentChat.consent(false); persistentChat.forget()")).toBe(false);
    await say(tab.page, true);
    here.calls.length = 0;
    await tab.page.reload();
    await expect.poll(() => here.calls).toContain("DELETE visitor 503");
    await control(here.playground.worker, {});
    await tab.page.reload();
    await expect.poll(async () => (await observe(here.playground.worker)).calls).toContain("put erased");
  });
});
