import { type Decision, type KnownTroubles } from "./decide-troubles.ts";
import { BASE_OF, type Trouble } from "./trouble.ts";

/**
 * The decisions about an hour in which the chat had switched itself off: pages on which no client loads neither begin nor end a
 * trouble of the client, and that nobody chats is no trouble of its own.
 *
 * @param known The troubles before these decisions.
 */
export function holdTroubles(decisions: readonly Decision[], known: KnownTroubles): Decision[] {
  return decisions.map((decision) => {
    const before = known[decision.trouble] ?? null;
    if (!isHidden(decision.trouble)) return decision;
    return { ...decision, verdict: before === null ? "none" : "unknown", reason: "too-few", known: before };
  });
}

function isHidden(trouble: Trouble): boolean {
  return trouble === "chats-gone" || BASE_OF[trouble] === "pages";
}
