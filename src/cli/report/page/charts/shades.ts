import { formatCount } from "../../../../core/outcome/words.ts";
import { renderLegend } from "../sections/section.ts";
import { shadeOf } from "./heat-map.ts";

/** What the shades of a heat map stand for: "0", "1 to 4", "5 or more". */
export function renderShades(steps: readonly number[], palette: string): string {
  const classes = [0, ...steps].map((least, index) => {
    const next = steps[index];
    const name =
      least === 0 || next === least + 1
        ? formatCount(least)
        : next === undefined
          ? `${formatCount(least)} or more`
          : `${formatCount(least)} to ${formatCount(next - 1)}`;
    return { name, colour: `var(--${palette}${shadeOf(least, steps)})` };
  });
  return renderLegend(classes);
}
