import { type Page } from "playwright-core";
import { expect } from "vitest";
import { type ChatPage } from "../chat-page.ts";
import { type ChatPages } from "../use-chat-pages.ts";

/** What this browser keeps of a live chat; `null` for none. */
export const kept = (page: Page) => page.evaluate(() => localStorage.getItem("persistent-chat:live"));

export const shows = ({ chat }: ChatPage, text: string) =>
  chat.getByText(text, { exact: true }).waitFor({ timeout: 5000 });

export async function showsNoChat({ page }: ChatPage): Promise<void> {
  await page.locator("#amazon-connect-open-widget-button").waitFor();
  await page.waitForTimeout(300);
  expect(await page.locator("#amazon-connect-chat-widget-iframe").count()).toBe(0);
}

/** Closes every window and opens the browser again: storage of tabs is gone. */
export async function reopenBrowser(here: ChatPages, change: (stored: string) => string = (stored) => stored) {
  for (const page of here.context.pages()) await page.close({ runBeforeUnload: true });
  const state = await here.context.storageState();
  await here.context.close();
  const stored: typeof state = JSON.parse(change(JSON.stringify(state)));
  await here.openBrowser(stored);
}
