import { CreateContactFlowCommand, DeleteContactFlowCommand } from "@aws-sdk/client-connect";
import { buildContactFlow, type FlowQueue } from "../../flow/contact-flow.ts";
import { AwsProblem } from "../aws/aws-problem.ts";
import { type ConnectContext } from "../context.ts";
import { type FlowEntry, listFlows } from "./find-flow.ts";
import { OWN_TAG, readFlow, type StoredFlow } from "./flow-store.ts";

export const FLOW_NAME = "Persistent chat";

/** The command that takes back the flow of this name. */
export function toRemoveCommand(name: string): string {
  return `npm run connect -- install --remove${name === FLOW_NAME ? "" : ` --name "${name}"`}`;
}

/** A flow that install has made, and how Connect stores it. */
export interface OwnFlow extends FlowEntry {
  readonly stored: StoredFlow;
}

/**
 * Finds the flow of this name that install has made.
 *
 * @returns `null`: there is no flow of this name.
 * @throws {Error} Where there is one that install has not made.
 */
export async function findOwnFlow(context: ConnectContext, name: string): Promise<OwnFlow | null> {
  const flows = (await listFlows(context)).filter((flow) => flow.name === name);
  for (const flow of flows) {
    const stored = await readFlow(context, flow.id);
    if (stored.isOwn) return { ...flow, stored };
  }
  if (flows.length === 0) return null;
  throw new Error(
    `There is a flow "${name}" which install has not made: it stays as it is. Give another name with --name, or put the blocks into that flow with --into "${name}".`,
  );
}

/** A flow that was made, but that no chat runs yet. */
export interface MadeFlow {
  readonly id: string;
  readonly name: string;
  readonly content: string;
}

/**
 * Makes the flow as saved: Connect then does not look at its content.
 *
 * @throws {Error} Where the answer was lost, with what may be left.
 */
export async function createFlow(
  context: ConnectContext,
  name: string,
  { contactAttribute, queue }: { readonly contactAttribute: string; readonly queue: FlowQueue },
): Promise<MadeFlow> {
  const content = JSON.stringify(buildContactFlow({ contactAttribute, name, queue }));
  const command = new CreateContactFlowCommand({
    InstanceId: context.instance.id,
    Name: name,
    Type: "CONTACT_FLOW",
    Description: "Continues the visitor's past chat. Made by npm run connect -- install.",
    Content: content,
    Status: "SAVED",
    Tags: OWN_TAG,
  });
  try {
    const { ContactFlowId = "" } = await context.aws.connect.send(command);
    return { id: ContactFlowId, name, content };
  } catch (error) {
    // The answer to an earlier attempt was lost: Connect has made the flow, and now refuses the name.
    const isThere = error instanceof AwsProblem && error.code === "DuplicateResourceException";
    const own = isThere ? await findOwnFlow(context, name) : null;
    if (own !== null) return { id: own.id, name, content: own.stored.saved };
    if (!(error instanceof AwsProblem) || isAnswer(error)) throw error;
    throw new Error(
      `${error.message} Connect may have made the flow "${name}": the next run finds it and goes on from there.`,
      { cause: error },
    );
  }
}

/** Whether Connect has answered, and not only the network has failed. */
function isAnswer({ cause }: AwsProblem): boolean {
  return Object(Object(cause).$metadata).httpStatusCode !== undefined;
}

export async function deleteFlow({ aws, instance }: ConnectContext, id: string): Promise<void> {
  await aws.connect.send(new DeleteContactFlowCommand({ InstanceId: instance.id, ContactFlowId: id }));
}
