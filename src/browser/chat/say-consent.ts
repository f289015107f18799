import { TOKEN_TRY_MS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import { isConsentGiven, keepWord } from "../page/consent.ts";
import { oneAtATime } from "../page/one-at-a-time.ts";
import { callWorker } from "./call-worker.ts";
import { isForgetting } from "./report-queue.ts";
import { clearAfterRefusal } from "./sign-out.ts";

/**
 * Keeps the page's word on this visitor's consent.
 *
 * A refusal clears what was kept with consent, and leaves the chat on the screen as it is: it is still this visitor's.
 *
 * @param isGiven Everything but `true` is a refusal: nobody agrees by a page's mistake.
 */
export function sayConsent(isGiven: unknown): void {
  if (config.consent === null) return;
  const wasGiven = isConsentGiven();
  keepWord(isGiven === true);
  if (!wasGiven || isConsentGiven()) return;
  clearAfterRefusal();
  // Only the Worker can delete its cookie, and does so in any answer to a visitor who has refused. The call that forgets
  // needs the cookie, and deletes it, too.
  if (!isForgetting())
    void oneAtATime(() => callWorker("token", { method: "POST", body: {}, timeoutMs: TOKEN_TRY_MS }));
}
