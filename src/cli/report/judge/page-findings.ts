import { formatCount, formatShare } from "../../../core/outcome/words.ts";
import { BUG_WEIGHT, NO_CHAT_WEIGHT, LEAST_FOR_ABSENCE, LEAST_FOR_SHARE, PAGES_FELL_SHARE } from "../limits.ts";
import { countPages } from "../figures/funnel.ts";
import { type Count, pick, type ReportFigures, sum, totalBy } from "../figures/report-figures.ts";
import { countOf, joinWords, nameWord, sayBefore } from "../figures/words.ts";
import { type Finding, type FindingRule } from "./finding.ts";

const RULES: readonly FindingRule[] = [
  /** A bug is a bug the first time. */
  ({ counts }) => {
    const [pages, calls] = [sum(pickFaults(counts)), sum(pick(counts, "chat.failed"))];
    if (pages + calls === 0) return null;
    const parts = [
      pages > 0 ? countOf(pages, "page was left alone", "pages were left alone") : "",
      calls > 0 ? countOf(calls, "call got no answer", "calls got no answer") : "",
    ];
    return {
      subject: "bug",
      what: `By a bug of this Worker, ${joinWords(parts.filter((part) => part !== ""))}.`,
      todo: "Look at the log's lines of the level `error`, and report what they say.",
      weight: BUG_WEIGHT,
    };
  },
  /** Every page has a reason. */
  ({ counts }) => {
    const left = countLeft(counts);
    if (countPages(counts) > 0 || left < LEAST_FOR_ABSENCE) return null;
    return {
      subject: "left-alone",
      what: `None of ${countOf(left, "page")} got the chat; most were left alone as \`${mostLeft(counts)}\`.`,
      todo: "Run `npm run doctor` with the address of your site: it names the pages and what to do.",
      weight: NO_CHAT_WEIGHT,
    };
  },
  /** Nothing is shown any more: the Route is gone, or MODE has changed. */
  ({ counts, before, days }) => {
    const then = countPages(before);
    if (then < LEAST_FOR_ABSENCE || countPages(counts) > 0) return null;
    return {
      subject: "pages",
      what: `No page got the chat (${formatCount(then)} ${sayBefore(days)}).`,
      todo: "Run `npm run doctor` with the address of your site, and check MODE and the Worker's Route.",
      weight: NO_CHAT_WEIGHT,
    };
  },
  ({ counts, before, days }) => {
    const [now, then] = [shareOfPages(counts), shareOfPages(before)];
    if (now === null || now === 0 || then === null || then - now < PAGES_FELL_SHARE) return null;
    return {
      subject: "left-alone",
      what: `${formatShare(now, 1)} of the pages got the chat (${formatShare(then, 1)} ${sayBefore(days)}); most others were left alone as \`${mostLeft(counts)}\`.`,
      todo: "Run `npm run doctor` with the address of your site: it names the pages and what to do.",
      weight: (then - now) / PAGES_FELL_SHARE,
    };
  },
];

/** What stands out about the pages themselves. */
export function findOfPages(figures: ReportFigures): Finding[] {
  return RULES.map((rule) => rule(figures)).filter((finding) => finding !== null);
}

const pickFaults = (counts: readonly Count[]) =>
  pick(counts, "page.left-alone").filter(({ reason }) => reason === "fault");

const countLeft = (counts: readonly Count[]) => sum(pick(counts, "page.left-alone"));

function mostLeft(counts: readonly Count[]): string {
  return nameWord(totalBy(pick(counts, "page.left-alone"), ({ reason }) => reason)[0]?.key ?? "");
}

/** `null` where too few pages are known. */
function shareOfPages(counts: readonly Count[]): number | null {
  const got = countPages(counts);
  const all = got + countLeft(counts);
  return all < LEAST_FOR_SHARE ? null : got / all;
}
