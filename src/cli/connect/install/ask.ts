import { confirm, isCancel } from "@clack/prompts";
import { Misuse } from "../../shared/command-line.ts";

/** The owner has said no: nothing was changed. */
export class Declined extends Error {
  constructor() {
    super("Nothing was changed.");
  }
}

/**
 * Asks before something is changed. `--yes` answers.
 *
 * @throws {Declined} After a no.
 */
export async function askBefore(message: string, isAnswered: boolean): Promise<void> {
  if (isAnswered) return;
  if (!process.stdin.isTTY) throw new Misuse("Nothing was changed: without a terminal, give --yes to do this.");
  const answer = await confirm({ message, initialValue: false });
  if (isCancel(answer) || !answer) throw new Declined();
}
