import { toPrintableLine } from "../shared/printable.ts";
import { type Finding } from "./catalogue.ts";

const MAX_PAGES_SHOWN = 8;
const LABELS = { blocks: "BLOCKS", warns: "warning", notes: "note" } as const;

/** @returns The finding as several lines: its weight and code, what was found, and what to do. */
export function renderFinding({ code, details, pages, todo, weight, what }: Finding): string {
  return [
    `${LABELS[weight]}  ${code}`,
    ...(pages.length === 0 ? [] : [`Pages: ${listPages(pages)}`]),
    what,
    ...details.flatMap(wrapDetail).map((line) => `    ${line}`),
    `To do: ${todo}`,
  ]
    .map((line, index) => (index === 0 ? line : `  ${line}`))
    .join("\n");
}

const LINE_CHARS = 92;
const MAX_DETAIL_LINES = 6;

/** A detail on lines that fit a terminal. A long list, such as the hosts of all regions, is cut: `--json` prints it whole. */
function wrapDetail(detail: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of toPrintableLine(detail).split(" ")) {
    if (line !== "" && line.length + word.length >= LINE_CHARS) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.length > MAX_DETAIL_LINES ? [...lines.slice(0, MAX_DETAIL_LINES), "  … (--json prints all)"] : lines;
}

function listPages(pages: readonly string[]): string {
  const shown = pages.slice(0, MAX_PAGES_SHOWN).join(" ");
  return pages.length > MAX_PAGES_SHOWN ? `${shown} and ${pages.length - MAX_PAGES_SHOWN} more` : shown;
}
