import { setTimeout as sleep } from "node:timers/promises";
import { type Snippet } from "../../../../core/widget/snippet.ts";
import { type ChatVisitor } from "../../../site/chat-visitor.ts";
import { type Aws } from "../../aws/open-aws.ts";
import { type Progress } from "./progress.ts";
import { type StartedChats } from "./started-chats.ts";

/** What each scene of the rehearsal works with. */
export interface Stage {
  readonly aws: Aws;
  readonly instanceId: string;
  /** The customer's browser, as the Worker sees it. */
  readonly visitor: ChatVisitor;
  readonly snippet: Snippet;
  readonly site: URL;
  readonly names: { readonly contact: string; readonly visitor: string };
  readonly readyAfterSeconds: number;
  readonly hasAgent: boolean;
  readonly chats: StartedChats;
  readonly progress: Progress;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Seconds since 1970. */
export const readClock = () => Date.now() / 1000;

/**
 * Lets time pass, with a line on the terminal.
 *
 * @throws The signal's reason, after Ctrl-C.
 */
export async function waitUntil(stage: Pick<Stage, "progress" | "signal">, at: number, what: string): Promise<void> {
  for (;;) {
    stage.signal.throwIfAborted();
    const seconds = at - readClock();
    if (seconds <= 0) break;
    stage.progress.count(`${what}: ${Math.ceil(seconds)} s left`);
    await sleep(Math.min(seconds, 1) * 1000, undefined, { signal: stage.signal });
  }
  stage.progress.clear();
}
