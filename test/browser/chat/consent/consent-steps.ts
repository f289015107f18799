import { type Page } from "playwright-core";
import { expect } from "vitest";
import { type ChatPages } from "../../use-chat-pages.ts";

/** The page's script says what the visitor answered. */
export const say = (page: Page, isGiven: unknown) =>
  page.evaluate(`window.persistentChat.consent(${JSON.stringify(isGiven)})`);

/** The page's root element says it; `null` removes the attribute. */
export const mark = (page: Page, value: string | null) =>
  page.evaluate((text) => {
    if (text === null) document.documentElement.removeAttribute("data-chat-consent");
    else document.documentElement.setAttribute("data-chat-consent", text);
  }, value);

export const WAYS_TO_SAY = [
  ["consent()", say],
  ["data-chat-consent", (page: Page, isGiven: boolean) => mark(page, String(isGiven))],
] as const;

export function createConsentSteps(here: ChatPages) {
  /** @returns The page's word as the browser keeps it; `null` for none. */
  const readWord = async () =>
    (await here.context.cookies()).find(({ name }) => name === "__Host-chat-consent")?.value ?? null;
  const becomes = (word: string | RegExp | null) =>
    expect.poll(readWord).toEqual(word instanceof RegExp ? expect.stringMatching(word) : word);
  /** Takes consent back and gives it again at once: whoever agrees now is another visitor. */
  const agreeAgain = async (page: Page) => {
    await page.evaluate("persistentChat.consent(false); persistentChat.consent(true)");
    await becomes(/^1\.\d{13}$/);
  };
  return { readWord, becomes, agreeAgain };
}
