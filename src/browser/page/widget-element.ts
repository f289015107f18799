import { ofDocument } from "./unclobbered.ts";

/** Every element with the widget's id: other visitors' text on a page may have added some. */
export function findWidgets(): readonly Element[] {
  return [...ofDocument("querySelectorAll").call(document, "#amazon-connect-chat-widget")];
}

/** The widget's own element; `null` before the client has drawn it, and where several elements have its id. */
export function findWidget(): HTMLElement | null {
  const [widget, second] = findWidgets();
  return widget instanceof HTMLElement && !second ? widget : null;
}

/** The frame in which a widget shows its chat; `null` while it shows only its button. */
export function findFrame(widget: Element | null = findWidget()): HTMLIFrameElement | null {
  // A form's field replaces the form's method of that name: `<form><input name="querySelector"></form>`.
  return (
    widget && Element.prototype.querySelector.call<Element, ["iframe"], HTMLIFrameElement | null>(widget, "iframe")
  );
}

export function removeElement(element: Element): void {
  Element.prototype.remove.call(element);
}
