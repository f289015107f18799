import { buildFailures, hasTold } from "../figures/failures.ts";
import { countPages, countStarted } from "../figures/funnel.ts";
import { pick, type ReportFigures, sum } from "../figures/report-figures.ts";
import { countOf, joinWords } from "../figures/words.ts";
import { LEAST_FOR_ABSENCE } from "../limits.ts";
import { findOfChats } from "./chat-findings.ts";
import { findFailures } from "./failure-findings.ts";
import { type Finding } from "./finding.ts";
import { findOfPages } from "./page-findings.ts";

/** What a reader in a hurry reads. */
export interface Verdict {
  /** `unclear`: nothing stands out, and too little is known to say that all is well. */
  readonly kind: "well" | "trouble" | "unclear" | "nothing";
  /** One sentence, or a few. */
  readonly text: string;
  /** What to do; empty where nothing is to be done. */
  readonly todo: string;
  /** Everything that stands out, the worst first: the text is of the first. */
  readonly findings: readonly Finding[];
}

/** Decides what stands out in the figures: the one place for the terminal and for the page. */
export function decideVerdict(figures: ReportFigures): Verdict {
  if (sum(figures.counts) + sum(figures.before) === 0) return sayNothing(figures);
  const findings = [...findFailures(figures), ...findOfPages(figures), ...findOfChats(figures)].toSorted(
    (a, b) => b.weight - a.weight,
  );
  const [worst] = findings;
  if (worst !== undefined) return { kind: "trouble", text: worst.what, todo: worst.todo, findings };
  const [pages, started] = [countPages(figures.counts), countStarted(figures.counts)];
  if (pages === 0 || started === 0) return sayUnclear(figures);
  // Each chat tells at least that it was opened; a page in which nothing happened tells nothing.
  if (started >= LEAST_FOR_ABSENCE && !hasTold(figures.counts)) return saySilent(figures);
  return { kind: "well", text: sayWell(figures), todo: "", findings };
}

function sayNothing({ days }: ReportFigures): Verdict {
  return {
    kind: "nothing",
    text: "Nothing was counted.",
    todo:
      days === null
        ? "Open a page of the site in a browser, and chat: then run this again."
        : "Open a page of your site, wait five minutes, and run this again. If nothing is counted then, check with `npm run doctor` that the Worker answers for your pages, and that METRICS was bound when you deployed.",
    findings: [],
  };
}

function sayWell(figures: ReportFigures): string {
  const rest = buildFailures(figures).length > 0 ? "no failure stands out" : "no failure was told";
  return `All is well: ${joinWords([...sayCounts(figures), rest])}.`;
}

/** Chats, and no word of a browser: that nothing failed is not known. */
function saySilent(figures: ReportFigures): Verdict {
  return {
    kind: "unclear",
    text: `What failed in browsers is not known: they told nothing, as with OUTCOMES=0 or an older version of the Worker. Nothing else stands out: ${joinWords(sayCounts(figures))}.`,
    todo: "To know it, set OUTCOMES to 1 in `wrangler.toml`, and run `npm run deploy` with this version.",
    findings: [],
  };
}

function sayCounts({ counts }: ReportFigures): string[] {
  return [
    countOf(countPages(counts), "page got the chat", "pages got the chat"),
    countOf(countStarted(counts), "chat was started", "chats were started"),
  ];
}

function sayUnclear({ counts, days }: ReportFigures): Verdict {
  const [pages, started] = [countPages(counts), countStarted(counts)];
  const missing = [
    pages === 0 ? "no page that got the chat" : "",
    started === 0 ? "no chat that was started" : "",
  ].filter((part) => part !== "");
  const again = days === null ? "then run this again" : "wait five minutes, and run this again";
  const isObserved = pages === 0 && pick(counts, "page.observed").length > 0;
  const todo = isObserved
    ? "MODE=observe changes no page: its figures are below. Visitors get the chat with MODE=on."
    : started > 0
      ? "If your pages have the tag by hand, or come from a cache, this is as it should be: open one, and see whether the chat is there. Otherwise run `npm run doctor` with the address of your site."
      : `Open ${pages === 0 ? "a page of your site" : "the chat on your site"}, start a chat, ${again}. If it is not counted then, run \`npm run doctor\` with the address of your site.`;
  return {
    kind: "unclear",
    text: `Nothing stands out, but too little was counted to say that all is well: ${missing.join(" and ")}.`,
    todo,
    findings: [],
  };
}
