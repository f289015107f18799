import { type LinkBy } from "../../../core/chat/continuation.ts";
import { buildFinding, type Finding, type FindingCode, isBlocking } from "../../findings/catalogue.ts";
import { findIf } from "../../findings/find-if.ts";
import { Misuse } from "../../shared/command-line.ts";
import { toPrintableLine } from "../../shared/printable.ts";
import { AwsProblem, isDenied, isForAll } from "../aws/aws-problem.ts";
import { type Connection, findNamed, type FlowEntry, isInbound, listFlows } from "../flows/list-flows.ts";
import { findInFlow, type Remark } from "./flow/find-in-flow.ts";
import { describeFlow, type Flow } from "./describe-flow.ts";
import { type Look, tryToLook } from "./look.ts";
import { hasLink, isSameFlow } from "./flow/parse-flow.ts";
import { type Tokens } from "./flow/take-branches.ts";

const MAX_NAMES_SHOWN = 8;

interface FlowOptions {
  /** The attributes that the owner has named. */
  readonly tokens: Tokens;
  readonly linkBy: LinkBy;
  /** Name, id or ARN of the one flow to look at; `null`: every flow with a link block. */
  readonly wanted: string | null;
  readonly onProgress: (text: string) => void;
}

/** Looks at the contact flows: at the one that the owner names, or at all that link. */
export async function lookAtFlows(connection: Connection, options: FlowOptions): Promise<Look> {
  const { facts, findings } = await tryToLook("the contact flows", () => look(connection, options));
  const isSeen = options.linkBy === "worker" || findings.every(({ code }) => code !== "not-looked-at");
  return { facts, findings: [...findings, ...findIf(!isSeen, "flow-unseen")] };
}

async function look(connection: Connection, options: FlowOptions): Promise<Look> {
  const { wanted } = options;
  const all = await listFlows(connection);
  if (wanted !== null) {
    const chosen = chooseFlow(all, wanted);
    if (typeof chosen === "string") return { facts: [], findings: [buildFinding("flow-unfit", { details: [chosen] })] };
    const flow = await describeFlow(connection, chosen, true);
    return toLook([flow], options);
  }
  const active = all.filter(isUsable);
  const flows = await readFlows(active, options, "", (summary) => describeFlow(connection, summary, false));
  const judged = flows.filter(({ content }) => content === null || hasLink(content));
  if (judged.some(isLinking) || options.linkBy === "worker") return toLook(judged, options);
  const unread = new Set(judged.map(({ id }) => id));
  const rest = active.filter(({ id }) => !unread.has(id));
  const saved = await readFlows(rest, options, ", as saved", (summary) => describeFlow(connection, summary, true));
  return toLook([...judged, ...saved.flatMap(toSavedOnly)], options);
}

async function readFlows(
  summaries: readonly FlowEntry[],
  { onProgress }: FlowOptions,
  how: string,
  read: (summary: FlowEntry) => Promise<Flow>,
): Promise<readonly Flow[]> {
  const flows: Flow[] = [];
  for (const [index, summary] of summaries.entries()) {
    onProgress(`Flow ${index + 1} of ${summaries.length}${how}: ${summary.name}`);
    flows.push(await read(summary).catch((error: unknown) => toUnread(summary, error)));
  }
  return flows;
}

function isLinking({ content }: Flow): boolean {
  return content !== null && hasLink(content);
}

/** A flow that AWS does not give: the other flows can be looked at all the same. */
function toUnread(summary: FlowEntry, error: unknown): Flow {
  if (!(error instanceof AwsProblem) || isForAll(error) || isDenied(error)) throw error;
  return { ...summary, isPublished: false, content: null, saved: null };
}

/** A flow whose saved content alone has a link block: its owner may have forgotten to publish. */
function toSavedOnly(flow: Flow): readonly Flow[] {
  const { isPublished, saved } = flow;
  return isPublished && saved !== null && hasLink(saved)
    ? [{ ...flow, isPublished: false, content: saved, saved: null }]
    : [];
}

/**
 * @returns The flow; or in one sentence why a widget cannot use it.
 * @throws {Misuse} Where there is no flow of that name.
 */
export function chooseFlow(flows: readonly FlowEntry[], wanted: string): FlowEntry | string {
  if (/:instance\/[^/]+\/flow-module\//.test(wanted)) {
    return "It is a module: name the flow that has the module.";
  }
  const named = findNamed(flows, wanted);
  const found = named.find(isUsable) ?? named.find(isInbound) ?? named[0];
  if (found === undefined) throw new Misuse(`--flow: ${describeMissing(flows, wanted)}`);
  if (!isInbound(found))
    return `"${found.name}" is of the type ${found.type}: a widget starts a flow of the type Inbound flow.`;
  return found.isArchived
    ? `"${found.name}" is archived: no chat can take it. Restore it in the Connect console, or name another.`
    : found;
}

function isUsable(flow: FlowEntry): boolean {
  return isInbound(flow) && !flow.isArchived;
}

function describeMissing(flows: readonly FlowEntry[], wanted: string): string {
  const names = flows.filter(isUsable).map(({ name }) => `"${name}"`);
  const shown = names.slice(0, MAX_NAMES_SHOWN).join(", ");
  const more = names.length > MAX_NAMES_SHOWN ? ` and ${names.length - MAX_NAMES_SHOWN} more` : "";
  const others = names.length === 0 ? "and no other inbound flow" : `but ${shown}${more}`;
  return toPrintableLine(`the instance has no flow "${wanted}", ${others}.`);
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
  const isUnjudged = linkBy === "flow" && !flows.some(isLinking);
  const isUnseen = isUnjudged && flows.some(({ content }) => content === null);
  return {
    facts: good
      .filter(({ remarks }) => remarks.every(({ code }) => !code.startsWith("flow-ways") && code !== "flow-links-too"))
      .map(
        ({ flow }) =>
          `flow "${flow.name}": ${linkBy === "flow" ? "each way to an agent goes through the link" : "leaves the link to the Worker"}`,
      ),
    findings: [
      ...findings,
      ...findIf(isUnseen, "flow-unseen"),
      ...findIf(isUnjudged && !isUnseen && wanted === null, "flow-missing"),
    ],
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
