import { formatCount } from "../../../core/outcome/words.ts";
import { formatWeekday, listDays, toDay } from "../figures/calendar.ts";
import { pickFailures } from "../figures/failures.ts";
import { type ReportFigures, type HourCount, pick, totalBy } from "../figures/report-figures.ts";
import { countOf } from "../figures/words.ts";
import { decideVerdict, type Verdict } from "../judge/verdict.ts";
import { escapeHtml } from "./escape-html.ts";
import { buildBrowserSections } from "./sections/browser-sections.ts";
import { buildChatSections } from "./sections/chat-sections.ts";
import { buildFailureSections } from "./sections/failure-sections.ts";
import { buildPageSections } from "./sections/page-sections.ts";
import { renderSection, renderText, type Section } from "./sections/section.ts";
import { buildWaySection } from "./sections/way-section.ts";
import { STYLE } from "./style.ts";

/** Nothing but this page: no script, nothing from elsewhere, whatever a text in the figures tries. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const MADE_UP = "Made-up figures: this shop does not exist. They only show what the report looks like.";

/**
 * The page of `npm run report -- --html`: one file, without script.
 *
 * @param now When the page is made, in seconds.
 */
export function renderPage(figures: ReportFigures, now: number): string {
  const { title, isExample } = figures;
  const verdict = decideVerdict(figures);
  const sections = verdict.kind === "nothing" ? [] : buildSections(figures, verdict);
  const heading = isExample ? `${title} (made up)` : title;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(`Chat report: ${heading}`)}</title>
<style>${STYLE}</style>
</head>
<body>
${isExample ? `<p class="band">${MADE_UP}</p>\n` : ""}<header>
<p class="kind">Chat report</p>
<h1>${escapeHtml(heading)}</h1>
${renderVerdict(verdict)}
</header>
<main>
${sections.map(renderSection).join("\n")}
</main>
${verdict.kind === "nothing" ? "" : renderNumbers(figures)}
<footer><p>${escapeHtml(sayFoot(figures, now))}</p></footer>
</body>
</html>
`;
}

function buildSections(figures: ReportFigures, { findings }: Verdict): Section[] {
  const way = buildWaySection(figures, findings);
  return [
    ...(way === null ? [] : [way]),
    ...buildFailureSections(figures, findings),
    ...buildBrowserSections(figures, findings),
    ...buildChatSections(figures, findings),
    ...buildPageSections(figures, findings),
  ];
}

const MARKS = { well: "✓", trouble: "!", unclear: "?", nothing: "–" } as const;

function renderVerdict({ kind, text, todo, findings }: Verdict): string {
  const more = findings.slice(1).map(({ what, todo: next }) => `<li>${renderText(`${what} ${next}`)}</li>`);
  return `<div class="verdict ${kind}"><span class="mark" aria-hidden="true">${MARKS[kind]}</span><div><p><strong>${renderText(text)}</strong></p>${
    todo === "" ? "" : `<p>${renderText(todo)}</p>`
  }${more.length === 0 ? "" : `<ul>${more.join("")}</ul>`}</div></div>`;
}

/** The pictures by day once more, as numbers. */
function renderNumbers({ hours, span }: ReportFigures): string {
  if (span === null) return "";
  const columns = [
    ["pages with the chat", pick(hours, "page.injected")],
    ["chats started", pick(hours, "contact.recorded", "started")],
    ["failures", pickFailures(hours)],
  ] as const;
  const byDay = columns.map(([, counts]) => countByDay(counts));
  const rows = listDays(span).map((day) => {
    const cells = byDay.map((totals) => `<td>${formatCount(totals.get(day) ?? 0)}</td>`);
    return `<tr><th scope="row">${formatWeekday(day)}</th>${cells.join("")}</tr>`;
  });
  const heads = columns.map(([name]) => `<th scope="col">${name}</th>`);
  return `<details class="numbers"><summary>The numbers, day by day</summary><table><thead><tr><th scope="col">day</th>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></details>`;
}

function countByDay(counts: readonly HourCount[]): Map<number, number> {
  return new Map(totalBy(counts, ({ hour }) => toDay(hour)).map(({ key, count }) => [key, count]));
}

function sayFoot({ days, withoutTime, isExample }: ReportFigures, now: number): string {
  const made = isExample ? "" : `Made on ${new Date(now * 1000).toISOString().slice(0, 16).replace("T", " ")}. `;
  const sampled =
    days === null || isExample
      ? ""
      : " With many events, Analytics Engine counts a sample: figures are then close, not exact.";
  const untimed =
    withoutTime === 0
      ? ""
      : ` ${countOf(withoutTime, "line")} of the log without a time that can be right: counted, and in no picture by day or hour.`;
  return `${made}All days and hours are in UTC.${sampled}${untimed}`;
}
