import { beforeAll, describe, expect, it } from "vitest";
import { widgetId } from "../../playground/playground.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { type ChatPage, openChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { knows, withAuthenticate } from "./customers.ts";
import { WAITING_REPORTS } from "./steps.ts";

const here = useChatPages();
/** Connect's time for a transcript, and some more. */
const READY_MS = 1500;

const ownSnippet = () => withAuthenticate(here.playground.connect.snippet);

const newest = () => here.playground.connect.contacts()[0] ?? expect.unreachable("no contact yet");
const allReported = ({ page }: ChatPage) => expect.poll(() => page.evaluate(WAITING_REPORTS)).toBe(0);
/** A chat from beginning to end, until its transcript is there. */
async function chatOnce(tab: ChatPage, text: string): Promise<string> {
  await tab.open();
  await tab.say(text);
  const { contactId } = newest();
  await allReported(tab);
  await tab.end();
  await allReported(tab);
  await tab.page.waitForTimeout(READY_MS);
  return contactId;
}

/** Adds a page for a guest and for each customer, each with names of this test. */
function addPages(kind: "script" | "page") {
  const test = crypto.randomUUID();
  const paths = { guest: `/${kind}`, ada: `/${kind}/ada-${test}`, ben: `/${kind}/ben-${test}` };
  const snippet = kind === "page" ? ownSnippet() : "";
  here.pages[paths.guest] = `<body>${knows(null)}${snippet}A page</body>`;
  here.pages[paths.ada] = `<body>${knows(`ada-${test}`)}${snippet}A page</body>`;
  here.pages[paths.ben] = `<body>${knows(`ben-${test}`)}${snippet}A page</body>`;
  return paths;
}

const positions = [
  { kind: "script", linkBy: "flow" },
  { kind: "script", linkBy: "worker" },
  { kind: "page", linkBy: "flow" },
  { kind: "page", linkBy: "worker" },
] as const;

// Where a busy machine makes Amazon answer too late, the browser asks again 10 seconds later.
describe.each(positions)(
  "with CARRY_OVER, the widget by $kind and LINK_BY=$linkBy",
  { timeout: 90_000 },
  (position) => {
    const { kind, linkBy } = position;
    const worker: RunningWorker = here.useWorker(
      () => ({
        ...(kind === "page" ? { WIDGET_SNIPPET: "page", WIDGET_ID: widgetId } : { WIDGET_SNIPPET: ownSnippet() }),
        LINK_BY: linkBy,
        CARRY_OVER: "1",
        READY_AFTER_SECONDS: "1",
        RESUME_MINUTES: "0",
      }),
      { aws: linkBy === "worker" },
    );
    let paths: ReturnType<typeof addPages>;
    beforeAll(() => {
      paths = addPages(kind);
    });

    it("shows who signs in the chat of before, and keeps it from the next customer", async () => {
      const past = await chatOnce(await here.visit(paths.guest, worker), "I am not signed in yet");
      const ada = await here.visit(paths.ada, worker);
      await ada.open();
      await ada.shows("I am not signed in yet");
      await ada.say("now I am");
      await expect.poll(() => newest().relatedContactId).toBe(past);
      await allReported(ada);
      await ada.end();
      const ben = await here.visit(paths.ben, worker);
      await ben.open();
      await ben.say("and I am Ben");
      await ben.page.waitForTimeout(READY_MS);
      expect(await ben.messages()).toEqual(["and I am Ben"]);
      await allReported(ben);
      await ben.end();

      const elsewhere = await here.newContext();
      const atHome = await openChatPage(elsewhere, worker.origin + paths.ada);
      await atHome.open();
      await atHome.shows("I am not signed in yet");
      await atHome.shows("now I am");
      await elsewhere.close();
    });
  },
);

describe("with CARRY_OVER, in two tabs", () => {
  const worker = here.useWorker(() => ({ WIDGET_SNIPPET: ownSnippet(), CARRY_OVER: "1", RESUME_MINUTES: "0" }));

  it("reports the end of a guest's chat in one tab, after the customer has signed in in another", async () => {
    const paths = addPages("script");
    const [guest, ada] = [await here.visit(paths.guest, worker), await here.visit(paths.ada, worker)];
    await guest.open();
    await guest.say("still a guest");
    const { contactId } = newest();
    await allReported(guest);
    await ada.page.waitForTimeout(1100);
    await ada.open();
    expect(newest().attributes["contactId"]).toBe(contactId);
    await allReported(ada);
    await guest.end();
    await allReported(guest);
    expect(here.calls.filter((call) => call.startsWith("POST contacts"))).toEqual(Array(3).fill("POST contacts 201"));
  });

  it("brings a guest's chat whose report waited until then", async () => {
    const paths = addPages("script");
    const guest = await here.visit(paths.guest, worker);
    await here.context.route("**/_chat/contacts", (route) => route.abort());
    await guest.open();
    await guest.say("offline for a moment");
    const { contactId } = newest();
    const ada = await here.visit(paths.ada, worker);
    // A new tab takes the live chat over.
    await ada.shows("offline for a moment");
    await ada.end();
    await ada.page.waitForTimeout(1100);
    await ada.open();
    expect(newest().attributes["contactId"]).toBe("none");
    await here.context.unroute("**/_chat/contacts");
    await ada.end();
    await ada.page.reload();
    await allReported(ada);
    expect(here.calls.filter((call) => call.startsWith("POST contacts 4"))).toEqual([]);
    await ada.open();
    const { attributes } = newest();
    expect([attributes["contactId"], attributes["contactIdFallback"]]).toContain(contactId);
  });
});

describe("with CARRY_OVER and the shop's own login", () => {
  it("keeps the thread of whoever signs in, and of nobody who signs in after a sign-out", async () => {
    const shop = await here.playground.addWorker({
      port: 0,
      hostname: "127.0.0.1",
      customers: true,
      aws: true,
      vars: { CARRY_OVER: "1", SIGN_OUT_PATHS: "/account/sign-out", READY_AFTER_SECONDS: "1" },
    });
    const signIn = async ({ page }: ChatPage, name: string) => {
      await page.goto(`${shop.origin}/account`);
      await page.getByRole("button", { name: `Sign in as ${name}` }).click();
      await page.locator("[data-customer]").waitFor();
    };
    const tab = await openChatPage(here.context, shop.origin);
    await chatOnce(tab, "which tea for the morning?");
    await signIn(tab, "Ada");
    await tab.open();
    await tab.shows("which tea for the morning?");
    await tab.end();
    await tab.page.goto(`${shop.origin}/account/sign-out`);
    await chatOnce(tab, "a guest after Ada");
    await tab.page.goto(`${shop.origin}/account/sign-out`);
    await signIn(tab, "Ben");
    await tab.open();
    expect(newest().attributes).toMatchObject({ contactId: "none", contactIdFallback: "none" });
  });
});
