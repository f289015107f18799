import { isDeepStrictEqual } from "node:util";
import { UpdateContactFlowContentCommand } from "@aws-sdk/client-connect";
import { REHYDRATION_TYPES, type RehydrationType } from "../../flow/contact-flow.ts";
import { print } from "../../shared/command-line.ts";
import { toPrintableLine } from "../../shared/printable.ts";
import { AwsProblem } from "../aws/aws-problem.ts";
import { type ConnectContext } from "../context.ts";
import { askBefore } from "./ask.ts";
import { diffContent } from "./content/diff-content.ts";
import { findLostNumber } from "./content/find-lost-number.ts";
import { type FlowContent, parseContent } from "./content/flow-content.ts";
import { type Plan, REFUSALS } from "./content/plan-insert.ts";
import { summarizeChange } from "./content/summarize-change.ts";
import { publishFlow, readFlow, toRefusal } from "./flow-store.ts";
import { type FlowEntry } from "../flows/list-flows.ts";
import { Interrupted, listenForInterrupt } from "./interruption.ts";
import { keepBefore } from "./keep-before.ts";
import { printDiff } from "./print-diff.ts";

type MakePlan = (content: FlowContent, spelling: RehydrationType) => Plan;

/**
 * Changes the content that chats run: shows what changes, asks, keeps the content before in a file, and publishes.
 *
 * @returns Which spelling Connect took; `null`: there was nothing to change.
 * @throws {Error} With what is wrong and what to do; the flow is then as it was, or the message says otherwise.
 */
export async function changeFlow(
  context: ConnectContext,
  flow: FlowEntry,
  makePlan: MakePlan,
): Promise<RehydrationType | null> {
  const text = await readBase(context, flow);
  const content = parseContent(text);
  if (content === null) throw new Error(`The flow "${flow.name}" cannot be read: Connect's answer is no flow.`);
  const build = (spelling: RehydrationType): FlowContent | null => takePlan(flow, makePlan(content, spelling));
  const planned = build(REHYDRATION_TYPES[0]);
  if (planned === null) return null;
  const lost = findLostNumber(text);
  if (lost !== null) {
    throw new Error(
      `The flow "${flow.name}" stays as it is: it has the number ${lost}, which this command would not keep. Change the flow in Connect.`,
    );
  }
  print(`The flow "${flow.name}" would change: ${toPrintableLine(summarizeChange(content, planned))}
Details:`);
  printDiff(diffContent(content, planned));
  await askBefore("Publish this?", context.options.yes);
  if ((await readBase(context, flow)) !== text) {
    throw new Error(`Somebody has changed the flow "${flow.name}" meanwhile. Nothing was changed: repeat.`);
  }
  const file = await keepBefore(text);
  print(`The flow as it was: ${file}`);
  return publish(context, flow, { text, file, build: (spelling) => JSON.stringify(build(spelling)) });
}

interface Change {
  /** The content before. */
  readonly text: string;
  /** File with the content before. */
  readonly file: string;
  readonly build: (spelling: RehydrationType) => string;
}

async function publish(context: ConnectContext, { id, name }: FlowEntry, { build, file, text }: Change) {
  const interruption = listenForInterrupt(`The flow "${name}" may have changed; as it was: ${file}`);
  try {
    interruption.check();
    const result = await publishFlow(context, id, build);
    if (result.kind === "refused") {
      throw new Error(
        `${toRefusal(result)}: the flow "${name}" stays as it was. Mend what Connect names above, and repeat.`,
      );
    }
    interruption.check();
    return result.spelling;
  } catch (error) {
    if (error instanceof Interrupted) throw await putBack(context, { id, name }, { file, text });
    if (error instanceof AwsProblem) {
      throw new Error(
        `${error.message} The flow "${name}" may have changed: run this command again, and it does what is left. The flow as it was: ${file}`,
        { cause: error },
      );
    }
    throw error;
  } finally {
    interruption.close();
  }
}

/** @returns What to tell the owner. */
async function putBack(
  { aws, instance }: ConnectContext,
  { id, name }: Pick<FlowEntry, "id" | "name">,
  { file, text }: Pick<Change, "file" | "text">,
): Promise<Error> {
  try {
    const command = { InstanceId: instance.id, ContactFlowId: id, Content: text };
    await aws.connect.send(new UpdateContactFlowContentCommand(command));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return new Error(`Stopped. But the flow "${name}" may have changed: ${problem} The flow as it was: ${file}`, {
      cause: error,
    });
  }
  return new Error(`Stopped: the flow "${name}" is again as it was.`);
}

/**
 * The content that chats run.
 *
 * @throws {Error} Where publishing would also publish what somebody has only saved.
 */
async function readBase(context: ConnectContext, { id, name }: FlowEntry): Promise<string> {
  const { published, saved } = await readFlow(context, id);
  if (published === null) {
    throw new Error(`The flow "${name}" was never published: finish and publish it in Connect first.`);
  }
  if (!isSame(published, saved)) {
    throw new Error(
      `The flow "${name}" has saved changes that are not published, and this command would overwrite them: publish or discard them in Connect first.`,
    );
  }
  return published;
}

function isSame(published: string, saved: string): boolean {
  return published === saved || isDeepStrictEqual(withoutState(published), withoutState(saved));
}

/** Connect itself notes in a content whether it is saved or published. */
function withoutState(text: string): unknown {
  const content = Object(parseContent(text));
  return { ...content, Metadata: { ...content.Metadata, status: null, hash: null } };
}

/**
 * @returns `null`: nothing is to be changed.
 * @throws {Error} With why the flow cannot be changed.
 */
export function takePlan({ name }: Pick<FlowEntry, "name">, plan: Plan): FlowContent | null {
  switch (plan.kind) {
    case "change":
      return plan.content;
    case "unchanged":
      return null;
    case "refused":
      throw new Error(
        `The flow "${name}" stays as it is: ${REFUSALS[plan.reason].replace("%", () => toPrintableLine(plan.blocks.join(", ")))}`,
      );
  }
}
