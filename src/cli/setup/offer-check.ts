import { spawn } from "node:child_process";
import { join } from "node:path";
import { confirm, isCancel } from "@clack/prompts";
import { mayHaveAwsLogin } from "./aws-login.ts";

/** Offers to look at Connect's side. Setup is done: whatever comes of it changes nothing about that. */
export async function offerCheck(kept: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (!mayHaveAwsLogin(kept)) return;
  const isWanted = await confirm({
    message: "Look at Connect's side now, with your AWS login (npm run connect -- check)? Nothing is changed there.",
  });
  if (isCancel(isWanted) || !isWanted) return;
  await runCheck();
}

function runCheck(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const command = join(import.meta.dirname, "../connect/connect.ts");
  const child = spawn(process.execPath, [command, "check"], { stdio: "inherit" });
  child.once("error", () => resolve());
  child.once("exit", () => resolve());
  return promise;
}
