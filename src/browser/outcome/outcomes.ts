import { type OutcomeWord } from "../../core/outcome/outcome.ts";

/** What happened to the chat in this page view. No `Set`: a page may have one of its own, which does not work. */
export const outcomes: Partial<Record<OutcomeWord, 1>> = {};

export function note(word: OutcomeWord): void {
  outcomes[word] = 1;
}
