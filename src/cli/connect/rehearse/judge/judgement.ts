import { type LinkAnswer, type Seen } from "./facts.ts";

/** `noted`: any answer is harmless. */
export type State = "confirmed" | "unexpected" | "unseen" | "noted";

/** What the rehearsal says of one question, in a sentence or two. */
export interface Judgement {
  readonly state: State;
  readonly sentence: string;
}

export const confirmed = (sentence: string): Judgement => ({ state: "confirmed", sentence });
export const unexpected = (sentence: string): Judgement => ({ state: "unexpected", sentence });
export const unseen = (sentence: string): Judgement => ({ state: "unseen", sentence });
export const noted = (sentence: string): Judgement => ({ state: "noted", sentence });

/** Judges what was seen; what was not seen is said with its reason. */
export function judgeSeen<T>(seen: Seen<T> | undefined, judge: (value: T) => Judgement): Judgement {
  if (seen === undefined) return unseen("The rehearsal did not get that far.");
  return "seen" in seen ? judge(seen.seen) : unseen(`Connect did not tell your AWS login (${seen.unseen}).`);
}

/** Judges a link that Connect should refuse. */
export function judgeRefusal(
  answer: LinkAnswer | null | undefined,
  words: { readonly what: string; readonly otherwise: string },
): Judgement {
  if (answer === undefined) return unseen("The rehearsal did not get that far.");
  if (answer === null) return unseen("Not tried, since Connect had accepted another link of this chat before.");
  if (answer.answer === "linked") return unexpected(`Connect accepts ${words.what}. ${words.otherwise}`);
  if (isDenial(answer)) return unseen(`Your AWS login was not allowed to link (${answer.error}).`);
  return confirmed(`Connect refuses ${words.what} (${answer.error}).`);
}

/** Whether the login, and not the link as such, was refused. */
export function isDenial(answer: LinkAnswer): boolean {
  return answer.answer === "refused" && answer.error.startsWith("AccessDenied");
}
