import { CONTINUE_ATTRIBUTE } from "../../../../core/chat/continuation.ts";
import { describeBlock } from "./parse-flow.ts";
import { type Visit } from "./take-branches.ts";
import { type Reached, type Step } from "./walk-flow.ts";

const MAX_STEPS_SHOWN = 4;

/** The last steps of a way, and the block that it leads to. */
export function describeWay({ block, way }: Pick<Reached, "block" | "way">): string {
  const shown = way.slice(-MAX_STEPS_SHOWN).map(describeStep);
  return [...(way.length > shown.length ? ["…"] : []), ...shown, describeBlock(block)].join(" > ");
}

function describeStep({ block, branch }: Step): string {
  return branch === "Success" ? describeBlock(block) : `${describeBlock(block)} (${branch})`;
}

/** A line for each text, with the visitors of whom it is true. */
export function describeByVisit(said: readonly (readonly [text: string, visit: Visit])[]): readonly string[] {
  const visits = Map.groupBy(said, ([text]) => text);
  return [...visits].map(([text, of]) => {
    const names = new Set(of.map(([, visit]) => visit));
    return `${CONTINUE_ATTRIBUTE} = ${[...names].join(" or ")}: ${text}`;
  });
}
