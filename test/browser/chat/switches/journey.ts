import { type BrowserContext } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ContactView } from "../../../playground/connect/connect.ts";
import { isSwitchName, switchPositions, type Switches } from "../../../playground/connect/switches.ts";
import { type ChatPage, openChatPage } from "../../chat-page.ts";
import { type WorkerOptions } from "../../../playground/playground.ts";
import { useBrowser, usePlayground } from "../../use-chat-pages.ts";

const TRANSCRIPT_DELAY_SECONDS = 1;
/** One second more: the Worker counts whole seconds. */
const READY_AFTER_SECONDS = TRANSCRIPT_DELAY_SECONDS + 1;

/** Who links a chat to the one before. */
interface Mode {
  readonly linkBy: "flow" | "worker";
  readonly options: Pick<WorkerOptions, "aws" | "vars">;
}

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

/** What Connect makes possible. */
function decidePossible(linkBy: Mode["linkBy"], position: Position) {
  const isByFlow = linkBy === "flow";
  const afterReady = !isByFlow || position.rehydrationTypeForm !== "label";
  // The visitor in these tests writes at once, and the flow then links before the transcript is ready.
  const atOnce = afterReady && !(isByFlow && position.typingDuringWait === "customer-return");
  return { afterReady, atOnce, atOnceAfterOwnEnd: atOnce && position.sessionAfterCustomerEnd !== "stays-open" };
}

let visitors = 0;

/** One visitor's chats, for every position of the switches. */
export function testEveryPosition({ linkBy, options }: Mode): void {
  const playground = usePlayground({
    transcriptDelaySeconds: TRANSCRIPT_DELAY_SECONDS,
    ...options,
    vars: { READY_AFTER_SECONDS: String(READY_AFTER_SECONDS), ...options.vars },
  });
  const browser = useBrowser();

  describe.each(variants)("Connect with $title", ({ position }: { position: Position }) => {
    const possible = decidePossible(linkBy, position);
    let context: BrowserContext;
    let visit: ChatPage;
    /** Contacts that the browser has reported. */
    const reportedIds = new Set<string>();
    /** The first contact of each of the visitor's chats. */
    const chatIds = new Set<string>();
    /** All that was said in the visitor's chats. */
    const own: string[] = [];
    /** What agent and visitor see now, oldest first. */
    let seen: string[] = [];

    beforeEach(() => Object.assign(playground.connect.switches, position));
    beforeAll(async () => {
      visitors += 1;
      Object.assign(playground.connect.switches, position);
      context = await browser.newContext();
      context.on("request", (request) => {
        if (request.url().endsWith("/_chat/contacts")) reportedIds.add(request.postDataJSON().contactId);
      });
      visit = await openChatPage(context, playground.worker.origin);
    });
    afterAll(() => context.close());

    /** The newest chat, as the agent sees it. */
    const currentContact = (): ContactView => playground.connect.contacts()[0] ?? expect.unreachable("no contact yet");
    const talk = () => currentContact().transcript.flatMap(({ from, text }) => (from === "system" ? [] : text));
    const pause = (seconds: number) => visit.page.waitForTimeout(seconds * 1000);
    /** Waits until the Worker has every report, also of the end. */
    const reported = () =>
      visit.page.waitForFunction(
        () => !Object.keys(localStorage).some((key) => key.startsWith("persistent-chat:report")),
      );
    /** Different for each visitor, so that nobody's words are taken for another's. */
    const mark = (words: string) => `${words} (${visitors})`;
    const hear = (words: string) => {
      own.push(mark(words));
      seen.push(mark(words));
      return mark(words);
    };
    const say = (words: string) => visit.say(hear(words));
    /** Begins a chat. Where its link to the chat before is not possible, it must have a part of the visitor's history, or none. */
    const begin = async (words: string, isPossible: boolean) => {
      // No visitor starts two chats within a second, and the Worker cannot tell which of two such was first.
      await pause(1);
      await visit.open();
      await say(words);
      chatIds.add(currentContact().initialContactId);
      if (!isPossible) {
        await pause(2 * READY_AFTER_SECONDS);
        seen = talk();
        expect(own).toEqual(expect.arrayContaining(seen));
        expect(seen.at(-1)).toBe(mark(words));
      }
      await expect.poll(talk).toEqual(seen);
      await expect.poll(visit.messages).toEqual(seen);
    };
    const end = async () => {
      if (position.sessionAfterCustomerEnd === "survey" && currentContact().kind !== "survey") {
        await visit.chat.locator("[data-role=end-chat]").click();
        await expect.poll(() => currentContact().kind).toBe("survey");
      }
      await visit.end();
      await reported();
    };
    /** The visitor ends the chat. Later, an agent ends what is still open of it, and the transcript becomes ready. */
    const endAndLeave = async () => {
      await end();
      playground.connect.agent.end(currentContact().contactId);
      await pause(TRANSCRIPT_DELAY_SECONDS + 0.2);
      await visit.page.goto(playground.worker.origin);
      expect(await visit.showsNoChat()).toBe(true);
    };
    const call = async () => {
      const asked = visit.page.waitForResponse(/_chat\/token$/);
      await visit.page.locator("[data-role=call]").click();
      await asked;
    };

    it("starts without history at the first visit", () => begin("first", true));

    it("keeps the live chat over reload and navigation", async () => {
      const before = playground.connect.contacts().length;
      await visit.page.reload();
      await visit.shows(mark("first"));
      await visit.page.goto(`${playground.worker.origin}/about`);
      await say("still there");
      expect(playground.connect.contacts()).toHaveLength(before);
      expect(talk()).toEqual(seen);
    });

    it("brings the first chat along at the second visit", async () => {
      await endAndLeave();
      if (position.metadataForVoice === "yes") {
        await call();
        await call();
      }
      await begin("second", possible.afterReady);
    });

    it("continues the whole chat after a transfer, a survey and a reload", async () => {
      const { contactId } = currentContact();
      playground.connect.agent.say(contactId, hear("one moment"));
      playground.connect.agent.transfer(contactId);
      await visit.page.reload();
      await visit.shows(mark("one moment"));
      await say("transferred");
      playground.connect.agent.survey(contactId);
      await endAndLeave();
      await begin("third", possible.afterReady);
    });

    it("waits for the transcript when the agent has ended the chat and the visitor comes back at once", async () => {
      playground.connect.agent.end(currentContact().contactId);
      await visit.chat.locator("[data-role=close]").click();
      await reported();
      await begin("fourth", possible.atOnce);
    });

    it("waits for the transcript when the visitor has ended the chat and comes back at once", async () => {
      await end();
      await begin("fifth", possible.atOnceAfterOwnEnd);
    });

    it("shares nothing with another browser", async () => {
      const other = await browser.newContext();
      const theirs = await openChatPage(other, playground.worker.origin);
      await theirs.open();
      await theirs.say("somebody else");
      await pause(TRANSCRIPT_DELAY_SECONDS);
      expect(talk()).toEqual(["somebody else"]);
      expect(await theirs.messages()).toEqual(["somebody else"]);
      await other.close();
    });

    it("has reported the visitor's chats, and nothing that is no chat", () => {
      expect(reportedIds).toEqual(chatIds);
    });
  });
}
