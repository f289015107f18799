import { MAX_REPORT_BARS } from "../../limits.ts";
import { type Count, type ReportFigures, pick, sum, totalBy, cutTotals } from "../../figures/report-figures.ts";
import { formatCount, formatShare } from "../../../../core/outcome/words.ts";
import { countOf, nameWord, nameOthers } from "../../figures/words.ts";
import { type Finding } from "../../judge/finding.ts";
import { drawBars } from "../charts/bars.ts";
import { sayTodo, type Section } from "./section.ts";

/** Which pages got the chat, and why others did not. */
export function buildPageSections({ counts }: ReportFigures, findings: readonly Finding[]): Section[] {
  const observed = pick(counts, "page.observed");
  return [
    buildSection("Pages left alone, and why", pick(counts, "page.injected"), pick(counts, "page.left-alone"), {
      got: "got the chat",
      todo: sayTodo(findings, ({ subject }) => subject === "left-alone"),
    }),
    buildSection(
      "With MODE=observe: pages that would be left alone",
      observed.filter(({ outcome }) => outcome === "inject"),
      observed.filter(({ outcome }) => outcome !== "inject"),
      { got: "would get the chat", todo: "" },
    ),
  ].filter((section) => section !== null);
}

function buildSection(
  title: string,
  got: readonly Count[],
  left: readonly Count[],
  words: { readonly got: string; readonly todo: string },
): Section | null {
  const all = sum(got) + sum(left);
  if (all === 0) return null;
  const reasons = totalBy(left, ({ reason }) => nameWord(reason));
  const bars = cutTotals(reasons, MAX_REPORT_BARS, nameOthers).map(({ key, count }) => ({
    label: key,
    value: count,
    text: `${formatCount(count)}, ${formatShare(count, all)}`,
    colour: "var(--quiet)",
  }));
  const told = bars.map(({ label, text }) => `${label} ${text}`).join("; ");
  return {
    title,
    picture: bars.length === 0 ? "" : drawBars(`${title}: ${told}`, bars),
    meaning:
      left.length === 0
        ? `${countOf(all, `page ${words.got}`, `pages ${words.got}`)}: no page was left alone.`
        : `${formatShare(sum(got), all)} of ${countOf(all, "page")} ${words.got}. Of the others, each bar has one reason; .github/OPERATING.md, "What happens to a page" says what each means.`,
    todo: words.todo,
  };
}
