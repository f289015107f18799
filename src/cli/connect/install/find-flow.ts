import { type ContactFlowSummary, paginateListContactFlows } from "@aws-sdk/client-connect";
import { Misuse } from "../../shared/command-line.ts";
import { toPrintableLine } from "../../shared/printable.ts";
import { type ConnectContext } from "../context.ts";

/** A flow of the instance, as its list has it. */
export interface FlowEntry {
  readonly id: string;
  readonly arn: string;
  /** Safe to print: a line end in it is written out. */
  readonly name: string;
  /** As Connect names it, such as `CONTACT_FLOW`. */
  readonly type: string;
  readonly isArchived: boolean;
}

type Connection = Pick<ConnectContext, "aws" | "instance">;

/** All flows of the instance, of every type. */
export async function listFlows({ aws, instance }: Connection): Promise<readonly FlowEntry[]> {
  const flows: FlowEntry[] = [];
  for await (const page of paginateListContactFlows({ client: aws.connect }, { InstanceId: instance.id })) {
    flows.push(...(page.ContactFlowSummaryList ?? []).map(toEntry));
  }
  return flows;
}

function toEntry({
  Arn = "",
  ContactFlowState,
  ContactFlowType = "CONTACT_FLOW",
  Id = "",
  Name = "",
}: ContactFlowSummary) {
  return {
    id: Id,
    arn: Arn,
    name: toPrintableLine(Name),
    type: ContactFlowType,
    isArchived: ContactFlowState === "ARCHIVED",
  };
}

/**
 * Finds the flow that the owner names, and which a chat can come to.
 *
 * @param given Its name, id or ARN.
 * @throws {Misuse} With what is wrong and what to do.
 */
export async function findFlow(context: Connection, given: string): Promise<FlowEntry> {
  const wanted = toPrintableLine(given);
  const flows = await listFlows(context);
  const found = flows.filter(({ arn, id, name }) => [arn, id, name].includes(wanted));
  const [flow, ...others] = found;
  if (flow === undefined) throw new Misuse(`--into: ${explainMissing(wanted)}`);
  if (others.length > 0) {
    const ids = found.map(({ id }) => id).join(", ");
    throw new Misuse(`--into: ${found.length} flows are named "${wanted}": give the id of one: ${ids}.`);
  }
  if (flow.isArchived) {
    throw new Misuse(
      `--into: the flow "${flow.name}" is archived: restore it in Connect, under Flows, or name another.`,
    );
  }
  if (flow.type !== "CONTACT_FLOW") {
    const type = flow.type.toLowerCase().replaceAll("_", " ");
    throw new Misuse(
      `--into: "${flow.name}" is a flow of the type ${type}: name an inbound flow, to which chats come.`,
    );
  }
  return flow;
}

function explainMissing(wanted: string): string {
  return wanted.includes("/flow-module/")
    ? "this is a module, and chats are linked in flows: name the flow that calls the module."
    : `the instance has no flow "${wanted}", and a module is no flow: check the name, or give the flow's id or ARN.`;
}
