import { type LinkBy } from "../../../core/chat/continuation.ts";
import { buildFinding, type Finding, type FindingCode, isBlocking } from "../../findings/catalogue.ts";
import { AwsProblem, isDenied, isForAll } from "../aws/aws-problem.ts";
import { type Instance } from "../aws/find-instance.ts";
import { type Aws } from "../aws/open-aws.ts";
import { findInFlow, type Remark } from "./find-in-flow.ts";
import { describeFlow, type Flow, type FlowSummary, listFlows } from "./list-flows.ts";
import { type Look } from "./look.ts";
import { hasLink, isSameFlow } from "./parse-flow.ts";
import { type Tokens } from "./take-branches.ts";

interface FlowOptions {
  /** The attributes that the owner has named. */
  readonly tokens: Tokens;
  readonly linkBy: LinkBy;
  /** Name, id or ARN of the one flow to look at; `null`: every flow with a link block. */
  readonly wanted: string | null;
  readonly onProgress: (text: string) => void;
}

/** Looks at the contact flows: at the one that the owner names, or at all that link. */
export async function lookAtFlows(aws: Aws, instance: Instance, options: FlowOptions): Promise<Look> {
  const { onProgress, wanted } = options;
  const all = await listFlows(aws, instance, wanted);
  if (wanted !== null) {
    const chosen = chooseFlow(all, wanted, instance);
    if (typeof chosen === "string") return { facts: [], findings: [buildFinding("flow-unfit", { details: [chosen] })] };
    const flow = await describeFlow(aws, instance, chosen, true);
    return toLook([flow], options);
  }
  const active = all.filter(({ isArchived }) => !isArchived);
  const flows: Flow[] = [];
  for (const [index, summary] of active.entries()) {
    onProgress(`Flow ${index + 1} of ${active.length}: ${summary.name}`);
    const flow = await describeFlow(aws, instance, summary, false).catch((error: unknown) => toUnread(summary, error));
    if (flow.content === null || hasLink(flow.content)) flows.push(flow);
  }
  if (flows.length > 0 || options.linkBy === "worker") return toLook(flows, options);
  return toLook(await findSavedOnly(aws, instance, active, onProgress), options);
}

/** A flow that AWS does not give: the other flows can be looked at all the same. */
function toUnread(summary: FlowSummary, error: unknown): Flow {
  if (!(error instanceof AwsProblem) || isForAll(error) || isDenied(error)) throw error;
  return { ...summary, isPublished: false, content: null, saved: null };
}

/** The flows whose saved content alone has a link block: their owner may have forgotten to publish. */
async function findSavedOnly(
  aws: Aws,
  instance: Instance,
  summaries: readonly FlowSummary[],
  onProgress: FlowOptions["onProgress"],
): Promise<readonly Flow[]> {
  const flows: Flow[] = [];
  for (const [index, summary] of summaries.entries()) {
    onProgress(`Flow ${index + 1} of ${summaries.length}, as saved: ${summary.name}`);
    const { isPublished, saved } = await describeFlow(aws, instance, summary, true);
    if (isPublished && saved !== null && hasLink(saved)) {
      flows.push({ ...summary, isPublished: false, content: saved, saved: null });
    }
  }
  return flows;
}

/** @returns The flow; or in one sentence why there is none of that name that a widget can use. */
export function chooseFlow(flows: readonly FlowSummary[], wanted: string, instance: Instance): FlowSummary | string {
  if (/:instance\/[^/]+\/flow-module\//.test(wanted)) {
    return "It is a module: name the flow that has the module.";
  }
  const found = flows.find(({ id, arn }) => [id, arn].includes(wanted)) ?? flows.find(({ name }) => name === wanted);
  if (found === undefined) {
    return `The instance ${instance.alias ?? instance.id} has no flow "${wanted}": check the name. A module cannot be looked at by itself.`;
  }
  if (found.type !== "CONTACT_FLOW")
    return `"${found.name}" is of the type ${found.type}: a widget starts a flow of the type Inbound flow.`;
  return found.isArchived
    ? `"${found.name}" is archived: no chat can take it. Restore it in the Connect console, or name another.`
    : found;
}

/** @param flows Those to be judged, in any order. */
export function toLook(flows: readonly Flow[], { linkBy, tokens, wanted }: Omit<FlowOptions, "onProgress">): Look {
  const judged = flows.map((flow) => ({ flow, remarks: judge(flow, tokens, linkBy, wanted !== null) }));
  const good = judged.filter(({ flow, remarks }) => flow.content !== null && flow.isPublished && isFine(remarks));
  // The API does not tell which flow the widget starts: a trial beside a good flow does no harm.
  const hasGood = good.length > 0;
  const findings = judged.flatMap(({ flow, remarks }) =>
    remarks.map(({ code, detail }) =>
      toFinding(code, `flow "${flow.name}"${detail === "" ? "" : `: ${detail}`}`, hasGood),
    ),
  );
  const isMissing = linkBy === "flow" && wanted === null && flows.length === 0;
  return {
    facts: good
      .filter(({ remarks }) => remarks.every(({ code }) => !code.startsWith("flow-ways") && code !== "flow-links-too"))
      .map(
        ({ flow }) =>
          `flow "${flow.name}": ${linkBy === "flow" ? "each way to an agent goes through the link" : "leaves the link to the Worker"}`,
      ),
    findings: [...findings, ...(isMissing ? [buildFinding("flow-missing")] : [])],
  };
}

function judge(flow: Flow, tokens: Tokens, linkBy: LinkBy, isNamed: boolean): readonly Remark[] {
  const { content, isPublished, saved } = flow;
  if (content === null) return [{ code: "flow-unreadable", detail: "" }];
  if (isNamed && linkBy === "flow" && !hasLink(content)) {
    if (saved !== null && hasLink(saved))
      return [{ code: "flow-unpublished", detail: "only what is saved has the blocks" }];
    return [{ code: "flow-without-blocks", detail: "it has no block Create persistent contact association" }];
  }
  return [
    ...(isPublished || linkBy === "worker" ? [] : [{ code: "flow-unpublished", detail: "" } as const]),
    ...(saved !== null && !isSameFlow(content, saved) ? [{ code: "flow-saved-differs", detail: "" } as const] : []),
    ...findInFlow(content, tokens, linkBy),
  ];
}

function toFinding(code: FindingCode, detail: string, hasGood: boolean): Finding {
  return buildFinding(code, { details: [detail], ...(hasGood && isBlocking(code) && { weight: "warns" as const }) });
}

function isFine(remarks: readonly Remark[]): boolean {
  return !remarks.some(({ code }) => isBlocking(code));
}
