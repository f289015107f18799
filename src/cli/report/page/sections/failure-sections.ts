import { formatCount } from "../../../../core/outcome/words.ts";
import { FAILURES } from "../../../../core/outcome/outcome.ts";
import { HOUR_SECONDS, MOST_SHARE } from "../../../../limits.ts";
import { MAX_HEAT_MAP_DAYS } from "../../limits.ts";
import { formatHour, formatWeekday, listDays, toDay, toHourOfDay } from "../../figures/calendar.ts";
import { buildFailures, type FailureTotal, pickFailures, hasTold } from "../../figures/failures.ts";
import { type ReportFigures, sum, totalBy } from "../../figures/report-figures.ts";
import { countOf, formatDay, nameFamily } from "../../figures/words.ts";
import { describeFailure } from "../../../../core/outcome/advice.ts";
import { type Finding } from "../../judge/finding.ts";
import { drawBars } from "../charts/bars.ts";
import { drawColumns } from "../charts/columns.ts";
import { drawHeatMap } from "../charts/heat-map.ts";
import { renderShades } from "../charts/shades.ts";
import { renderLegend, renderText, sayTodo, type Section } from "./section.ts";
import { sayLine } from "./way-section.ts";

const colourOf = (failure: string) => `var(--f${FAILURES.findIndex((one) => one === failure)})`;

/** What failed in browsers, in all and by day and hour. */
export function buildFailureSections(figures: ReportFigures, findings: readonly Finding[]): Section[] {
  const failures = buildFailures(figures);
  if (failures.length === 0) return [];
  const sections = [buildTotals(figures, failures, findings), buildByDay(figures), buildByHour(figures)];
  return sections.filter((section) => section !== null);
}

function buildTotals(figures: ReportFigures, failures: readonly FailureTotal[], findings: readonly Finding[]): Section {
  const label = `Failures: ${failures.map(({ what, count }) => `${what} ${formatCount(count)}`).join("; ")}`;
  const bars = failures.map(({ failure, what, count, before, browser }) => ({
    label: what,
    value: count,
    before,
    text: `${formatCount(count)}${browser.key !== "" && browser.count > MOST_SHARE * count ? `, most in ${nameFamily(browser.key)}` : ""}`,
    colour: colourOf(failure),
  }));
  const advice = failures.map(({ what, todo }) => `<dt>${renderText(what)}</dt><dd>${renderText(todo)}</dd>`);
  return {
    title: "What failed in browsers",
    picture: `${drawBars(label, bars)}<details><summary>What to do about each</summary><dl>${advice.join("")}</dl></details>`,
    meaning: `Browsers told of ${countOf(sum(failures), "failure")}. One page view may stand for several: each kind counts once in it.${hasTold(figures.before) ? sayLine(figures) : ""}`,
    todo: sayTodo(findings, ({ subject }) => failures.some(({ failure }) => failure === subject)),
  };
}

function buildByDay({ hours, span }: ReportFigures): Section | null {
  const failures = pickFailures(hours);
  const days = span === null ? [] : listDays(span);
  if (days.length < 2 || failures.length === 0) return null;
  const columns = FAILURES.flatMap((failure) =>
    totalBy(
      failures.filter(({ outcome }) => outcome === failure),
      ({ hour }) => toDay(hour),
    ).map(({ key, count }) => ({
      at: formatDay(key),
      series: failure,
      value: count,
      colour: colourOf(failure),
    })),
  );
  const [most = { key: 0, count: 0 }] = totalBy(failures, ({ hour }) => toDay(hour));
  const told = FAILURES.filter((failure) => failures.some(({ outcome }) => outcome === failure));
  const legend = told.map((failure) => ({ name: describeFailure(failure).what, colour: colourOf(failure) }));
  return {
    title: "Failures, day by day",
    picture: `${drawColumns(
      `Failures by day; most on ${formatWeekday(most.key)}: ${formatCount(most.count)}`,
      days.map((day) => formatDay(day)),
      columns,
    )}${renderLegend(legend)}`,
    meaning: `Most failures were on ${formatWeekday(most.key)}: ${formatCount(most.count)}. A day that stands above the others often has a cause of its own: a new version, a change of your pages, or trouble at Amazon.`,
    todo: "",
  };
}

function buildByHour({ hours, span }: ReportFigures): Section | null {
  const failures = pickFailures(hours);
  const days = span === null ? [] : listDays(span);
  if (days.length < 2 || days.length > MAX_HEAT_MAP_DAYS || failures.length === 0) return null;
  const byHour = totalBy(failures, ({ hour }) => hour);
  const counts = new Map(byHour.map(({ key, count }) => [key, count]));
  const cells = days.flatMap((day) =>
    Array.from({ length: 24 }, (_, hour) => ({
      row: formatDay(day),
      hour,
      value: counts.get(day + hour * HOUR_SECONDS) ?? 0,
    })),
  );
  const [most = { key: 0, count: 0 }] = byHour;
  const at = `${formatWeekday(most.key)}, ${formatHour(toHourOfDay(most.key))} UTC`;
  const { svg, steps } = drawHeatMap(
    `Failures by day and hour; most on ${at}: ${formatCount(most.count)}`,
    days.map((day) => formatDay(day)),
    cells,
    "bad",
  );
  return {
    title: "Failures, hour by hour",
    picture: `${svg}${renderShades(steps, "bad")}`,
    meaning: `Each row is a day, each column an hour (UTC); the shade says how many failures there were. The worst hour was ${at}, with ${countOf(most.count, "failure")}. A block of strong shades begins where its cause began.`,
    todo: "",
  };
}
