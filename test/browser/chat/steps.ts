import { type Page } from "playwright-core";
import { expect } from "vitest";
import { type ContactView } from "../../playground/connect/connect.ts";
import { type Playground } from "../../playground/playground.ts";
import { type ChatPage } from "../chat-page.ts";
import { type ChatPages } from "../use-chat-pages.ts";

/** What visitors do in these tests, and what is then seen of it. */
export function createSteps(here: ChatPages) {
  const newest = ({ connect } = here.playground): ContactView | undefined => connect.contacts()[0];
  const reported = () => expect.poll(() => here.calls).toContain("POST contacts 201");
  const startChat = async (text: string, playground?: Playground): Promise<ChatPage> => {
    const tab = await here.visit("/", playground);
    await tab.open();
    await tab.say(text);
    await reported();
    return tab;
  };
  return {
    newest,
    startChat,
    /** Waits until the Worker has taken a report. */
    reported,
    /** A chat that is over. */
    haveChat: async (text: string): Promise<ChatPage> => {
      const tab = await startChat(text);
      await tab.end();
      await expect.poll(() => here.calls.filter((call) => call === "POST contacts 201")).toHaveLength(2);
      return tab;
    },
    startsWithoutHistory: async ({ open }: ChatPage): Promise<void> => {
      await open();
      expect(newest()?.attributes).toMatchObject({
        contactId: "none",
        contactIdFallback: "none",
        chatContinue: "none",
      });
    },
    goTo: ({ page }: ChatPage, path: string) => page.goto(here.playground.worker.origin + path),
    ownCookies: async () => (await here.context.cookies()).map(({ name }) => name.replace(/-[0-9a-f]{8}$/, "-*")),
    /** What is kept in the browser of the visitor, in this tab and for all. */
    keptKeys: (page: Page) =>
      page.evaluate(() =>
        [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(
          // These tell nothing of the visitor.
          (key) => key !== "persistent-chat:left" && key !== "persistent-chat:asked",
        ),
      ),
  };
}
