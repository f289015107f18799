import { confirm, isCancel } from "@clack/prompts";
import { type RehydrationType } from "../../flow/contact-flow.ts";
import { type ConnectContext } from "../context.ts";
import { type Published, publishFlow, readFlow, toRefusal } from "./flow-store.ts";
import { Interrupted, type Interruption } from "./interruption.ts";
import { deleteFlow, type MadeFlow, toRemoveCommand } from "./own-flow.ts";

/**
 * Publishes the flow that install has made.
 *
 * A flow that this run has made, and that Connect does not take, is taken back, unless the owner wants to look at it.
 * After Ctrl-C it is taken back. A flow of an earlier run stays: the owner may have worked on it.
 * After another failure it is named, and the next run goes on from there.
 *
 * @returns Which spelling Connect took.
 */
export async function publishOwnFlow(
  context: ConnectContext,
  flow: MadeFlow,
  build: (spelling: RehydrationType) => string,
  interruption: Interruption,
): Promise<RehydrationType> {
  const result = await tryToPublish(context, flow, build, interruption);
  if (result.kind === "published") return result.spelling;
  const refusal = toRefusal(result);
  if (flow.isNew && !(await mustKeep(context, flow))) throw await takeBack(context, flow, refusal);
  throw new Error(
    `${refusal}: the flow "${flow.name}" is saved, and not published. Mend it in Connect, and publish it there.`,
  );
}

async function tryToPublish(
  context: ConnectContext,
  flow: MadeFlow,
  build: (spelling: RehydrationType) => string,
  interruption: Interruption,
): Promise<Published> {
  let isSent = false;
  try {
    interruption.check();
    isSent = true;
    const result = await publishFlow(context, flow.id, build);
    interruption.check();
    if (result.kind === "refused") return result;
    if ((await readFlow(context, flow.id)).published === null) {
      throw new Error("Connect has taken the flow, and keeps it as saved: publish it in Connect.");
    }
    interruption.check();
    return result;
  } catch (error) {
    if (error instanceof Interrupted) {
      if (flow.isNew) throw await takeBack(context, flow, "Stopped");
      const state = isSent ? "Connect may have published it by now" : "it is saved as before, and not published";
      throw new Error(`Stopped: the flow "${flow.name}" of an earlier run stays, and ${state}.`, { cause: error });
    }
    throw new Error(
      `${toMessage(error)} The flow "${flow.name}" is in Connect, but it may not be published: run this command again, and it goes on from there. Or take the flow back: ${toRemoveCommand(flow)}`,
      { cause: error },
    );
  }
}

async function mustKeep({ options }: ConnectContext, { name }: MadeFlow): Promise<boolean> {
  if (options.yes || !process.stdin.isTTY) return false;
  const message = `Keep the flow "${name}" saved, to look at it in Connect?`;
  const answer = await confirm({ message, initialValue: false });
  return !isCancel(answer) && answer;
}

/** @returns What to tell the owner. */
async function takeBack(context: ConnectContext, flow: MadeFlow, why: string): Promise<Error> {
  const { id, name } = flow;
  try {
    await deleteFlow(context, id);
  } catch (error) {
    return new Error(
      `${why}. But the flow "${name}" is still in Connect: ${toMessage(error)} Take it back: ${toRemoveCommand(flow)}`,
      { cause: error },
    );
  }
  return new Error(`${why}: the flow "${name}", which was made, is taken back. Nothing is left in Connect.`);
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
