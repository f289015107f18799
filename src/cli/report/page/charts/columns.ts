import { formatCount } from "../../../../core/outcome/words.ts";
import { axisX, axisY, barY, gridY, ruleY, stackY } from "@observablehq/plot";
import { largest } from "../../figures/report-figures.ts";
import { draw } from "./draw.ts";

export interface Column {
  /** Name of the column's place, such as a day. */
  readonly at: string;
  readonly series: string;
  readonly value: number;
  /** A colour of the page's style. */
  readonly colour: string;
}

const HEIGHT = 190;
/** Names under the columns that have room beside each other: the longest is "30 Sept". */
const MAX_NAMES = 5;
const GRID_LINES = 4;

/**
 * Columns beside each other, parts of one place above each other.
 *
 * @param places Every place in order, also those without a column.
 */
export function drawColumns(label: string, places: readonly string[], columns: readonly Column[]): string {
  const step = Math.ceil(places.length / MAX_NAMES);
  const highest = Math.max(1, largest(places.map((place) => totalAt(place, columns))));
  const ticks = Math.min(highest, GRID_LINES);
  return draw(label, {
    height: HEIGHT,
    marginLeft: 44,
    marginRight: 8,
    marginTop: 10,
    marginBottom: 26,
    x: { domain: [...places], padding: 0.2, label: null },
    y: { domain: [0, highest], nice: ticks, label: null },
    marks: [
      gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks }),
      axisY({ ticks, tickSize: 0, tickFormat: (count: number) => formatCount(count), label: null }),
      axisX(
        places.filter((_, index) => index % step === 0),
        { tickSize: 3, label: null },
      ),
      barY(
        columns,
        stackY({
          x: "at",
          y: "value",
          fill: "colour",
          title: ({ at, series, value }: Column) => `${at}: ${formatCount(value)} ${series}`,
        }),
      ),
      ruleY([0], { stroke: "currentColor" }),
    ],
  });
}

function totalAt(place: string, columns: readonly Column[]): number {
  return columns.reduce((total, { at, value }) => total + (at === place ? value : 0), 0);
}
