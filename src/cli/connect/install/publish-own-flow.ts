import { confirm, isCancel } from "@clack/prompts";
import { type RehydrationType } from "../../flow/contact-flow.ts";
import { type ConnectContext } from "../context.ts";
import { publishFlow, readFlow } from "./flow-store.ts";
import { Interrupted, type Interruption } from "./interruption.ts";
import { deleteFlow, toRemoveCommand } from "./own-flow.ts";

interface Flow {
  readonly id: string;
  readonly name: string;
}

const REFUSED = "Connect takes neither spelling of RehydrationType";

/**
 * Publishes the flow that install has made.
 *
 * A flow that Connect does not take is taken back, unless the owner wants to look at it. After Ctrl-C it is taken back.
 * After another failure it is named, and the next run goes on from there.
 *
 * @returns Which spelling Connect took.
 */
export async function publishOwnFlow(
  context: ConnectContext,
  flow: Flow,
  build: (spelling: RehydrationType) => string,
  interruption: Interruption,
): Promise<RehydrationType> {
  const spelling = await tryToPublish(context, flow, build, interruption);
  if (spelling !== null) return spelling;
  if (!(await mustKeep(context, flow))) throw await takeBack(context, flow, REFUSED);
  throw new Error(
    `${REFUSED}: the flow "${flow.name}" is saved, and not published. Mend it in Connect, and publish it there.`,
  );
}

/** @returns `null`: Connect does not take the flow. */
async function tryToPublish(
  context: ConnectContext,
  flow: Flow,
  build: (spelling: RehydrationType) => string,
  interruption: Interruption,
): Promise<RehydrationType | null> {
  try {
    interruption.check();
    const result = await publishFlow(context, flow.id, build);
    interruption.check();
    if (result.kind === "refused") return null;
    if ((await readFlow(context, flow.id)).published === null) {
      throw new Error("Connect has taken the flow, and keeps it as saved: publish it in Connect.");
    }
    interruption.check();
    return result.spelling;
  } catch (error) {
    if (error instanceof Interrupted) throw await takeBack(context, flow, "Stopped");
    throw new Error(
      `${toMessage(error)} The flow "${flow.name}" is in Connect, but it may not be published: run this command again, and it goes on from there. Or take the flow back: ${toRemoveCommand(flow.name)}`,
      { cause: error },
    );
  }
}

async function mustKeep({ options }: ConnectContext, { name }: Flow): Promise<boolean> {
  if (options.yes || !process.stdin.isTTY) return false;
  const message = `Keep the flow "${name}" saved, to look at it in Connect?`;
  const answer = await confirm({ message, initialValue: false });
  return !isCancel(answer) && answer;
}

/** @returns What to tell the owner. */
async function takeBack(context: ConnectContext, { id, name }: Flow, why: string): Promise<Error> {
  try {
    await deleteFlow(context, id);
  } catch (error) {
    return new Error(
      `${why}. But the flow "${name}" is still in Connect: ${toMessage(error)} Take it back: ${toRemoveCommand(name)}`,
      { cause: error },
    );
  }
  return new Error(`${why}: the flow "${name}", which was made, is taken back. Nothing is left in Connect.`);
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
