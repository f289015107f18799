/** What went wrong with the chat in one page view. */
export const FAILURES = [
  /** The script of Amazon's client did not load. */
  "client-failed",
  /** A policy of the page blocked something that the chat needs. */
  "policy-blocked",
  /** Amazon's client loaded, and the widget never appeared. */
  "never-ready",
  /** The widget got no token from this Worker. */
  "token-refused",
  /** Amazon refused to start the chat. */
  "start-refused",
  /** The connection was lost, and did not come back. */
  "connection-lost",
  /** The token named a past chat, and the widget showed no old messages. */
  "history-missing",
] as const;

/** What went right. */
export const STEPS = [
  /** The widget asked for a token: the visitor wants to chat. */
  "opened",
  /** Amazon gave the chat a contact id. */
  "started",
  "connected",
  /** The widget showed old messages of the chat that the token named. */
  "history-seen",
] as const;

/** Amazon's statuses that its documentation explains. Source: Amazon Connect Administrator Guide, "Something went wrong". */
const START_STATUSES = [400, 401, 404] as const;

export type Failure = (typeof FAILURES)[number];
export type Outcome = Failure | (typeof STEPS)[number];

/** A word of the browser part's beacon: an outcome, with the status of a refused start where the browser knows it. */
export type OutcomeWord = Outcome | `start-refused-${(typeof START_STATUSES)[number]}`;

/** Every word. A beacon has no other text. */
export const OUTCOME_WORDS: readonly OutcomeWord[] = [
  ...FAILURES,
  ...STEPS,
  ...START_STATUSES.map((status) => `start-refused-${status}` as const),
];

/** What makes an outcome say nothing of its own: each beside those that it follows from, or that came right after all. */
const OVERRULED: readonly (readonly [OutcomeWord, by: readonly OutcomeWord[]])[] = [
  ["client-failed", ["policy-blocked"]],
  ["history-missing", ["history-seen"]],
  ["start-refused", START_STATUSES.map((status) => `start-refused-${status}` as const)],
  ...OUTCOME_WORDS.filter((word) => word.startsWith("start-refused")).map(
    (word) => [word, ["started", "token-refused"]] as const,
  ),
];

/** What counts only for a chat that the visitor opened in this page view, by a token of the Worker's. */
const OF_OPENED = /^(?:token|start)-refused/;

/**
 * The words of one page view that count, each once.
 *
 * A script that a policy has blocked has also failed: only the policy is to be mended. Without a token the widget makes no
 * start that could succeed, and a chat that has started in the end was not refused. The site's own code may start chats,
 * too, and the browser part asks for a token where consent is taken back. The browser part leaves all this to the Worker,
 * since its size counts.
 */
export function pickCounted(told: readonly OutcomeWord[]): readonly OutcomeWord[] {
  const isOverruled = (word: OutcomeWord) =>
    (OF_OPENED.test(word) && !told.includes("opened")) ||
    OVERRULED.some(([overruled, by]) => overruled === word && by.some((other) => told.includes(other)));
  return [...new Set(told)].filter((word) => !isOverruled(word));
}

/** @returns The outcome, and the status of a refused start; empty where there is none. */
export function splitWord(word: OutcomeWord): { readonly outcome: string; readonly reason: string } {
  const [, outcome = word, reason = ""] = /^(.*)-(\d+)$/.exec(word) ?? [];
  return { outcome, reason };
}
