import { type Page, type Route } from "playwright-core";
import { expect } from "vitest";
import { type ContactView } from "../../playground/connect/connect.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { type ChatPage } from "../chat-page.ts";
import { type ChatPages } from "../use-chat-pages.ts";

/** What visitors do in these tests, and what the tests then look at. */
export function createSteps(here: ChatPages) {
  /** Waits until the Worker has taken so many reports. */
  const reported = (count: number) =>
    expect.poll(() => here.calls.filter((call) => call === "POST contacts 201").length).toBe(count);
  /** How many reports there were, taken or not. */
  const countReports = () => here.calls.filter((call) => call.startsWith("POST contacts")).length;
  /** Holds back the answer to the next call of a route, or the call itself. */
  const hold = async (path: string, part: "answer" | "call" = "answer") => {
    const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const handle = async (route: Route) => {
      const response = part === "answer" ? await route.fetch() : undefined;
      reached.resolve();
      await released.promise;
      await (response ? route.fulfill({ response }) : route.continue());
    };
    await here.context.route(path, handle, { times: 1 });
    return { reached: reached.promise, release: released.resolve };
  };
  /** A live chat. */
  const startChat = async (text: string, worker?: RunningWorker): Promise<ChatPage> => {
    const tab = await here.visit("/", worker);
    await tab.open();
    await tab.say(text);
    await reported(1);
    return tab;
  };
  /** A chat that is over. */
  const haveChat = async (text: string): Promise<ChatPage> => {
    const tab = await startChat(text);
    await tab.end();
    await reported(2);
    return tab;
  };
  const newest = (): ContactView | undefined => here.playground.connect.contacts()[0];
  const startsWithoutHistory = async ({ open }: ChatPage): Promise<void> => {
    await open();
    expect(newest()?.attributes).toMatchObject({ contactId: "none", contactIdFallback: "none", chatContinue: "none" });
  };
  return {
    reported,
    countReports,
    hold,
    startChat,
    haveChat,
    newest,
    startsWithoutHistory,
    goTo: ({ page }: ChatPage, path: string) => page.goto(here.playground.worker.origin + path),
    ownCookies: async () => (await here.context.cookies()).map(({ name }) => name.replace(/-[0-9a-f]{8}$/, "-*")),
  };
}

/** The keys of what the browser keeps of the visitor, in this tab and for all tabs. */
export const keptKeys = (page: Page) =>
  page.evaluate(() =>
    [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(
      // These tell nothing of the visitor.
      (key) => key !== "persistent-chat:left" && key !== "persistent-chat:asked",
    ),
  );

/** The live chat that the browser keeps for all tabs; `null` for none. */
export const keptLiveChat = (page: Page) => page.evaluate(() => localStorage.getItem("persistent-chat:live"));

/** Script that counts the reports which this browser has yet to send. */
export const WAITING_REPORTS =
  "Object.keys(localStorage).filter((key) => key.startsWith('persistent-chat:report')).length";
