import { type Failure } from "../../../core/outcome/outcome.ts";
import { FAILURE_GROWTH, FAILURE_PEAK, LEAST_FAILURES, LEAST_GROWN_FAILURES } from "../../../limits.ts";
import { buildFailures, type FailureTotal, pickFailures } from "../figures/failures.ts";
import { type Count, type ReportFigures, totalBy } from "../figures/report-figures.ts";
import { countOffered, countOpened, countPages, countStarted, countTokens } from "../figures/funnel.ts";
import { countOf, formatCount, formatDay, joinWords, nameFamily, nameWord, sayBefore } from "../figures/words.ts";
import { type Finding } from "./finding.ts";

interface FailureRule {
  /** What can fail so: the failure's share is of this. */
  readonly of: (counts: readonly Count[]) => number;
  /** Share from which it always stands out. */
  readonly share: number;
  /** What is counted. */
  readonly one: string;
}

const countTries = (counts: readonly Count[]) => Math.max(countOpened(counts), countTokens(counts));

const RULES: Readonly<Record<Failure, FailureRule>> = {
  // Ad blockers and the filters of offices stop some chat clients everywhere.
  "client-failed": { of: countPages, share: 0.03, one: "page view" },
  // A policy is the same for all visitors: only extensions add their own.
  "policy-blocked": { of: countPages, share: 0.01, one: "page view" },
  // Who leaves a page early or has a very slow device gets no widget.
  "never-ready": { of: countPages, share: 0.03, one: "page view" },
  // Nothing but a fault keeps a token from a visitor who asks for it, or calls from one address that are too many.
  "token-refused": { of: countTries, share: 0.02, one: "page view" },
  "start-refused": { of: countTries, share: 0.02, one: "page view" },
  // Phones lose their network.
  "connection-lost": { of: countStarted, share: 0.1, one: "page view" },
  // Transcripts are late at times, or a visitor leaves before old messages come.
  "history-missing": { of: countOffered, share: 0.1, one: "page view" },
};

/** Days of which a typical one can be told. */
const LEAST_DAYS = 5;

/** More than half of them: then a browser or a version is named as the place of a failure. */
const MOST = 0.5;

/** The failures that stand out: by their share, beside the days before, or by a day beside the other days. */
export function findFailures(figures: ReportFigures): Finding[] {
  return buildFailures(figures).flatMap((total) => {
    const peaks = findPeaks(figures, total.failure);
    const weight = Math.max(weighShare(figures, total), weighGrowth(figures, total), peaks.length > 0 ? 1 : 0);
    return weight < 1 ? [] : [{ subject: total.failure, what: say(figures, total, peaks), todo: total.todo, weight }];
  });
}

function weighShare({ counts, days }: ReportFigures, { failure, count }: FailureTotal): number {
  const { of, share } = RULES[failure];
  if (count < (days === null ? 1 : LEAST_FAILURES)) return 0;
  // Without pages or chats that it is a share of, nothing went well.
  return count / Math.max(of(counts), count) / share;
}

function weighGrowth({ counts, before: allBefore }: ReportFigures, { failure, count, before }: FailureTotal): number {
  const { of } = RULES[failure];
  const wholeBefore = of(allBefore);
  if (before === null || wholeBefore === 0 || count < LEAST_GROWN_FAILURES) return 0;
  const rateBefore = Math.max(before, 1) / wholeBefore;
  return count / Math.max(of(counts), count) / rateBefore / FAILURE_GROWTH;
}

/** Days with many more failures of a kind than the typical day has, in their order. */
function findPeaks({ hours, span }: ReportFigures, failure: Failure): number[] {
  if (span === null) return [];
  const byDay = totalBy(
    pickFailures(hours).filter(({ outcome }) => outcome === failure),
    ({ hour }) => hour - (hour % 86_400),
  );
  const dayCount = Math.ceil((span.until - span.from) / 86_400);
  if (dayCount < LEAST_DAYS) return [];
  const typical = byDay[Math.floor(dayCount / 2)]?.count ?? 0;
  return byDay
    .filter(({ count }) => count >= LEAST_GROWN_FAILURES && count >= FAILURE_PEAK * typical)
    .map(({ key }) => key)
    .toSorted((a, b) => a - b);
}

function say({ days }: ReportFigures, total: FailureTotal, peaks: readonly number[]): string {
  const { what, count, before, failure } = total;
  const places = [sayBrowser(total), sayDays(peaks)].filter((place) => place !== "");
  const most = places.length === 0 ? "" : `, most of them ${places.join(", ")}`;
  const compared = before === null ? "" : ` (${formatCount(before)} ${sayBefore(days)})`;
  return `${what} in ${countOf(count, RULES[failure].one)}${most}${compared}.`;
}

function sayBrowser({ browser, version, count }: FailureTotal): string {
  const isMost = (part: { readonly key: string; readonly count: number }) =>
    part.key !== "" && part.count > MOST * count;
  const parts = [
    isMost(browser) ? `in ${nameFamily(browser.key)}` : "",
    isMost(version) ? `with version ${nameWord(version.key)}` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

const MAX_NAMED_DAYS = 3;

function sayDays(peaks: readonly number[]): string {
  if (peaks.length === 0) return "";
  const [first = 0] = peaks;
  return peaks.length > MAX_NAMED_DAYS
    ? `since ${formatDay(first)}`
    : `on ${joinWords(peaks.map((day) => formatDay(day)))}`;
}
