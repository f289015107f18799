import { formatCount, formatShare } from "../../../core/outcome/words.ts";
import {
  AS_MANY_PAGES_SHARE,
  CHATS_FELL_SHARE,
  HISTORY_UNKNOWN_SHARE,
  LEAST_FOR_ABSENCE,
  LEAST_FOR_SHARE,
  LEAST_LINKED_SHARE,
  LEAST_SEEN_SHARE,
  LEAST_STARTED_SHARE,
  NO_CHAT_WEIGHT,
  REFUSED_SHARE,
  UNSEEN_WEIGHT,
} from "../limits.ts";
import {
  countAsked,
  countLinked,
  countOffered,
  countOpened,
  countPages,
  countSeen,
  countStarted,
  countTokens,
  countTries,
} from "../figures/funnel.ts";
import { type Count, pick, type ReportFigures, sum, totalBy } from "../figures/report-figures.ts";
import { countOf, nameWord, sayBefore } from "../figures/words.ts";
import { type Finding, type FindingRule } from "./finding.ts";
import { findStop } from "./find-stop.ts";

const TRY_IT =
  "Open the chat on your site yourself. If it does not start, run `npm run doctor` and `npm run connect -- check`.";

const RULES: readonly FindingRule[] = [
  ({ counts }) => {
    const [tries, started] = [countTries(counts), countStarted(counts)];
    if (tries < LEAST_FOR_SHARE || started >= LEAST_STARTED_SHARE * tries) return null;
    return {
      subject: "unstarted",
      what: `${sayTries(counts)}, and ${started === 0 ? "no chat was" : `only ${countOf(started, "chat was", "chats were")}`} started.`,
      todo: TRY_IT,
      weight: NO_CHAT_WEIGHT,
    };
  },
  ({ counts, before, days }) => {
    const [now, then] = [countStarted(counts), countStarted(before)];
    const expected = then * sharePages(counts, before);
    if (expected < LEAST_FOR_SHARE || now >= CHATS_FELL_SHARE * expected) return null;
    return {
      subject: "started",
      what: `${now === 0 ? "No chat was" : `Only ${countOf(now, "chat was", "chats were")}`} started (${formatCount(then)} ${sayBefore(days)}).`,
      todo: TRY_IT,
      weight: (CHATS_FELL_SHARE * expected) / Math.max(now, 1),
    };
  },
  findStop,
  ({ counts }) => {
    const refused = pickRefused(counts);
    const [all, share] = [sum(refused), sum(refused) / Math.max(sum(refused) + countTokens(counts), 1)];
    const [most] = totalBy(refused, ({ event, reason }) => (reason === "" ? event : reason));
    if (all < LEAST_FOR_ABSENCE || share < REFUSED_SHARE || most === undefined) return null;
    return {
      subject: "refused",
      what: `The Worker refused ${countOf(all, "call")} of the chat, most often with ${nameWord(most.key)}.`,
      todo: 'See .github/OPERATING.md, "Routes" for what each code means; the log has each call as `chat.refused` or `chat.failed`.',
      weight: share / REFUSED_SHARE,
    };
  },
  ({ counts }) => {
    const unknown = sum(
      pick(counts, "token.issued", "none").filter(
        ({ reason }) => reason === "no-history" || reason === "owner-unknown",
      ),
    );
    const share = unknown / Math.max(countTokens(counts), 1);
    if (unknown < LEAST_FOR_ABSENCE || share < HISTORY_UNKNOWN_SHARE) return null;
    return {
      subject: "history-unknown",
      what: `${formatCount(unknown)} of ${countOf(countTokens(counts), "token")} (${formatShare(unknown, countTokens(counts))}) offered no history because KV or Amazon did not answer.`,
      todo: "Look for `store.unavailable` and `owner.unknown` in the log.",
      weight: share / HISTORY_UNKNOWN_SHARE,
    };
  },
  ({ counts }) => {
    const unanswered = pick(counts, "connect.unanswered");
    const share = sum(unanswered) / Math.max(sum(unanswered) + countTokens(counts), 1);
    const [most] = totalBy(unanswered, ({ reason }) => reason);
    if (sum(unanswered) < LEAST_FOR_SHARE || share < HISTORY_UNKNOWN_SHARE || most === undefined) return null;
    return {
      subject: "unanswered",
      what: `Amazon gave no answer to ${countOf(sum(unanswered), "call")} of the Worker, most often with \`${nameWord(most.key)}\`.`,
      todo: "Look for `connect.unanswered` in the log, see the status page of AWS for your region, and run `npm run connect -- check`.",
      weight: share / HISTORY_UNKNOWN_SHARE,
    };
  },
  ({ counts }) => {
    const [asked, linked] = [countAsked(counts), countLinked(counts)];
    const isLow = asked >= LEAST_FOR_SHARE && linked < LEAST_LINKED_SHARE * asked;
    if (!isLow && (asked < LEAST_FOR_ABSENCE || linked > 0)) return null;
    return {
      subject: "linked",
      what: `Amazon confirmed ${linked === 0 ? "none" : `only ${formatCount(linked)}`} of ${countOf(asked, "chat")} as linked to the earlier one.`,
      todo: "Run `npm run connect -- check`, then `npm run connect -- rehearse`.",
      weight: 1 + (asked - linked) / asked,
    };
  },
  /** Where browsers tell, and none or few tell of old messages. */
  ({ counts }) => {
    const chats = Math.min(countOffered(counts), countStarted(counts), countOpened(counts));
    if (chats < LEAST_FOR_SHARE || countSeen(counts) >= LEAST_SEEN_SHARE * chats) return null;
    return {
      subject: "unseen",
      what: `${formatCount(countOffered(counts))} chats were offered history, and ${countSeen(counts) === 0 ? "no browser showed" : `only ${countOf(countSeen(counts), "browser")} showed`} old messages.`,
      todo: "Run `npm run connect -- check`, then `npm run connect -- rehearse`.",
      weight: UNSEEN_WEIGHT,
    };
  },
];

/** What stands out about the chats. */
export function findOfChats(figures: ReportFigures): Finding[] {
  return RULES.map((rule) => rule(figures)).filter((finding) => finding !== null);
}

/** The calls that the Worker refused, or failed to answer. */
export function pickRefused(counts: readonly Count[]): Count[] {
  return [...pick(counts, "chat.refused"), ...pick(counts, "chat.failed")];
}

/** Where browsers told of fewer chats than there were tokens, tokens are what is known: a page may ask for one unopened. */
function sayTries(counts: readonly Count[]): string {
  const tries = countTries(counts);
  return countOpened(counts) < tries
    ? `The Worker issued tokens for ${countOf(tries, "try", "tries")}`
    : `Visitors opened the chat ${countOf(tries, "time")}`;
}

/** How many pages there were for one before, at most 1; 1 as well where pages are not counted at all. */
function sharePages(counts: readonly Count[], before: readonly Count[]): number {
  const then = countPages(before);
  const share = then === 0 ? 1 : countPages(counts) / then;
  return share >= AS_MANY_PAGES_SHARE ? 1 : share;
}
