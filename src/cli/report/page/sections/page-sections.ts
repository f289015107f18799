import { type Count, type ReportFigures, pick, sum, totalBy } from "../../figures/report-figures.ts";
import { formatShare } from "../../../../core/outcome/words.ts";
import { countOf, formatCount, nameWord } from "../../figures/words.ts";
import { type Finding } from "../../judge/finding.ts";
import { drawBars } from "../charts/bars.ts";
import { sayTodo, type Section } from "./section.ts";

/** Reasons that are shown: the others are rare. */
const MAX_REASONS = 8;

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
  const bars = totalBy(left, ({ reason }) => reason)
    .slice(0, MAX_REASONS)
    .map(({ key, count }) => ({
      label: nameWord(key),
      value: count,
      text: `${formatCount(count)}, ${formatShare(count, all)}`,
      colour: "var(--quiet)",
    }));
  const told = bars.map(({ label, text }) => `${label} ${text}`).join("; ");
  return {
    title,
    picture: bars.length === 0 ? "" : drawBars(`${title}: ${told}`, bars),
    meaning: `${formatShare(sum(got), all)} of ${countOf(all, "page")} ${words.got}. Of the others, each bar has one reason; .github/OPERATING.md, "What happens to a page" says what each means.`,
    todo: words.todo,
  };
}
