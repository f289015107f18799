import { parseArgs, type ParseArgsConfig } from "node:util";

/** What a command answers to its caller. */
export const EXIT = { done: 0, failed: 1, misuse: 2, notFound: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command line, or a setting that it reads, makes no sense. */
export class Misuse extends Error {}

export const print = (text: string) => void process.stdout.write(`${text}\n`);
export const printError = (text: string) => void process.stderr.write(`${text}\n`);

/** @throws {Misuse} For an option that is not known, or has no value where it needs one. */
export function parseCommandLine<const T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config);
  } catch (cause) {
    throw new Misuse(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * Runs `npm run <name>`; an error becomes a message and an exit code.
 *
 * @param run Gets the arguments, and gives the exit code.
 */
export async function runCommand(name: string, run: (args: string[]) => Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    const isMisuse = error instanceof Misuse;
    printError(error instanceof Error ? error.message : String(error));
    if (isMisuse) printError(`Help: npm run ${name} -- --help`);
    process.exitCode = isMisuse ? EXIT.misuse : EXIT.failed;
  }
}
