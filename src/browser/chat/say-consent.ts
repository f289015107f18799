import { isConsentGiven, keepWord } from "../page/consent.ts";
import { isForgetting } from "./report-queue.ts";
import { clearAfterRefusal } from "./sign-out.ts";
import * as tokenSource from "./token-source.ts";
import { loadWidget } from "../page/widget-wait.ts";

/**
 * Keeps the page's word on this visitor's consent.
 *
 * A refusal clears what was kept with consent, and leaves the chat on the screen as it is: it is still this visitor's.
 *
 * @param isGiven Everything but `true` is a refusal: nobody agrees by a page's mistake.
 */
export function sayConsent(isGiven: unknown): void {
  const wasGiven = isConsentGiven();
  keepWord(isGiven === true);
  loadWidget();
  if (!wasGiven || isConsentGiven()) return;
  clearAfterRefusal();
  // Only the Worker can delete its cookie, and does so when a visitor who has refused asks for a token. A wish to be
  // forgotten needs the cookie, and has it deleted, too; the page may say that wish right after the refusal. Where the
  // visitor has agreed again by then, the token would be the next visitor's, and a chat that is starting would take it.
  setTimeout(() => isConsentGiven() || isForgetting() || tokenSource.request(null, false));
}
