import { ofDocument, onDocument } from "./unclobbered.ts";
import { findWidget, findFrame } from "./widget-element.ts";

/** Keeps the widget on the page when a site with Turbo swaps the body. */
export function keepWidgetOverBodySwaps(): void {
  // Turbo keeps a copy of each page, which would show a second, dead widget.
  onDocument("turbo:before-cache", moveOutOfBody);
  onDocument("turbo:before-render", moveOutOfBody);
}

/**
 * `append` makes an iframe load again and lose its chat, so it is used only while no chat is shown. A browser without
 * `moveBefore` loses an open chat in a swap, and shows the chat again on the next full page.
 */
function moveOutOfBody(): void {
  const widget = findWidget();
  const root = ofDocument("documentElement");
  if (!widget || widget.parentNode === root) return;
  if (Reflect.has(root, "moveBefore")) root.moveBefore(widget, null);
  else if (!findFrame(widget)) root.append(widget);
}
