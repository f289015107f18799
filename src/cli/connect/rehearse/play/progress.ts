import { print } from "../../../shared/command-line.ts";
import { toPrintableLine } from "../../../shared/printable.ts";

/** How often a terminal that keeps every line gets one, in milliseconds. */
const LINE_PAUSE_MS = 15_000;

/** What the owner sees meanwhile. */
export interface Progress {
  /** A line that stays. */
  say(line: string): void;
  /** A line that changes. Without a real terminal: one now and then. */
  count(line: string): void;
  /** Takes the changing line away. */
  clear(): void;
}

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export function createProgress(output: Output = process.stdout, readMs: () => number = Date.now): Progress {
  let isShown = false;
  let nextLineAt = 0;
  const clear = () => {
    if (isShown) output.write("\r\u001b[K");
    isShown = false;
  };
  return {
    say(line) {
      clear();
      print(line);
      nextLineAt = 0;
    },
    count(line) {
      if (output.isTTY === true) {
        output.write(`\r\u001b[K${toPrintableLine(line)}`);
        isShown = true;
      } else if (readMs() >= nextLineAt) {
        output.write(`${toPrintableLine(line)}\n`);
        nextLineAt = readMs() + LINE_PAUSE_MS;
      }
    },
    clear,
  };
}
