import { TOKEN_PATIENCE_MS, TOKEN_TRY_MS } from "../limits.ts";
import { readLiveChat } from "./chat-session.ts";
import { exclusive } from "./exclusive.ts";
import { isFinal, postJson } from "./post-json.ts";

/** Handed to the widget when there is no token: it then shows its own page for status 401. */
const NO_TOKEN = "unavailable";

interface TokenAnswer {
  readonly token: string;
  readonly ticket: string | null;
}

export interface TokenSource {
  /** @param ownerToken The site's own token, `null` where its snippet has no `authenticate`. */
  readonly request: (ownerToken: string | null) => Promise<string>;
}

interface TokenOptions {
  /** This browser is not to continue anything. */
  readonly withoutHistory: boolean;
  readonly tokenIssued: (ticket: string | null, live: string | null) => void;
}

/** Gets tokens from the Worker; whoever asks while one is on its way gets the same. */
export function createTokenSource(path: string, { withoutHistory, tokenIssued }: TokenOptions): TokenSource {
  let inFlight: { readonly ownerToken: string | null; readonly token: Promise<string> } | null = null;

  return {
    request(ownerToken) {
      if (inFlight?.ownerToken === ownerToken) return inFlight.token;
      const live = readLiveChat();
      const body = { ...(ownerToken !== null && { token: ownerToken }), ...(withoutHistory && { fresh: true }) };
      const token = fetchToken(`${path}/token`, body)
        .then((answer) => {
          tokenIssued(answer?.ticket ?? null, live);
          return answer?.token ?? NO_TOKEN;
        })
        .catch(() => NO_TOKEN);
      const asked = { ownerToken, token };
      inFlight = asked;
      void token.then(() => {
        if (inFlight === asked) inFlight = null;
      });
      return token;
    },
  };
}

async function fetchToken(url: string, body: object): Promise<TokenAnswer | null> {
  const deadline = Date.now() + TOKEN_PATIENCE_MS;
  const left = () => deadline - Date.now();
  const tryUntilDeadline = async (): Promise<TokenAnswer | null> => {
    for (let pauseMs = 300; left() > 0; pauseMs *= 2) {
      // Read within the lock: another tab waits until the answer's cookie is in.
      const response = await exclusive(async () => {
        const timeoutMs = Math.min(left(), TOKEN_TRY_MS);
        return timeoutMs > 0 ? postJson(url, body, { timeoutMs, keepalive: false }) : null;
      });
      if (response?.ok === true) {
        const answer: TokenAnswer = await response.json();
        return answer;
      }
      if (response !== null && isFinal(response)) return null;
      await pause(Math.min(pauseMs, left()));
    }
    return null;
  };
  // Another tab may hold the lock for longer than this visitor should wait.
  return Promise.race([tryUntilDeadline(), pause(TOKEN_PATIENCE_MS).then(() => null)]);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}
