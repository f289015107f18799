import { type ContactFlowSummary, paginateListContactFlows } from "@aws-sdk/client-connect";
import { toPrintableLine } from "../../shared/printable.ts";
import { type ConnectContext } from "../context.ts";

export type Connection = Pick<ConnectContext, "aws" | "instance">;

/** A flow of the instance, as its list has it. */
export interface FlowEntry {
  readonly id: string;
  readonly arn: string;
  /** Safe to print: a line end in it is written out. */
  readonly name: string;
  /** Such as `CONTACT_FLOW`, which the console calls an inbound flow. */
  readonly type: string;
  readonly isArchived: boolean;
}

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
  Name = Id,
}: ContactFlowSummary) {
  return {
    id: Id,
    arn: Arn,
    name: toPrintableLine(Name),
    type: ContactFlowType,
    isArchived: ContactFlowState === "ARCHIVED",
  };
}

/** A widget starts such a flow. */
export function isInbound({ type }: Pick<FlowEntry, "type">): boolean {
  return type === "CONTACT_FLOW";
}

/** The flows that the owner names. Several may have one name, such as an archived one beside its successor. */
export function findNamed(flows: readonly FlowEntry[], given: string): readonly FlowEntry[] {
  const wanted = toPrintableLine(given);
  return flows.filter(({ arn, id, name }) => [arn, id, name].includes(wanted));
}
