import { findWidget } from "./widget-element.ts";

/** Keeps the widget where a site with Turbo swaps its body. */
export function keepOverBodySwaps(): void {
  // The copy that Turbo keeps of a page would show a second, dead widget.
  document.addEventListener("turbo:before-cache", moveOutOfBody);
  document.addEventListener("turbo:before-render", moveOutOfBody);
}

/**
 * Moved plainly, an iframe starts anew and the chat in it is gone, so that is done only while there is none. Browsers
 * without `moveBefore` show a chat that was open again with the next full page.
 */
function moveOutOfBody(): void {
  const widget = findWidget();
  const root = document.documentElement;
  if (widget === null || widget.parentNode === root) return;
  if (Reflect.has(root, "moveBefore")) root.moveBefore(widget, null);
  else if (widget.querySelector("iframe") === null) root.append(widget);
}
