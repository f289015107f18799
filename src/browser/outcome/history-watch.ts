import { HISTORY_LOOK_MS, HISTORY_MISSING_LOOKS } from "../../limits.ts";
import { findFrame } from "../page/widget-element.ts";
import { note } from "./outcomes.ts";

let isDue: boolean | undefined;
let timer: ReturnType<typeof setInterval> | undefined;
/** How often the widget showed messages, and no old ones. */
let looks = 0;
/** The oldest message at the last look. */
let oldest: string | null | undefined;

/** @param isOffered Whether the newest token names a past chat. */
export function historyOffered(isOffered: typeof isDue): void {
  isDue = isOffered;
}

/**
 * Looks from now on whether the widget shows messages of the past chat that the token named: they come together with the
 * first message of this chat, or later above it.
 */
export function watchHistory(): void {
  if (!isDue) return;
  isDue = false;
  looks = 0;
  oldest = undefined;
  timer = setInterval(look, HISTORY_LOOK_MS);
}

export function stopHistoryWatch(): void {
  clearInterval(timer);
}

function look(): void {
  try {
    // Source: amazon-connect-chat-interface, where each message has this mark.
    const page: Document = Object(findFrame()).contentDocument;
    const texts: (string | null | undefined)[] = [...page.querySelectorAll("[data-testid=main-message]")].map(
      (message) => message.textContent,
    );
    // Where no message can be read, nothing is missing.
    if (texts[0] && ++looks > HISTORY_MISSING_LOOKS) note("history-missing");
    // Not just another text: the time in a message may change.
    if (texts.indexOf(oldest ?? texts[1]) > 0) {
      note("history-seen");
      stopHistoryWatch();
    }
    oldest = texts[0];
  } catch {}
}
