import { EXIT, type ExitCode, print } from "../../shared/command-line.ts";
import { type ConnectContext } from "../context.ts";

/** Actions that the owner's login must be allowed to take. */
export const REHEARSE_ACTIONS: readonly string[] = ["connect:ListInstances"];

export async function rehearse({ instance }: ConnectContext): Promise<ExitCode> {
  print(instance.alias ?? instance.id);
  return EXIT.done;
}
