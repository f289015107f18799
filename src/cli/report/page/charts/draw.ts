import { plot, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** In units of the picture, which is as wide as its column: on a phone of 360 pixels somewhat less than a pixel each. */
export const CHART_WIDTH = 360;

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/**
 * Draws a chart as SVG, without a browser.
 *
 * @param label What the picture shows, for those who do not see it.
 * @returns Markup, with every text of the figures escaped. Colours are variables of the page's style.
 */
export function draw(label: string, options: PlotOptions): string {
  const chart = plot({
    document,
    width: CHART_WIDTH,
    style: { fontSize: "13px", background: "none" },
    color: { type: "identity" },
    ...options,
  });
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", label);
  return shorten(chart.outerHTML);
}

/** Without Plot's style sheet, since the page has its own, and with one decimal for a place: no screen shows more. */
function shorten(svg: string): string {
  return svg.replace(/<style>[^]*?<\/style>/, "").replace(/<[^>]*>/g, (tag) => tag.replace(/(\.\d)\d+/g, "$1"));
}
