import { type BrowserContext, type FrameLocator, type Locator, type Page } from "playwright-core";

/** A page of the shop with its chat, as a visitor uses it. */
export interface ChatPage {
  readonly page: Page;
  /** The button that opens the widget. */
  readonly button: Locator;
  /** Inside of the widget. */
  readonly chat: FrameLocator;
  /** Opens the chat, and waits until the visitor can write. */
  readonly open: () => Promise<void>;
  /** Writes a message, and waits until the transcript shows it. */
  readonly say: (text: string) => Promise<void>;
  /** Waits until the transcript shows a message. */
  readonly shows: (text: string) => Promise<void>;
  /** Waits for the button and 300 ms more. @returns Whether no chat has appeared. */
  readonly showsNoChat: () => Promise<boolean>;
  /** Clicks on "End chat", and closes the widget. */
  readonly end: () => Promise<void>;
  /** Every message that the visitor sees, oldest first. */
  readonly messages: () => Promise<string[]>;
}

export async function openChatPage(context: BrowserContext, url: string): Promise<ChatPage> {
  const page = await context.newPage();
  await page.goto(url);
  return toChatPage(page);
}

export function toChatPage(page: Page): ChatPage {
  const chat = page.frameLocator("#amazon-connect-chat-widget-iframe");
  const button = page.locator("#amazon-connect-open-widget-button");
  const role = (name: string) => chat.locator(`[data-role=${name}]`);
  const shows = (text: string) => role("transcript").getByText(text, { exact: true }).waitFor();
  return {
    page,
    button,
    chat,
    async open() {
      await button.click();
      await role("input").waitFor();
    },
    async say(text) {
      await role("input").fill(text);
      await role("send").click();
      await shows(text);
    },
    shows,
    async showsNoChat() {
      await button.waitFor();
      await page.waitForTimeout(300);
      return (await page.locator("#amazon-connect-chat-widget-iframe").count()) === 0;
    },
    async end() {
      await role("end-chat").click();
      await role("close").click();
      await button.waitFor();
    },
    messages: () => role("transcript").locator("[data-message]:not([data-from=system])").allInnerTexts(),
  };
}
