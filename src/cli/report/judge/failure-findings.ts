import { formatCount, formatShare } from "../../../core/outcome/words.ts";
import { type Failure } from "../../../core/outcome/outcome.ts";
import { MOST_SHARE } from "../../../limits.ts";
import {
  CLIENT_FAILED_SHARE,
  CONNECTION_LOST_SHARE,
  FAILURE_GROWTH,
  HISTORY_MISSING_SHARE,
  LEAST_FAILURES,
  LEAST_GROWN_FAILURES,
  MAX_NAMED_DAYS,
  NEVER_READY_SHARE,
  POLICY_BLOCKED_SHARE,
  TRY_FAILED_SHARE,
} from "../limits.ts";
import { buildFailures, type FailureTotal } from "../figures/failures.ts";
import { type Count, type ReportFigures } from "../figures/report-figures.ts";
import { countOffered, countPages, countStarted, countTries } from "../figures/funnel.ts";
import { countOf, formatDay, joinWords, nameFamily, nameWord, sayBefore } from "../figures/words.ts";
import { type Finding } from "./finding.ts";
import { findPeaks, type Peaks } from "./peaks.ts";

interface FailureRule {
  /** What can fail so: the failure's share is of this. */
  readonly of: (counts: readonly Count[]) => number;
  /** Share from which it always stands out. */
  readonly share: number;
}

const RULES: Readonly<Record<Failure, FailureRule>> = {
  "client-failed": { of: countPages, share: CLIENT_FAILED_SHARE },
  "policy-blocked": { of: countPages, share: POLICY_BLOCKED_SHARE },
  "never-ready": { of: countPages, share: NEVER_READY_SHARE },
  "token-refused": { of: countTries, share: TRY_FAILED_SHARE },
  "start-refused": { of: countTries, share: TRY_FAILED_SHARE },
  "connection-lost": { of: countStarted, share: CONNECTION_LOST_SHARE },
  "history-missing": { of: countOffered, share: HISTORY_MISSING_SHARE },
};

const isOfPages = (failure: Failure) => RULES[failure].of === countPages;

/** The failures that stand out: by their share, beside the days before, or by a day beside the other days. */
export function findFailures(figures: ReportFigures): Finding[] {
  const failures = buildFailures(figures);
  return failures.flatMap((total) => {
    // Hours do not tell the status of a refused start: a peak is of the most frequent one.
    const isFirst = failures.find(({ failure }) => failure === total.failure) === total;
    const peaks = isFirst ? findPeaks(figures, total.failure) : null;
    const lasting = Math.max(weighShare(figures, total), weighGrowth(figures, total));
    if (lasting < 1 && peaks === null) return [];
    const isOver = peaks?.isOver === true && lasting < 1;
    return [
      {
        subject: total.failure,
        what: say(figures, total, peaks),
        todo: isOver ? `If you know the cause, nothing is to be done. Otherwise: ${total.todo}` : total.todo,
        weight: Math.max(lasting, 1),
        most: { browser: keyOfMost(total, total.browser), version: keyOfMost(total, total.version) },
      },
    ];
  });
}

/** Pages in which the chat could load; `null` where fewer were counted than failures: then there is no share. */
function countWhole({ counts, rolloutPercent }: ReportFigures, { failure, count }: FailureTotal): number | null {
  const whole = RULES[failure].of(counts);
  // Without chats that it is a share of, nothing went well.
  if (!isOfPages(failure)) return Math.max(whole, count);
  return whole < count ? null : Math.max((whole * rolloutPercent) / 100, count);
}

function weighShare(figures: ReportFigures, total: FailureTotal): number {
  const { failure, count } = total;
  const isLog = figures.days === null;
  if (count < (isLog ? 1 : LEAST_FAILURES)) return 0;
  const whole = countWhole(figures, total);
  if (whole !== null) return count / whole / RULES[failure].share;
  return isLog ? 1 : 0;
}

/** Beside the days before: by share, or by count where neither span has a share. */
function weighGrowth({ counts, before: allBefore }: ReportFigures, { failure, count, before }: FailureTotal): number {
  if (before === null || count < LEAST_GROWN_FAILURES) return 0;
  const [whole, wholeBefore] = [RULES[failure].of(counts), RULES[failure].of(allBefore)];
  const least = Math.max(before, 1);
  const [hasShare, hadShare] = [whole >= count || !isOfPages(failure), wholeBefore >= least];
  if (hasShare && hadShare) return count / Math.max(whole, count) / (least / wholeBefore) / FAILURE_GROWTH;
  return hasShare || hadShare ? 0 : count / least / FAILURE_GROWTH;
}

function say(figures: ReportFigures, total: FailureTotal, peaks: Peaks | null): string {
  const { what, count, before } = total;
  const compared = before === null ? "" : ` (${formatCount(before)} ${sayBefore(figures.days)})`;
  // After a clause of two parts, "in" would belong to the second one alone.
  const where = what.includes(",") ? ": in" : " in";
  const first = `${what}${where} ${countOf(count, "page view")}${sayPlace(total, peaks)}${compared}.`;
  return [first, sayWhole(figures, total), sayOver(peaks)].filter((sentence) => sentence !== "").join(" ");
}

function sayPlace(total: FailureTotal, peaks: Peaks | null): string {
  const [browser, days] = [sayBrowser(total), peaks === null ? "" : sayDays(peaks)];
  const isMost = peaks !== null && peaks.count > MOST_SHARE * total.count;
  if (browser === "" && days !== "") return isMost ? `, most of them ${days}` : `, far more than usual ${days}`;
  const place = browser === "" ? "" : `, ${total.count === 1 ? "" : "most of them "}${browser}`;
  return days === "" ? place : `${place}, and ${isMost ? "most" : "far more than usual"} ${days}`;
}

/** Each sentence of most is true by itself: the two together are named as one place only if most were there. */
function sayBrowser(total: FailureTotal): string {
  const [browser, version] = [keyOfMost(total, total.browser), keyOfMost(total, total.version)];
  const parts = [
    browser === "" ? "" : `in ${nameFamily(browser)}`,
    version === "" ? "" : `with version ${nameWord(version)}`,
  ];
  return parts.filter((part) => part !== "").join(total.both > MOST_SHARE * total.count ? " " : ", and most ");
}

/** The key of a part that is most of the failure; empty where it is not. */
function keyOfMost({ count }: FailureTotal, part: FailureTotal["browser"]): string {
  return part.count > MOST_SHARE * count ? part.key : "";
}

function sayDays({ days }: Peaks): string {
  const [first = 0] = days;
  return days.length > MAX_NAMED_DAYS
    ? `on ${days.length} days from ${formatDay(first)} to ${formatDay(days.at(-1) ?? first)}`
    : `on ${joinWords(days.map((day) => formatDay(day)))}`;
}

/** What it is a share of, where that is not simply all pages; empty otherwise. */
function sayWhole(figures: ReportFigures, total: FailureTotal): string {
  if (!isOfPages(total.failure)) return "";
  const { counts, rolloutPercent } = figures;
  const pages = countPages(counts);
  const whole = countWhole(figures, total);
  if (whole === null) {
    return `That is more than the ${countOf(pages, "page")} that were counted: pages from a cache, and pages with the tag put in by hand, are not counted.`;
  }
  if (rolloutPercent === 100) return "";
  return `With ROLLOUT_PERCENT=${rolloutPercent}, that is ${formatShare(total.count, whole)} of the page views that get the chat.`;
}

function sayOver(peaks: Peaks | null): string {
  return peaks?.isOver === true ? `Since ${formatDay(peaks.since)} it has been as usual again.` : "";
}
