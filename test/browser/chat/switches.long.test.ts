import { type BrowserContext } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ContactView } from "../../playground/connect/connect.ts";
import { isSwitchName, switchPositions, type Switches } from "../../playground/connect/switches.ts";
import { type ChatPage, openChatPage } from "../chat-page.ts";
import { useBrowser, usePlayground } from "../use-chat-pages.ts";

const TRANSCRIPT_DELAY_SECONDS = 1;

const playground = usePlayground({
  transcriptDelaySeconds: TRANSCRIPT_DELAY_SECONDS,
  // One second more: the Worker counts whole seconds.
  vars: { READY_AFTER_SECONDS: String(TRANSCRIPT_DELAY_SECONDS + 1) },
});
const browser = useBrowser();

type Position = Partial<Record<keyof Switches, string>>;

const names = Object.keys(switchPositions).filter(isSwitchName);

/** Every position of every switch, the others at their defaults. */
const singlePositions: Position[] = names.flatMap((name) => {
  const [, ...others] = switchPositions[name];
  return others.map((position) => ({ [name]: position }));
});

/** Random positions of all switches; each mix has a fixed seed. */
const mixes: Position[] = [1, 2, 3, 4, 5].map((seed) => {
  let state = seed;
  const next = (count: number) => {
    // The multiplier of "minimal standard" random number generators (Park and Miller).
    state = (state * 48_271) % 2_147_483_647;
    return state % count;
  };
  return Object.fromEntries(names.map((name) => [name, switchPositions[name][next(switchPositions[name].length)]]));
});

const variants = [
  { title: "everything at its default", position: {} },
  ...singlePositions.map((position) => ({ title: JSON.stringify(position), position })),
  ...mixes.map((position, index) => ({ title: `mix ${index + 1}: ${Object.values(position).join(", ")}`, position })),
];

describe.each(variants)("Connect with $title", ({ position }) => {
  let context: BrowserContext;
  let visit: ChatPage;
  const initialContacts: string[] = [];

  beforeEach(() => Object.assign(playground.connect.switches, position));
  beforeAll(async () => {
    Object.assign(playground.connect.switches, position);
    context = await browser.newContext();
    visit = await openChatPage(context, playground.worker.origin);
  });
  afterAll(() => context.close());

  /** The visitor's newest chat, as the agent sees it. */
  const currentContact = (): ContactView => {
    const [newest] = playground.connect.contacts();
    if (newest === undefined) throw new Error("no contact yet");
    return newest;
  };
  const talk = (contact = currentContact()) =>
    contact.transcript.filter(({ from }) => from !== "system").map(({ text }) => text);
  const transcriptReady = () => new Promise((resolve) => setTimeout(resolve, TRANSCRIPT_DELAY_SECONDS * 1000 + 200));
  /** Waits until the Worker has every report, also of the end. */
  const reported = () =>
    visit.page.waitForFunction(
      () => !Object.keys(localStorage).some((key) => key.startsWith("persistent-chat:report")),
    );
  const begin = async (text: string) => {
    await visit.open();
    await visit.say(text);
    initialContacts.push(currentContact().initialContactId);
  };

  it("starts without history at the first visit", async () => {
    await begin("first");
    expect(currentContact().relatedContactId).toBeNull();
    expect(talk()).toEqual(["first"]);
  });

  it("keeps the live chat over reload and navigation", async () => {
    const before = playground.connect.contacts().length;
    await visit.page.reload();
    await visit.shows("first");
    await visit.page.goto(`${playground.worker.origin}/about`);
    await visit.say("still there");
    expect(playground.connect.contacts()).toHaveLength(before);
    expect(talk()).toEqual(["first", "still there"]);
  });

  it("brings the first chat along at the second visit", async () => {
    await visit.end();
    await reported();
    await transcriptReady();
    await visit.page.goto(playground.worker.origin);
    await begin("second");
    await expect.poll(() => talk()).toEqual(["first", "still there", "second"]);
    expect(currentContact().relatedContactId).toBe(initialContacts[0]);
    await expect.poll(() => visit.messages()).toEqual(["first", "still there", "second"]);
  });

  it("continues from a chat's first contact after a transfer, a survey and a reload", async () => {
    const { contactId } = currentContact();
    playground.connect.agent.say(contactId, "one moment");
    playground.connect.agent.transfer(contactId);
    await visit.page.reload();
    await visit.shows("one moment");
    await visit.say("transferred");
    playground.connect.agent.survey(contactId);
    await visit.end();
    await reported();
    await transcriptReady();
    await begin("third");
    await expect.poll(() => talk()).toEqual(["first", "still there", "second", "one moment", "transferred", "third"]);
    expect(currentContact().relatedContactId).toBe(initialContacts[1]);
  });

  it("waits for the transcript of a visitor who comes back at once", async () => {
    playground.connect.agent.end(currentContact().contactId);
    await visit.chat.locator("[data-role=close]").click();
    await reported();
    await begin("fourth");
    expect(currentContact().attributes["chatContinue"]).toBe("wait");
    await expect.poll(() => talk().length, { timeout: 5000 }).toBe(7);
    expect(currentContact().relatedContactId).toBe(initialContacts[2]);
  });

  it("shares nothing with another browser", async () => {
    const other = await browser.newContext();
    const theirs = await openChatPage(other, playground.worker.origin);
    await theirs.open();
    await theirs.say("somebody else");
    const { attributes } = currentContact();
    expect(attributes).toMatchObject({ contactId: "none", contactIdFallback: "none", chatContinue: "none" });
    expect(talk()).toEqual(["somebody else"]);
    expect(await theirs.messages()).toEqual(["somebody else"]);
    await theirs.end();
    await other.close();
  });
});
