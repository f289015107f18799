import { ofDocument, onDocument } from "./unclobbered.ts";
import { findWidget, showsChat } from "./widget-element.ts";

/** Keeps the widget where a site with Turbo swaps its body. */
export function keepOverBodySwaps(): void {
  // The copy that Turbo keeps of a page would show a second, dead widget.
  onDocument("turbo:before-cache", moveOutOfBody);
  onDocument("turbo:before-render", moveOutOfBody);
}

/**
 * Moved plainly, an iframe starts anew and the chat in it is gone, so that is done only while there is none. Browsers
 * without `moveBefore` show a chat that was open again with the next full page.
 */
function moveOutOfBody(): void {
  const widget = findWidget();
  const root = ofDocument("documentElement");
  if (widget === null || widget.parentNode === root) return;
  if (Reflect.has(root, "moveBefore")) root.moveBefore(widget, null);
  else if (!showsChat(widget)) root.append(widget);
}
