import { parseArgs, type ParseArgsConfig } from "node:util";
import { toPrintable } from "./printable.ts";

/** What a command answers to its caller. */
export const EXIT = { done: 0, failed: 1, misuse: 2, notFound: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command line, or a setting that it reads, makes no sense. */
export class Misuse extends Error {}

export const print = (text: string) => void process.stdout.write(`${toPrintable(text)}\n`);
export const printError = (text: string) => void process.stderr.write(`${toPrintable(text)}\n`);

/** Kinds of options, as most commands have them. */
export const TEXT = { type: "string" } as const;
export const FLAG = { type: "boolean", default: false } as const;

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;
type Parsed<T extends OptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: boolean }>
>;

/** What was given for each option. */
export type Values<T extends OptionsConfig> = Parsed<T>["values"];

interface Command<T extends OptionsConfig> {
  /** As in `npm run <name>`. */
  readonly name: string;
  /** What `--help` prints. */
  readonly usage: string;
  readonly options: T;
  /** Whether it takes something beside options. */
  readonly allowPositionals?: boolean;
  readonly run: (values: Values<T>, positionals: readonly string[]) => Promise<ExitCode>;
}

/** Runs a command with what stands on the command line; an error becomes a message and an exit code. */
export async function runCommand<const T extends OptionsConfig>(command: Command<T>): Promise<void> {
  const { name, run, usage } = command;
  const args = process.argv.slice(2);
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

function parse<T extends OptionsConfig>(args: string[], { options, allowPositionals = false }: Command<T>): Parsed<T> {
  try {
    return parseArgs({ args, options, allowPositionals });
  } catch (cause) {
    throw new Misuse(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
