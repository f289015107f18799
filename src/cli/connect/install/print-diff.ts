import { toPrintableLine } from "../../shared/printable.ts";
import { type DiffLine } from "./content/diff-content.ts";

/** Source: ECMA-48, SGR: green, red. */
const COLOURS = { "+": "\u001b[32m", "-": "\u001b[31m" } as const;
const PLAIN = "\u001b[39m";

/** Prints a diff, in colours on a terminal. Names of an owner's blocks cannot change the terminal. */
export function printDiff(lines: readonly DiffLine[]): void {
  const hasColours = process.stdout.isTTY && !process.env["NO_COLOR"];
  for (const { sign, text } of lines) {
    const line = `  ${sign} ${toPrintableLine(text)}`;
    process.stdout.write(`${hasColours ? `${COLOURS[sign]}${line}${PLAIN}` : line}\n`);
  }
}
