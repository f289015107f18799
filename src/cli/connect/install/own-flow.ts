import { CreateContactFlowCommand, DeleteContactFlowCommand } from "@aws-sdk/client-connect";
import { buildContactFlow, type FlowQueue } from "../../flow/contact-flow.ts";
import { AwsProblem, isRefusal } from "../aws/aws-problem.ts";
import { type ConnectContext } from "../context.ts";
import { isAsWritten } from "./content/as-written.ts";
import { parseContent } from "./content/flow-content.ts";
import { type FlowEntry, listFlows } from "../flows/list-flows.ts";
import { OWN_TAG, readFlow, type StoredFlow } from "./flow-store.ts";

export const FLOW_NAME = "Persistent chat";

/** The command that takes back this flow. */
export function toRemoveCommand(flow: Pick<FlowEntry, "id" | "name">): string {
  return `npm run connect -- install --remove${flow.name === FLOW_NAME ? "" : ` --name ${toArgument(flow)}`}`;
}

/** A flow as an argument of a command: a shell would obey some characters of a name. */
export function toArgument({ id, name }: Pick<FlowEntry, "id" | "name">): string {
  return /^[\p{L}\p{N}_][\p{L}\p{N} _-]*$/u.test(name) ? `"${name}"` : id;
}

/** A flow that install has made, and how Connect stores it. */
export interface OwnFlow extends FlowEntry {
  readonly stored: StoredFlow;
}

/**
 * Finds the flow of this name that install has made.
 *
 * @param name Its name or id.
 * @returns `null`: there is no flow of this name.
 * @throws {Error} Where there is one that install has not made.
 */
export async function findOwnFlow(context: ConnectContext, name: string): Promise<OwnFlow | null> {
  const flows = (await listFlows(context)).filter((flow) => [flow.id, flow.name].includes(name));
  for (const flow of flows) {
    const stored = await readFlow(context, flow.id);
    if (stored.isOwn) return { ...flow, stored };
  }
  const [other] = flows;
  if (other === undefined) return null;
  throw new Error(
    `There is a flow "${other.name}" which install has not made: it stays as it is. Give another name with --name, or put the blocks into that flow with --into ${toArgument(other)}.`,
  );
}

/** A flow that was made, but that no chat runs yet. */
export interface MadeFlow {
  readonly id: string;
  readonly name: string;
  readonly content: string;
  /** Whether this run has made it, and so may take it back. */
  readonly isNew: boolean;
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
    return { id: ContactFlowId, name, content, isNew: true };
  } catch (error) {
    // The answer to an earlier attempt was lost: Connect has made the flow, and now refuses the name.
    const isThere = error instanceof AwsProblem && error.code === "DuplicateResourceException";
    const own = isThere ? await findOwnFlow(context, name) : null;
    if (own !== null) return { id: own.id, name, content: own.stored.saved, isNew: isSame(own.stored.saved, content) };
    if (!(error instanceof AwsProblem) || isRefusal(error)) throw error;
    throw new Error(
      `${error.message} Connect may have made the flow "${name}": the next run finds it and goes on from there.`,
      { cause: error },
    );
  }
}

function isSame(saved: string, made: string): boolean {
  const [one, other] = [parseContent(saved), parseContent(made)];
  return one !== null && other !== null && isAsWritten(one, other);
}

export async function deleteFlow({ aws, instance }: ConnectContext, id: string): Promise<void> {
  await aws.connect.send(new DeleteContactFlowCommand({ InstanceId: instance.id, ContactFlowId: id }));
}
