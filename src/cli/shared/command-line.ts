import { parseArgs, type ParseArgsConfig } from "node:util";
import { toPrintable } from "./printable.ts";

/** Exit codes of the commands. */
export const EXIT = { done: 0, failed: 1, misuse: 2, notFound: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A wrong command line, or a wrong setting that a command reads. */
export class Misuse extends Error {}

export const print = (text: string) => void process.stdout.write(`${toPrintable(text)}\n`);
export const printError = (text: string) => void process.stderr.write(`${toPrintable(text)}\n`);

/** The usual kinds of options. */
export const TEXT = { type: "string" } as const;
export const FLAG = { type: "boolean", default: false } as const;

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;
type Parsed<T extends OptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: boolean }>
>;

/** The given value of each option. */
export type Values<T extends OptionsConfig> = Parsed<T>["values"];

interface Command<T extends OptionsConfig> {
  /** As in `npm run <name>`. */
  readonly name: string;
  /** The text for `--help`. */
  readonly usage: string;
  readonly options: T;
  /** Whether the command takes arguments beside options. */
  readonly allowPositionals?: boolean;
  readonly run: (values: Values<T>, positionals: readonly string[]) => Promise<ExitCode>;
}

/** Runs a command with the process's arguments. An error becomes a message and an exit code. */
export async function runCommand<const T extends OptionsConfig>(command: Command<T>): Promise<void> {
  const { name, run, usage } = command;
  const args = process.argv.slice(2);
  outliveReaders();
  if (args.includes("--help") || args.includes("-h")) return print(usage);
  try {
    const { values, positionals } = parse(args, command);
    process.exitCode = await run(values, positionals);
  } catch (error) {
    const isMisuse = error instanceof Misuse;
    printError(error instanceof Error ? error.message : String(error));
    if (isMisuse) printError(`Help: npm run ${name} -- --help`);
    process.exitCode = isMisuse ? EXIT.misuse : EXIT.failed;
  }
}

/** A closed terminal or pipe must not end a command before it has cleaned up: it counts as being hung up. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.once("error", () => process.emit("SIGHUP", "SIGHUP"));
    stream.on("error", () => undefined);
  }
}

function parse<T extends OptionsConfig>(args: string[], { options, allowPositionals = false }: Command<T>): Parsed<T> {
  try {
    return parseArgs({ args, options, allowPositionals });
  } catch (cause) {
    throw new Misuse(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
