/** What holds everything that the widget shows; `null` before its client has drawn it. */
export function findWidget(): HTMLElement | null {
  return document.getElementById("amazon-connect-chat-widget");
}
