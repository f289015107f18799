import { type BrowserContext, type FrameLocator, type Page } from "playwright-core";

/** A page of the shop with its chat, as a visitor uses it. */
export interface ChatPage {
  readonly page: Page;
  /** Inside of the widget. */
  readonly chat: FrameLocator;
  /** Opens the chat and waits until one can write. */
  readonly open: () => Promise<void>;
  /** Writes, and waits until it stands in the transcript. */
  readonly say: (text: string) => Promise<void>;
  /** Clicks on "End chat", and closes the widget. */
  readonly end: () => Promise<void>;
  /** Every message that the visitor sees, oldest first. */
  readonly messages: () => Promise<string[]>;
}

const OPEN_BUTTON = "#amazon-connect-open-widget-button";

export async function openChatPage(context: BrowserContext, url: string): Promise<ChatPage> {
  const page = await context.newPage();
  await page.goto(url);
  return toChatPage(page);
}

export function toChatPage(page: Page): ChatPage {
  const chat = page.frameLocator("#amazon-connect-chat-widget-iframe");
  const role = (name: string) => chat.locator(`[data-role=${name}]`);
  return {
    page,
    chat,
    async open() {
      await page.click(OPEN_BUTTON);
      await role("input").waitFor();
    },
    async say(text) {
      await role("input").fill(text);
      await role("send").click();
      await role("transcript").getByText(text, { exact: true }).waitFor();
    },
    async end() {
      await role("end-chat").click();
      await role("close").click();
      await page.locator(OPEN_BUTTON).waitFor();
    },
    messages: () => role("transcript").locator("[data-message]:not([data-from=system])").allInnerTexts(),
  };
}
