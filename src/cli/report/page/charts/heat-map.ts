import { formatCount } from "../../../../core/outcome/words.ts";
import { axisX, axisY, cell } from "@observablehq/plot";
import { largest } from "../../figures/report-figures.ts";
import { draw } from "./draw.ts";

export interface HeatCell {
  readonly row: string;
  /** Hour of the day. */
  readonly hour: number;
  readonly value: number;
}

export interface HeatMap {
  readonly svg: string;
  /** The least value of each shade, from the lightest, without 0. */
  readonly steps: readonly number[];
}

/** Shades beside the one for 0: an eye tells five apart. */
const SHADES = 5;

/**
 * One row for each day, one cell for each hour. Cells have shades instead of a scale of colours, so that the page's style
 * can have other shades in the dark.
 *
 * @param rows Every row in order.
 * @param palette Prefix of the colours in the page's style: `<palette>0` to `<palette>5`.
 */
export function drawHeatMap(
  label: string,
  rows: readonly string[],
  cells: readonly HeatCell[],
  palette: string,
): HeatMap {
  const steps = toSteps(cells);
  const shaded = cells.map((one) => ({
    ...one,
    colour: `var(--${palette}${shadeOf(one.value, steps)})`,
  }));
  const isLong = rows.length > 10;
  const svg = draw(label, {
    height: rows.length * (isLong ? 11 : 22) + 30,
    marginLeft: 52,
    marginRight: 10,
    marginTop: 2,
    marginBottom: 26,
    padding: 0.08,
    x: { domain: Array.from({ length: 24 }, (_, hour) => hour), label: null },
    y: { domain: [...rows], label: null },
    marks: [
      cell(shaded, {
        x: "hour",
        y: "row",
        fill: "colour",
        title: ({ row, hour, value }: HeatCell) => `${row}, ${hour}:00: ${formatCount(value)}`,
      }),
      axisY(
        rows.filter((_, index) => !isLong || index % 3 === 0),
        { tickSize: 0, label: null },
      ),
      axisX([0, 6, 12, 18, 23], { tickSize: 3, tickFormat: (hour: number) => `${hour}:00`, label: null }),
    ],
  });
  return { svg, steps };
}

/** 0 for nothing, the last one for the most: with fewer steps than shades, the lighter ones are left out. */
export function shadeOf(value: number, steps: readonly number[]): number {
  const reached = steps.filter((step) => value >= step).length;
  return reached === 0 ? 0 : SHADES - steps.length + reached;
}

/** Whole numbers from 1 that part the values evenly. */
function toSteps(cells: readonly HeatCell[]): number[] {
  const most = largest(cells.map(({ value }) => value));
  const steps = Array.from({ length: SHADES }, (_, index) => Math.max(1, Math.ceil((most * index) / SHADES)));
  return most === 0 ? [] : [...new Set(steps)];
}
