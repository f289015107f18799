import { type OutcomeWord } from "../../core/outcome/outcome.ts";

/** What happened to the chat in this page view. */
export const outcomes = new Set<OutcomeWord>();
