import type { Switches } from "../switches.ts";
import { Chat } from "./chat/chat.ts";
import { ChatPanel } from "./chat/chat-panel.ts";
import { addClientMetrics } from "./page/client-metrics.ts";
import { complain } from "./page/complain.ts";
import { ConnectApi } from "./chat/connect-api.ts";
import type { Fields } from "./page/fields.ts";
import { askToken, tellEvent, tellMetadata } from "./page/page-callbacks.ts";
import { persistedSession } from "./chat/persisted-session.ts";
import { toColor, WidgetFrame } from "./widget-frame.ts";

/** Puts the widget on the page: it resumes a live chat, or waits for a click, or starts as the page's settings say. */
export function startWidget(fields: Fields, switches: Switches, origin: string, widgetId: string): void {
  const nonce = fields.text("nonce");
  const styles = fields.record("styles");
  const openChat = toRecord(styles["openChat"]);
  const api = new ConnectApi(origin, widgetId, fields.text("snippetId") ?? "");
  const frame = new WidgetFrame(
    { nonce, openChat, closeChat: toRecord(styles["closeChat"]), language: fields.text("language") ?? "en" },
    { open, close, call: switches.metadataForVoice === "yes" ? call : null },
  );
  let chat: Chat | null = null;

  if (!fields.one("disableCSM")) addClientMetrics(nonce);
  const { skipIconButtonAndAutoLaunch, alwaysHideWidgetButton, programmaticLaunch } =
    fields.record("customLaunchBehavior");
  frame.buttonHidden = alwaysHideWidgetButton === true || skipIconButtonAndAutoLaunch === true;
  frame.hide(false);
  // The answer is not used: the data tracker only wants to know the customer.
  if (switches.authenticateWithoutChat === "yes") void askToken(fields, 1);
  const persisted = persistedSession.read();
  if (persisted !== null) void resume(persisted);
  else if (skipIconButtonAndAutoLaunch === true && typeof programmaticLaunch !== "function") open();
  if (typeof programmaticLaunch === "function") launchBy(programmaticLaunch);

  function open(): void {
    if (chat === null) void showNewChat().start();
    else frame.show();
  }

  async function resume(value: string): Promise<void> {
    if (await showNewChat().resume(value)) return;
    chat = null;
    frame.clear();
  }

  function showNewChat(): Chat {
    const { page } = frame.show();
    const look = {
      color: toColor(openChat["backgroundColor"], "#123456"),
      onColor: toColor(openChat["color"], "#ffffff"),
      nonce,
    };
    const panel = new ChatPanel(page, look, {
      send: (text) => current.send(text),
      endChat: () => void current.end(),
      close,
    });
    const current = new Chat({ fields, switches, api, panel });
    chat = current;
    return current;
  }

  /** Hides a chat that runs; removes one that is over. */
  function close(): void {
    if (chat === null) return;
    if (chat.state === "live" || chat.state === "starting") {
      frame.hide(true);
      return;
    }
    tellEvent(fields, "WIDGET_FRAME_CLOSED", { status: chat.state === "failed" ? "error_chat" : "close_chat" });
    chat = null;
    frame.clear();
  }

  /** All that a page learns of a voice call. */
  async function call(): Promise<void> {
    await askToken(fields, 1);
    tellMetadata(fields, crypto.randomUUID());
  }

  function launchBy(launcher: Function): void {
    try {
      launcher(open);
    } catch (error) {
      complain("the page's programmaticLaunch failed", error);
    }
  }
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
