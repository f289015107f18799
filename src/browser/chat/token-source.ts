import { TOKEN_PATIENCE_MS, TOKEN_TRY_MS } from "../../limits.ts";
import { type Answer, callWorker, isFinal } from "./call-worker.ts";
import { readDeparture } from "./sign-out.ts";
import { exclusive } from "../page/exclusive.ts";
import { persistedChat } from "./persisted-chat.ts";

/** Handed to the widget when there is no token: it then shows its own page for status 401. */
const NO_TOKEN = "unavailable";

export interface TokenSource {
  /** @param ownerToken The site's own token, `null` where its snippet has no `authenticate`. */
  readonly request: (ownerToken: string | null) => Promise<string>;
  /** The next token continues nothing. */
  readonly startFresh: () => void;
}

interface TokenOptions {
  /** Whether the visitor is not to continue anything. */
  readonly isFresh: () => boolean;
  readonly tokenIssued: (ticket: string | null, live: string | null) => void;
}

/** Gets tokens from the Worker; whoever asks while one is on its way gets the same. */
export function createTokenSource({ isFresh, tokenIssued }: TokenOptions): TokenSource {
  let inFlight: {
    readonly ownerToken: string | null;
    readonly departure: string;
    readonly token: Promise<string>;
  } | null = null;
  let isNextFresh = false;

  return {
    request(ownerToken) {
      const departure = readDeparture();
      if (inFlight?.ownerToken === ownerToken && inFlight.departure === departure) return inFlight.token;
      const live = persistedChat.read();
      const fresh = isNextFresh || isFresh();
      const token = fetchToken({ ...(ownerToken !== null && { token: ownerToken }), ...(fresh && { fresh }) })
        .then((answer) => {
          // Whoever asked has left since.
          if (departure !== readDeparture()) return NO_TOKEN;
          if (answer !== null && fresh) isNextFresh = false;
          tokenIssued(answer?.ticket ?? null, live);
          return answer?.token ?? NO_TOKEN;
        })
        .catch(() => NO_TOKEN);
      const asked = { ownerToken, departure, token };
      inFlight = asked;
      void token.then(() => {
        if (inFlight === asked) inFlight = null;
      });
      return token;
    },
    startFresh() {
      isNextFresh = true;
      // What is on its way does not know that.
      inFlight = null;
    },
  };
}

/** @returns `null` when there is none to be had. */
async function fetchToken(body: object): Promise<Answer["body"] | null> {
  const deadline = Date.now() + TOKEN_PATIENCE_MS;
  const left = () => deadline - Date.now();
  const tryUntilDeadline = async (): Promise<Answer["body"] | null> => {
    for (let pauseMs = 300; ; pauseMs *= 2) {
      // Read within the lock: another tab waits until the answer's cookie is in.
      const answer = await exclusive(async () => {
        const timeoutMs = Math.min(left(), TOKEN_TRY_MS);
        return timeoutMs > 0 ? callWorker("token", { method: "POST", body, timeoutMs }) : null;
      });
      if (answer !== null && isFinal(answer)) return answer.body.token === undefined ? null : answer.body;
      const waitMs = Math.max(pauseMs, answer?.retryAfterMs ?? 0);
      if (waitMs >= left()) return null;
      await pause(waitMs);
    }
  };
  // Another tab may hold the lock for longer than this visitor should wait.
  return Promise.race([tryUntilDeadline(), pause(TOKEN_PATIENCE_MS).then(() => null)]);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
