import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** A command in a real pseudo-terminal. */
export interface Terminal {
  /** Waits until the terminal shows a text after the one of the last call. */
  readonly until: (text: string) => Promise<void>;
  readonly type: (text: string) => void;
  /** Everything that was shown, without colours. */
  readonly shown: () => string;
  /** The same with every control character. */
  readonly output: () => string;
  /** Ctrl-C. */
  readonly interrupt: () => void;
  readonly exitCode: Promise<number | null>;
}

interface TerminalOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Longest wait for a text, in milliseconds. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 20_000;

/** Source: script(1), which gives its command a terminal, at first without a size. */
export function openTerminal(command: string, { cwd, env, patienceMs = PATIENCE_MS }: TerminalOptions): Terminal {
  const child = spawn("script", ["-qec", `stty cols 100 rows 40; exec ${command}`, "/dev/null"], {
    cwd,
    env: { ...process.env, TERM: "xterm", ...env },
  });
  let output = "";
  let shown = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    shown += stripVTControlCharacters(text);
  });
  return {
    async until(text) {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const at = shown.indexOf(text, seen);
        if (at !== -1) {
          seen = at + text.length;
          return;
        }
        if (Date.now() > deadline) throw new Error(`The terminal never showed "${text}", but: ${shown.slice(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    type: (text) => void child.stdin.write(text),
    interrupt: () => void child.stdin.write("\u0003"),
    shown: () => shown,
    output: () => output,
    exitCode: new Promise((resolve) => child.once("exit", resolve)),
  };
}
