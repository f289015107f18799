import { ofDocument } from "./unclobbered.ts";

/** Every element that has the id of what holds all that the widget shows: a page's text may have brought others along. */
export function findWidgets(): readonly HTMLElement[] {
  const found = ofDocument("querySelectorAll").call(document, "#amazon-connect-chat-widget");
  return [...found].filter((element) => element instanceof HTMLElement);
}

/** The widget's own element, as far as can be told; `null` before its client has drawn it. */
export function findWidget(): HTMLElement | null {
  const widgets = findWidgets();
  return widgets.find(showsChat) ?? widgets[0] ?? null;
}

/** Whether a widget shows a chat, and not its button alone. */
export function showsChat(widget: HTMLElement): boolean {
  return widget.querySelector("iframe") !== null;
}
