import { barX, ruleX, text, tickX } from "@observablehq/plot";
import { largest } from "../../figures/report-figures.ts";
import { CHART_WIDTH, draw } from "./draw.ts";

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Stands at the bar's end. */
  readonly text: string;
  /** A line at this value. */
  readonly before?: number | null;
  /** A colour of the page's style. */
  readonly colour?: string;
}

const ROW_HEIGHT = 38;
const LABEL_HEIGHT = 18;
/** A small and a capital letter of a wide font, on average. */
const SMALL_WIDTH = 6.6;
const CAPITAL_WIDTH = 10;
/** A bold letter or digit, on average. */
const LETTER_WIDTH = 7.5;

/** The text at a bar's end leaves the bar a third of the picture. */
const MAX_TEXT_WIDTH = (CHART_WIDTH * 2) / 3;

/** Bars from the left, each under its label: a label may be as long as the picture is wide. */
export function drawBars(label: string, bars: readonly Bar[]): string {
  const rows = bars.map((bar, row) => ({
    ...bar,
    row,
    before: bar.before ?? null,
    colour: bar.colour ?? "var(--bar)",
  }));
  const most = Math.max(1, largest(rows.map(({ value, before }) => Math.max(value, before ?? 0))));
  const right = Math.min(MAX_TEXT_WIDTH, LETTER_WIDTH * largest(rows.map((bar) => bar.text.length)));
  return draw(label, {
    height: rows.length * ROW_HEIGHT + 6,
    marginLeft: 1,
    marginRight: 10 + right,
    marginTop: 2,
    marginBottom: 4,
    y: { axis: null, domain: rows.map(({ row }) => row), padding: 0 },
    x: { axis: null, domain: [0, most] },
    marks: [
      barX(rows, {
        y: "row",
        x: "value",
        fill: "colour",
        insetTop: LABEL_HEIGHT,
        insetBottom: 4,
        title: (bar: Bar) => `${bar.label}: ${bar.text}`,
      }),
      tickX(
        rows.filter(({ before }) => before !== null),
        { y: "row", x: "before", stroke: "currentColor", strokeWidth: 2, insetTop: 15, insetBottom: 2 },
      ),
      ruleX([0], { stroke: "var(--line)" }),
      text(rows, {
        y: "row",
        x: 0,
        text: (bar: Bar) => fit(bar.label, CHART_WIDTH),
        textAnchor: "start",
        dx: 1,
        dy: -ROW_HEIGHT / 2 + 8,
        fill: "currentColor",
      }),
      text(rows, {
        y: "row",
        x: ({ value, before }: (typeof rows)[number]) => Math.max(value, before ?? 0),
        text: (bar: Bar) => fit(bar.text, MAX_TEXT_WIDTH),
        textAnchor: "start",
        dx: 6,
        dy: 7,
        fill: "currentColor",
        fontWeight: 600,
      }),
    ],
  });
}

/** A text, cut where its room ends: no font is at hand to measure it, and capital letters are the wider ones. */
function fit(label: string, room: number): string {
  const letters = Array.from(label);
  let width = 0;
  const end = letters.findIndex((letter) => {
    width += /[a-z .,']/.test(letter) ? SMALL_WIDTH : CAPITAL_WIDTH;
    return width > room;
  });
  return end === -1 ? label : `${letters.slice(0, end - 1).join("")}…`;
}
