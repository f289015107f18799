import { TOKEN_PATIENCE_MS, TOKEN_TRY_MS } from "../../limits.ts";
import { type Answer, callWorker, NO_ANSWER } from "./call-worker.ts";
import { readVisitor } from "./sign-out.ts";
import { historyOffered } from "../outcome/history-watch.ts";
import { note } from "../outcome/outcomes.ts";
import { isConsentGiven } from "../page/consent.ts";
import { describeContext } from "../page/context.ts";
import { oneAtATime } from "../page/one-at-a-time.ts";
import * as persistedChat from "./persisted-chat.ts";
import * as tabChat from "./tab-chat.ts";

/** The widget gets this when there is no token, and shows its own page for status 401. */
const NO_TOKEN = "none";

/** The pause after the first try, in milliseconds; each next one is twice as long. */
const FIRST_PAUSE_MS = 300;

interface TokenRequest {
  /** Another one where another visitor asks. */
  readonly asker: string;
  readonly token: Promise<string>;
}

let inFlight: TokenRequest | null = null;
let isNextFresh = false;

/**
 * Gets a token from the Worker; a second request while one is on its way gets the same token.
 *
 * @param ownerToken The site's own token, `null` where its snippet has no `authenticate`.
 * @param mayContinue Whether the chat may continue another one.
 */
export function request(ownerToken: string | null, mayContinue: boolean): Promise<string> {
  const visitor = readVisitor();
  // Without consent, a token is for a chat that is not recorded.
  const asker = `${ownerToken} ${visitor} ${isConsentGiven()}`;
  if (inFlight?.asker === asker) return inFlight.token;
  const live = persistedChat.read();
  const fresh = isNextFresh || !mayContinue;
  const requested: TokenRequest = {
    asker,
    token: fetchToken({ token: ownerToken ?? undefined, fresh: fresh || undefined })
      .then(({ token, ticket = null, history }) => {
        if (!token) note("token-refused");
        historyOffered(!live && history);
        // The visitor who asked has signed out since, or taken consent back. A guest's token without a ticket is anybody's.
        if ((ticket || ownerToken) && visitor !== readVisitor()) return NO_TOKEN;
        tabChat.tokenIssued(ticket, live);
        return token ?? NO_TOKEN;
      })
      .catch(() => NO_TOKEN)
      .finally(() => {
        if (inFlight === requested) inFlight = null;
      }),
  };
  inFlight = requested;
  return requested.token;
}

/** The next token continues no chat. */
export function startFresh(): void {
  isNextFresh = true;
  // The request on its way does not ask for a fresh chat.
  inFlight = null;
}

/** The next token may continue a chat again. Not from the token on: Connect may ask for one without a chat. */
export function chatStarted(): void {
  isNextFresh = false;
}

/** @returns An answer without a token when the Worker refuses, or gives none in time. */
function fetchToken(body: object): Promise<Answer> {
  const deadline = Date.now() + TOKEN_PATIENCE_MS;
  const tryUntilDeadline = async (): Promise<Answer> => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      // The answer is read within the lock: another tab waits until this browser has its cookie.
      const answer = await oneAtATime(async () => {
        const timeoutMs = Math.min(deadline - Date.now(), TOKEN_TRY_MS);
        // Only the first try says more: script of the page or a server on the way may spoil that, and the chat comes first.
        const more = pauseMs === FIRST_PAUSE_MS && describeContext;
        return timeoutMs > 0 ? callWorker("token", body, timeoutMs, more) : NO_ANSWER;
      });
      const waitMs = Math.max(pauseMs, answer.retryAfterMs);
      if (answer.isFinal || Date.now() + waitMs >= deadline) return answer;
      await pause(waitMs);
    }
  };
  // Another tab may hold the lock for longer than this visitor should wait.
  return Promise.race([tryUntilDeadline(), pause(TOKEN_PATIENCE_MS)]);
}

/** Waits for an answer that does not come. */
function pause(milliseconds: number): Promise<Answer> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, NO_ANSWER));
}
