import { plot, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** In units of the picture, which is as wide as its column: on a phone of 360 pixels somewhat less than a pixel each. */
export const CHART_WIDTH = 360;

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** Attributes that hold nothing but places and lengths. */
const PLACES = ["d", "dx", "dy", "height", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"];

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
  shorten(chart);
  return chart.outerHTML;
}

/** Without Plot's style sheet, since the page has its own, and with one decimal for a place: no screen shows more. */
function shorten(chart: Element): void {
  for (const style of chart.querySelectorAll("style")) style.remove();
  for (const name of PLACES) {
    for (const element of chart.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, (element.getAttribute(name) ?? "").replace(/(\.\d)\d+/g, "$1"));
    }
  }
}
