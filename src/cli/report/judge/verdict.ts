import { type ReportFigures } from "../figures/report-figures.ts";
import { buildFailures } from "../figures/failures.ts";
import { countPages, countStarted } from "../figures/funnel.ts";
import { countOf, joinWords } from "../figures/words.ts";
import { findFailures } from "./failure-findings.ts";
import { type Finding } from "./finding.ts";
import { findOthers } from "./other-findings.ts";

/** What a reader in a hurry reads. */
export interface Verdict {
  readonly kind: "well" | "trouble" | "nothing";
  /** One sentence. */
  readonly text: string;
  /** What to do; empty where nothing is to be done. */
  readonly todo: string;
  /** Everything that stands out, the worst first: the text is of the first. */
  readonly findings: readonly Finding[];
}

/** Decides what stands out in the figures: the one place for the terminal and for the page. */
export function decideVerdict(figures: ReportFigures): Verdict {
  if (figures.counts.length === 0 && figures.before.length === 0) {
    return {
      kind: "nothing",
      text: "Nothing was counted.",
      todo:
        figures.days === null
          ? "Open a page of the site in a browser, and chat: then run this again."
          : "Open a page of your site, wait five minutes, and run this again. If nothing is counted then, check with `npm run doctor` that the Worker answers for your pages, and that METRICS was bound when you deployed.",
      findings: [],
    };
  }
  const findings = [...findFailures(figures), ...findOthers(figures)].toSorted((a, b) => b.weight - a.weight);
  const [worst] = findings;
  return worst === undefined
    ? { kind: "well", text: sayWell(figures), todo: "", findings }
    : { kind: "trouble", text: worst.what, todo: worst.todo, findings };
}

function sayWell(figures: ReportFigures): string {
  const known = [
    [countPages(figures.counts), "page got the chat", "pages got the chat"],
    [countStarted(figures.counts), "chat was started", "chats were started"],
  ] as const;
  const parts = known.filter(([count]) => count > 0).map(([count, one, many]) => countOf(count, one, many));
  const rest = buildFailures(figures).length > 0 ? "no failure stands out" : "no failure was told";
  return `All is well: ${joinWords([...parts, rest])}.`;
}
