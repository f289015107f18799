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

/** Takes what is proposed on consent and on context, and waits for the last question. */
export async function acceptProposals({ type, until }: Terminal): Promise<void> {
  await until("Where does it show that a visitor has agreed");
  type("\r");
  await until("What is the agent told");
  type("\r");
  await until("Do this now?");
}
