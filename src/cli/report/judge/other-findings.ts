import { type Count, type ReportFigures, pick, sum, totalBy } from "../figures/report-figures.ts";
import { countAsked, countLinked, countPages, countStarted, countTokens } from "../figures/funnel.ts";
import { formatShare } from "../../../core/outcome/words.ts";
import { countOf, formatCount, joinWords, nameWord, sayBefore } from "../figures/words.ts";
import { type Finding } from "./finding.ts";

/** Fewer than this many of a thing tell no share that one can build on. */
const LEAST_FOR_SHARE = 20;

type Rule = (figures: ReportFigures) => Finding | null;

const RULES: readonly Rule[] = [
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
      weight: 1.5,
    };
  },
  /** Nothing is shown any more: the Route is gone, MODE has changed, or every page has a reason. */
  ({ counts, before, days }) => {
    const [now, then] = [countPages(counts), countPages(before)];
    if (then < LEAST_FOR_SHARE || now > 0) return null;
    return {
      subject: "pages",
      what: `No page got the chat (${formatCount(then)} ${sayBefore(days)}).`,
      todo: "Run `npm run doctor` with the address of your site, and check MODE and the Worker's Route.",
      weight: 100,
    };
  },
  /** Half as many is more than a quiet week, where the pages have as many visitors as before. */
  ({ counts, before, days }) => {
    const [now, then] = [countStarted(counts), countStarted(before)];
    const hasVisitors = countPages(counts) >= 0.7 * countPages(before) && countPages(counts) > 0;
    if (then < LEAST_FOR_SHARE || now >= then / 2 || !hasVisitors) return null;
    return {
      subject: "started",
      what: `Only ${countOf(now, "chat was", "chats were")} started (${formatCount(then)} ${sayBefore(days)}).`,
      todo: "Open the chat on your site yourself. If it does not start, run `npm run doctor` and `npm run connect -- check`.",
      weight: then / Math.max(now, 1) / 2,
    };
  },
  /** One call in 20: a visitor repeats a refused call some times, so that fewer visitors than that are behind it. */
  ({ counts }) => {
    const refused = pickRefused(counts);
    const [all, share] = [sum(refused), sum(refused) / Math.max(sum(refused) + countTokens(counts), 1)];
    const [most] = totalBy(refused, ({ event, reason }) => (reason === "" ? event : reason));
    if (all < LEAST_FOR_SHARE || share < 0.05 || most === undefined) return null;
    return {
      subject: "refused",
      what: `The Worker refused ${countOf(all, "call")} of the chat, most often with ${nameWord(most.key)}.`,
      todo: 'See .github/OPERATING.md, "Routes" for what each code means; the log has each call as `chat.refused` or `chat.failed`.',
      weight: share / 0.05,
    };
  },
  /** Some chats end before the link comes; of a working setup it is fewer than a third. */
  ({ counts }) => {
    const [asked, linked] = [countAsked(counts), countLinked(counts)];
    if (asked < LEAST_FOR_SHARE || linked >= (2 / 3) * asked) return null;
    return {
      subject: "linked",
      what: `Amazon confirmed only ${formatCount(linked)} of ${countOf(asked, "chat")} as linked to the earlier one.`,
      todo: "Run `npm run connect -- check`, then `npm run connect -- rehearse`.",
      weight: 1 + (asked - linked) / asked,
    };
  },
  /** A tenth of the pages: new pages of a site seldom change the share by more. */
  ({ counts, before, days }) => {
    const [now, then] = [shareOfPages(counts), shareOfPages(before)];
    if (now === null || then === null || then - now < 0.1) return null;
    const [most] = totalBy(pick(counts, "page.left-alone"), ({ reason }) => reason);
    return {
      subject: "left-alone",
      what: `${formatShare(now, 1)} of the pages got the chat (${formatShare(then, 1)} ${sayBefore(days)}); most others were left alone as \`${nameWord(most?.key ?? "")}\`.`,
      todo: "Run `npm run doctor` with the address of your site: it names the pages and what to do.",
      weight: (then - now) / 0.1,
    };
  },
];

/** What stands out beside the failures that browsers told. */
export function findOthers(figures: ReportFigures): Finding[] {
  return RULES.map((rule) => rule(figures)).filter((finding) => finding !== null);
}

/** The calls that the Worker refused, or failed to answer. */
export function pickRefused(counts: readonly Count[]): Count[] {
  return [...pick(counts, "chat.refused"), ...pick(counts, "chat.failed")];
}

const pickFaults = (counts: readonly Count[]) =>
  pick(counts, "page.left-alone").filter(({ reason }) => reason === "fault");

/** `null` where too few pages are known. */
function shareOfPages(counts: readonly Count[]): number | null {
  const got = countPages(counts);
  const all = got + sum(pick(counts, "page.left-alone"));
  return all < LEAST_FOR_SHARE ? null : got / all;
}
