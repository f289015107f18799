import { barX, ruleX, text, tickX } from "@observablehq/plot";
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
/** Bars from the left, each under its label: a label may be as long as the picture is wide. */
export function drawBars(label: string, bars: readonly Bar[]): string {
  const rows = bars.map((bar, row) => ({
    ...bar,
    row,
    before: bar.before ?? null,
    colour: bar.colour ?? "var(--bar)",
  }));
  const most = Math.max(1, ...rows.map(({ value, before }) => Math.max(value, before ?? 0)));
  return draw(label, {
    height: rows.length * ROW_HEIGHT + 6,
    marginLeft: 1,
    marginRight: 10 + LETTER_WIDTH * Math.max(...rows.map((bar) => bar.text.length)),
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
        text: (bar: Bar) => fit(bar.label),
        textAnchor: "start",
        dx: 1,
        dy: -ROW_HEIGHT / 2 + 8,
        fill: "currentColor",
      }),
      text(rows, {
        y: "row",
        x: ({ value, before }: (typeof rows)[number]) => Math.max(value, before ?? 0),
        text: "text",
        textAnchor: "start",
        dx: 6,
        dy: 7,
        fill: "currentColor",
        fontWeight: 600,
      }),
    ],
  });
}

/** The label, cut where the picture ends: no font is at hand to measure it, and capital letters are the wider ones. */
function fit(label: string): string {
  const letters = Array.from(label);
  let width = 0;
  const end = letters.findIndex((letter) => {
    width += /[a-z .,']/.test(letter) ? SMALL_WIDTH : CAPITAL_WIDTH;
    return width > CHART_WIDTH;
  });
  return end === -1 ? label : `${letters.slice(0, end - 1).join("")}…`;
}
