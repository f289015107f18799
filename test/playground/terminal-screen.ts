/**
 * The lines that a terminal shows after some output: prompts draw over their earlier lines.
 *
 * Knows the control codes that our prompts use. Source: ECMA-48, control functions CUU, CUD, CUF, CUB, CHA, ED, EL.
 */
export function renderScreen(output: string): string[] {
  const lines: string[] = [""];
  let row = 0;
  let column = 0;
  const write = (text: string) => {
    const line = (lines[row] ?? "").padEnd(column);
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length);
    column += text.length;
  };
  const control = (kind: string, parameter: string) => {
    const count = Number(parameter || 1);
    if (kind === "A") row = Math.max(0, row - count);
    if (kind === "B") row += count;
    if (kind === "C") column += count;
    if (kind === "D") column = Math.max(0, column - count);
    if (kind === "G") column = count - 1;
    if (kind === "J") {
      lines[row] = (lines[row] ?? "").slice(0, column);
      lines.length = row + 1;
    }
    if (kind === "K") lines[row] = parameter === "2" ? "" : (lines[row] ?? "").slice(0, column);
  };
  // oxlint-disable-next-line no-control-regex -- it finds control codes
  for (const [token, parameter = "", kind] of output.matchAll(/\u001b\[([\d;?]*)([A-Za-z])|[^\u001b]/g)) {
    if (kind !== undefined) control(kind, parameter);
    else if (token === "\r") column = 0;
    else if (token === "\b") column = Math.max(0, column - 1);
    else if (token === "\n") {
      row++;
      while (lines.length <= row) lines.push("");
    } else write(token);
  }
  return lines.map((line) => line.trimEnd());
}
