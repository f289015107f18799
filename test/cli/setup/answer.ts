import { securityKey, snippet } from "../../worker/settings.ts";
import { type Terminal } from "./terminal.ts";

/** Answers the questions about the site. */
export async function answerUpToPlace({ type, until }: Terminal, address: string): Promise<void> {
  await until("The address of your site");
  type(`${address}\r`);
  await until("Where is this site?");
  type("\r");
}

/** Answers each question before the one about the snippet. */
export async function answerFirst(terminal: Terminal, address: string): Promise<void> {
  await answerUpToPlace(terminal, address);
  await terminal.until("The widget's snippet");
}

/** Answers the questions about the snippet and the key. */
export async function answerWidget({ type, until }: Terminal): Promise<void> {
  type("\r");
  await until("Paste the snippet");
  type(`${snippet.replaceAll("\n", "\r")}\r`);
  await until("security key");
  type(`${securityKey}\r`);
  await until("Region");
}

/** Wants no context for the agent, and waits for the last question. */
export async function answerContext({ type, until }: Terminal): Promise<void> {
  await until("What is the agent told");
  type("\r");
  await until("Do this now?");
}
