import { buildFailures } from "../figures/failures.ts";
import { countPages, countStarted } from "../figures/funnel.ts";
import { pick, type ReportFigures, sum } from "../figures/report-figures.ts";
import { countOf, joinWords } from "../figures/words.ts";
import { findOfChats } from "./chat-findings.ts";
import { findFailures } from "./failure-findings.ts";
import { type Finding } from "./finding.ts";
import { findOfPages } from "./page-findings.ts";

/** What a reader in a hurry reads. */
export interface Verdict {
  /** `unclear`: nothing stands out, and too little was counted to say that all is well. */
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
  const isEnough = countPages(figures.counts) > 0 && countStarted(figures.counts) > 0;
  return isEnough ? { kind: "well", text: sayWell(figures), todo: "", findings } : sayUnclear(figures);
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
  const counts = [
    countOf(countPages(figures.counts), "page got the chat", "pages got the chat"),
    countOf(countStarted(figures.counts), "chat was started", "chats were started"),
  ];
  const rest = buildFailures(figures).length > 0 ? "no failure stands out" : "no failure was told";
  return `All is well: ${joinWords([...counts, rest])}.`;
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
