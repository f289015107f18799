import { describeFailure } from "../outcome/advice.ts";
import { HOUR_SECONDS } from "../../limits.ts";
import { type Decision } from "./decide-troubles.ts";
import { type MostOf } from "./failure-details.ts";
import { formatCount as format, formatShare, nameBrowser } from "../outcome/words.ts";
import { BASE_OF, type Measure, type Trouble } from "./trouble.ts";

/** A trouble that begins or is over, in words for the owner. Nothing of it comes from a visitor but numbers and fixed words. */
export interface TroubleMessage {
  readonly trouble: Trouble | "self-off";
  readonly isOver: boolean;
  /** One sentence: what happens, and how often. */
  readonly summary: string;
  /** What to do first; empty where it is over. */
  readonly todo: string;
}

const GONE = {
  what: "Hardly anybody opens the chat any more",
  todo:
    "Open a page of your site, and the chat in it. If there is no chat, run `npm run doctor` with the address of the page; " +
    "if it does not start, look at the Worker's log for `chat.refused` and `chat.failed`. Did a change of your pages hide it?",
};

/**
 * The words for a decision.
 *
 * @param most What most of the last hour's failures have in common.
 * @param since When the trouble began, in seconds; `null`: now.
 * @param now In seconds.
 */
export function describeTrouble(decision: Decision, most: MostOf, since: number | null, now: number): TroubleMessage {
  const { trouble, verdict } = decision;
  const { what, todo } = trouble === "chats-gone" ? GONE : describeFailure(trouble, most.status);
  const isOver = verdict === "over";
  if (isOver)
    return { trouble, isOver, summary: `Over${formatAge(since, now)}: ${what}. ${formatEnd(decision)}`, todo: "" };
  return { trouble, isOver, summary: `${what}: ${formatHours(decision, most.browser)}`, todo };
}

function formatHours({ trouble, hour, weekBefore }: Decision, browser: string): string {
  if (trouble === "chats-gone") {
    return (
      `${formatChats(hour)} pages in the last hour. The same hour a week before: ` +
      (weekBefore === null ? "not known." : `at least ${formatChats(weekBefore)} pages.`)
    );
  }
  const mostly = browser === "" ? "" : `, mostly in ${nameBrowser(browser)}`;
  const before = weekBefore === null ? "not known" : formatMeasure(trouble, weekBefore);
  return `at least ${formatMeasure(trouble, hour)} in the last hour${mostly}. The same hour a week before: ${before}.`;
}

function formatEnd({ trouble, reason, hour }: Decision): string {
  if (reason === "not-seen") return "For a day, nothing could be seen of it.";
  if (trouble === "chats-gone") return `${format(hour.count)} chats in the last hour.`;
  return `Now ${formatMeasure(trouble, hour)} in the last hour.`;
}

function formatChats({ count, base }: Measure): string {
  const chats = count === 0 ? "no chat" : count === 1 ? "one chat" : `${format(count)} chats`;
  return `${chats} on ${format(base)}`;
}

const NOUNS = { pages: "page views", chats: "chats", continued: "continued chats" };

function formatMeasure(failure: Exclude<Trouble, "chats-gone">, { count, base, share }: Measure): string {
  const noun = NOUNS[BASE_OF[failure]];
  if (count > base) return `${format(count)} ${noun}, more than the ${format(base)} that were counted,`;
  return `${format(count)} of ${format(base)} ${noun} (${formatShare(share, 1)})`;
}

function formatAge(since: number | null, now: number): string {
  if (since === null) return "";
  const hours = Math.round((now - since) / HOUR_SECONDS);
  return hours < 1 ? " after less than an hour" : ` after ${hours} ${hours === 1 ? "hour" : "hours"}`;
}
