import { ofDocument } from "./unclobbered.ts";

/** Every element that has the id of what holds all that the widget shows: a page's text may have brought others along. */
export function findWidgets(): readonly Element[] {
  return [...ofDocument("querySelectorAll").call(document, "#amazon-connect-chat-widget")];
}

/** The widget's own element; `null` before its client has drawn it, and where it cannot be told from others of its id. */
export function findWidget(): HTMLElement | null {
  const [widget, ...others] = findWidgets();
  return widget instanceof HTMLElement && others.length === 0 ? widget : null;
}

/** Whether a widget shows a chat, and not its button alone. */
export function showsChat(widget: Element): boolean {
  // The field of a form stands in for its method: `<form><input name="querySelector"></form>`.
  return Element.prototype.querySelector.call(widget, "iframe") !== null;
}

export function removeElement(element: Element): void {
  Element.prototype.remove.call(element);
}
