import {
  type ContactFlow,
  type ContactFlowSummary,
  DescribeContactFlowCommand,
  paginateListContactFlows,
} from "@aws-sdk/client-connect";
import { AwsProblem, isNotFound } from "../aws/aws-problem.ts";
import { type Instance } from "../aws/find-instance.ts";
import { type Aws } from "../aws/open-aws.ts";
import { type FlowContent, hasLink, parseFlow } from "./parse-flow.ts";

/** A flow, as the list of flows has it. */
export interface FlowSummary {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** Such as `CONTACT_FLOW`, which the console calls an inbound flow. */
  readonly type: string;
  readonly isArchived: boolean;
}

export interface Flow extends FlowSummary {
  readonly isPublished: boolean;
  /** What is published, or saved where nothing is; `null`: not in a known form. */
  readonly content: FlowContent | null;
  /** What is saved beside what is published; `null`: not asked, not there, or the same as `content`. */
  readonly saved: FlowContent | null;
}

/** @param wanted `null`: only flows of the type that a widget can start; else also those of other types. */
export async function listFlows(aws: Aws, { id }: Instance, wanted: string | null): Promise<readonly FlowSummary[]> {
  const summaries: ContactFlowSummary[] = [];
  const request = { InstanceId: id, ...(wanted === null && { ContactFlowTypes: ["CONTACT_FLOW" as const] }) };
  for await (const page of paginateListContactFlows({ client: aws.connect }, request)) {
    summaries.push(...(page.ContactFlowSummaryList ?? []));
  }
  return summaries.map((summary) => ({
    id: summary.Id ?? "",
    arn: summary.Arn ?? "",
    name: summary.Name ?? summary.Id ?? "",
    type: summary.ContactFlowType ?? "",
    isArchived: summary.ContactFlowState === "ARCHIVED",
  }));
}

/**
 * Reads a flow: what is published, and what is saved beside it.
 *
 * @param isWanted Whether the saved content is read also where the published one has no link block.
 */
export async function describeFlow(
  aws: Aws,
  instance: Instance,
  summary: FlowSummary,
  isWanted: boolean,
): Promise<Flow> {
  const published = await readPublished(aws, instance, summary.id);
  const content = published === null ? null : parseFlow(published.Content ?? "");
  if (published !== null && content !== null && !isWanted && !hasLink(content)) {
    return { ...summary, isPublished: true, content, saved: null };
  }
  const draft = await readFlow(aws, instance, `${summary.id}:$SAVED`).catch((error: unknown) => {
    // Nothing was saved since it was published.
    if (published !== null && isNotFound(error)) return null;
    throw error;
  });
  const saved = draft === null ? null : parseFlow(draft.Content ?? "");
  return published === null
    ? { ...summary, isPublished: false, content: saved, saved: null }
    : { ...summary, isPublished: true, content, saved };
}

/** @returns `null` where the flow was never published. */
async function readPublished(aws: Aws, instance: Instance, id: string): Promise<ContactFlow | null> {
  try {
    const flow = await readFlow(aws, instance, id);
    return flow.Status === "SAVED" ? null : flow;
  } catch (error) {
    if (error instanceof AwsProblem && error.code === "ContactFlowNotPublishedException") return null;
    throw error;
  }
}

/** Source: Amazon Connect API Reference, "DescribeContactFlow" (the suffix $SAVED). */
async function readFlow(aws: Aws, { id: InstanceId }: Instance, ContactFlowId: string): Promise<ContactFlow> {
  const { ContactFlow: flow } = await aws.connect.send(new DescribeContactFlowCommand({ InstanceId, ContactFlowId }));
  return flow ?? {};
}
