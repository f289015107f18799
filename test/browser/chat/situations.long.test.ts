import { type Page } from "playwright-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SETTLING_SECONDS } from "../../../src/limits.ts";
import { type Switches } from "../../playground/connect/switches.ts";
import { instrumentedEntry } from "../../worker/instrumented.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { type ChatPage, openChatPage } from "../chat-page.ts";
import { useBrowser, usePlayground } from "../use-chat-pages.ts";

const TRANSCRIPT_DELAY_SECONDS = 1;
const DAY_MS = 86_400_000;
const SETTLED_MS = (SETTLING_SECONDS + 1) * 1000;
const SIGN_OUT = { SIGN_OUT_PATHS: "/account/sign-out" };

// The clock of an instrumented Worker can be moved.
const instrumented = { port: 0, entry: instrumentedEntry, vars: SIGN_OUT };
const playground = usePlayground({ ...instrumented, transcriptDelaySeconds: TRANSCRIPT_DELAY_SECONDS });
const browser = useBrowser();
/** Asks Amazon who owns a contact. */
let checking: RunningWorker;
/** Its snippet has the shop's own `authenticate`. */
let forCustomers: RunningWorker;
/** The same, without SIGN_OUT_PATHS. */
let withoutSignOut: RunningWorker;

beforeAll(async () => {
  const customers = { port: 0, customers: true, aws: true, hostname: "127.0.0.1" } as const;
  [checking, forCustomers, withoutSignOut] = await Promise.all([
    playground.addWorker({ ...instrumented, aws: true }),
    // As `npm start` has it.
    playground.addWorker({ ...customers, vars: { ...SIGN_OUT, CARRY_OVER: "1" } }),
    playground.addWorker(customers),
  ]);
});

const newest = () => playground.connect.contacts()[0] ?? expect.unreachable("no contact yet");
/** All messages that the agent sees, oldest first. */
const talk = () => newest().transcript.flatMap(({ from, text }) => (from === "system" ? [] : text));
const visit = (worker: RunningWorker, path = "/", within = browser.context): Promise<ChatPage> =>
  openChatPage(within, worker.origin + path);
const reported = (page: Page) =>
  page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith("persistent-chat:report")));
const begin = async ({ open, say }: ChatPage, text: string) => {
  await open();
  await say(text);
};
/** A chat from beginning to end, until its transcript is there. */
const chatOnce = async (tab: ChatPage, text: string): Promise<string> => {
  await begin(tab, text);
  const { contactId } = newest();
  await tab.end();
  await reported(tab.page);
  await tab.page.waitForTimeout(TRANSCRIPT_DELAY_SECONDS * 1000 + 200);
  return contactId;
};
const nothing = { contactId: "none", contactIdFallback: "none", chatContinue: "none", chatWaitSeconds: "0" };

describe.each<Partial<Switches>>([{}, { secondLink: "refused" }])("a link that fails, Connect with %j", (position) => {
  it("falls back to the chat before where Connect allows it, and the next chat continues this one", async () => {
    Object.assign(playground.connect.switches, position);
    const tab = await visit(playground.worker);
    await chatOnce(tab, "one");
    await chatOnce(tab, "two");
    playground.connect.agent.spoil();
    const third = await chatOnce(tab, "three");
    const expected = position.secondLink === "refused" ? ["three"] : ["one", "three"];
    expect(talk()).toEqual(expected);
    await begin(tab, "four");
    await expect.poll(talk).toEqual([...expected, "four"]);
    expect(newest().relatedContactId).toBe(third);
  });
});

describe.each<Partial<Switches>>([
  {},
  { secondLink: "refused" },
  { emptySource: "success" },
  { emptySource: "success", secondLink: "refused" },
])("a contact that Connect does not know, Connect with %j", (position) => {
  const isFallbackTried = position.emptySource !== "success" && position.secondLink !== "refused";

  it(`starts the chat ${isFallbackTried ? "with the one before" : "without history"}`, async () => {
    Object.assign(playground.connect.switches, position);
    const tab = await visit(playground.worker);
    await chatOnce(tab, "one");
    playground.connect.agent.forget(await chatOnce(tab, "two"));
    await begin(tab, "three");
    await expect.poll(talk).toEqual(isFallbackTried ? ["one", "three"] : ["three"]);
    await tab.say("still here");
  });

  it("is never handed out where Amazon is asked first", async () => {
    Object.assign(playground.connect.switches, position);
    const tab = await visit(checking);
    const known = await chatOnce(tab, "one");
    playground.connect.agent.forget(await chatOnce(tab, "two"));
    // Amazon may not know a contact that has just begun: that tells nothing yet.
    await playground.moveClock(SETTLED_MS);
    try {
      await begin(tab, "three");
      expect(newest().attributes).toMatchObject({ contactId: known, contactIdFallback: "none" });
      await expect.poll(talk).toEqual(["one", "three"]);
    } finally {
      await playground.moveClock(-SETTLED_MS);
    }
  });
});

describe("a chat older than the retention", () => {
  it("is not offered, and a newer chat is", async () => {
    const tab = await visit(checking);
    await chatOnce(tab, "a year ago");
    await playground.moveClock(366 * DAY_MS);
    try {
      await begin(tab, "today");
      expect(newest().attributes).toMatchObject(nothing);
      await tab.end();
      await reported(tab.page);
      await tab.page.waitForTimeout(TRANSCRIPT_DELAY_SECONDS * 1000 + 200);
      await begin(tab, "again");
      await expect.poll(talk).toEqual(["today", "again"]);
    } finally {
      await playground.moveClock(-366 * DAY_MS);
    }
  });
});

describe.each<Partial<Switches>>([
  {},
  { authenticateOnResume: "yes" },
  { metadataHandler: "repeats" },
  { metadataHandler: "never", initialContactIdInEvents: "no" },
  { authenticateWithoutChat: "yes" },
  { customerEnd: "left-only" },
])("signing out, Connect with %j", (position) => {
  it("clears what this browser knows, and the next visitor starts without history", async () => {
    Object.assign(playground.connect.switches, position);
    const tab = await visit(playground.worker);
    await chatOnce(tab, "ended");
    await begin(tab, "live");
    await tab.page.goto(`${playground.worker.origin}/account/sign-out`);
    await begin(tab, "another visitor");
    expect(newest().attributes).toMatchObject(nothing);
    expect(talk()).toEqual(["another visitor"]);
    expect(await tab.messages()).toEqual(["another visitor"]);
    const other = await visit(playground.worker);
    await other.shows("another visitor");
  });
});

let chats = 0;
/** Different in each chat: the customers' chats of earlier tests are part of their history. */
const words = (name: "Ada" | "Ben") => `${name} ${++chats}`;

describe.each<Partial<Switches>>([
  {},
  { authenticateTwice: "yes" },
  { authenticateOnResume: "yes" },
  { repeatedField: "last" },
  { repeatedField: "both" },
  { nullToken: "starts-without" },
  { authenticateWithoutChat: "yes" },
])("customers who sign in, Connect with %j", (position) => {
  beforeEach(() => Object.assign(playground.connect.switches, position));

  const signIn = async (tab: ChatPage, name: "Ada" | "Ben") => {
    const { origin } = new URL(tab.page.url());
    await tab.page.goto(`${origin}/account`);
    await tab.page.getByRole("button", { name: `Sign in as ${name}` }).click();
    await tab.page.locator("[data-customer]").waitFor();
  };
  const signOut = (tab: ChatPage) => tab.page.goto(`${new URL(tab.page.url()).origin}/account/sign-out`);

  it("each continue their own chats on one browser", async () => {
    const tab = await visit(forCustomers);
    await signIn(tab, "Ada");
    const adas = await chatOnce(tab, words("Ada"));
    await signOut(tab);
    await signIn(tab, "Ben");
    await chatOnce(tab, words("Ben"));
    expect(Object.values(newest().attributes)).not.toContain(adas);
    expect(talk().join()).not.toContain("Ada");
    await signOut(tab);
    await signIn(tab, "Ada");
    const again = words("Ada");
    await begin(tab, again);
    expect(newest().attributes["contactId"]).toBe(adas);
    await expect.poll(() => talk().length).toBeGreaterThan(1);
    expect(talk().at(-1)).toBe(again);
    expect(talk().join()).not.toContain("Ben");
  });

  it("do not see each other's live chat where SIGN_OUT_PATHS is set", async () => {
    const tab = await visit(forCustomers);
    await signIn(tab, "Ada");
    await begin(tab, words("Ada"));
    await signOut(tab);
    await signIn(tab, "Ben");
    await begin(tab, words("Ben"));
    expect((await tab.messages()).join()).not.toContain("Ada");
  });

  it("continue their chats in another browser, and a live chat stays where it is", async () => {
    const tab = await visit(forCustomers);
    await signIn(tab, "Ada");
    const atHome = words("Ada");
    const first = await chatOnce(tab, atHome);
    await begin(tab, words("Ada"));
    await reported(tab.page);
    const elsewhere = await browser.newContext();
    const other = await visit(forCustomers, "/", elsewhere);
    await signIn(other, "Ada");
    expect(await other.page.locator("#amazon-connect-chat-widget-iframe").count()).toBe(0);
    await begin(other, words("Ada"));
    expect(newest().attributes["contactIdFallback"]).toBe(first);
    await elsewhere.close();
  });

  it("keep a live chat in new tabs, and not in a browser that was closed", async () => {
    const tab = await visit(forCustomers);
    await signIn(tab, "Ada");
    await begin(tab, "live");
    const other = await visit(forCustomers);
    await other.shows("live");
    await browser.reopen();
    expect(await (await visit(forCustomers)).showsNoChat()).toBe(true);
  });
});

describe("a live chat of a customer who signs out, without SIGN_OUT_PATHS", () => {
  it("stays on the screen, as README says", async () => {
    const tab = await visit(withoutSignOut, "/account");
    await tab.page.getByRole("button", { name: "Sign in as Ada" }).click();
    await begin(tab, "Ada's live chat");
    await tab.page.goto(`${withoutSignOut.origin}/account/sign-out`);
    await tab.shows("Ada's live chat");
    await tab.end();
  });
});
