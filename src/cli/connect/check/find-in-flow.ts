import { type AttributeNames, CONTINUE_ATTRIBUTE, type LinkBy } from "../../../core/chat/continuation.ts";
import { type FindingCode } from "../../findings/catalogue.ts";
import {
  describeBlock,
  type FlowAction,
  type FlowContent,
  isLink,
  isOurWait,
  readAttributeName,
  readParameter,
  readWaitTime,
} from "./parse-flow.ts";
import { type Visit } from "./take-branches.ts";
import { type Reached, type Step, type Walk, walkFlow } from "./walk-flow.ts";

/** What is to be said about one flow. */
export interface Remark {
  readonly code: FindingCode;
  readonly detail: string;
}

const FALLBACK = "contactIdFallback";
/** The API's words, and the labels that the console may write. */
const WHOLE_SESSION = /^entire[_ ]past[_ ]session$/i;
const FROM_SEGMENT = /^from[_ ]segment$/i;
const MAX_STEPS_SHOWN = 4;

/**
 * Judges by the tokens of this Worker what a flow does with a past chat.
 *
 * @param names The attributes that the owner has named.
 */
export function findInFlow(flow: FlowContent, names: AttributeNames, linkBy: LinkBy): readonly Remark[] {
  const none = walkFlow(flow, "none", names);
  const linkedForNone = listFirstLinks(none);
  if (linkBy === "worker") return linkedForNone.map((link) => ({ code: "flow-links-too", detail: describe(link) }));
  const walks: Readonly<Record<Visit, Walk>> = {
    none,
    now: walkFlow(flow, "now", names),
    wait: walkFlow(flow, "wait", names),
  };
  const all = [walks.now, walks.wait, none];
  const links = unique([...walks.now.reached, ...walks.wait.reached].map(({ block }) => block)).filter(isLink);
  const deadEnds = unique(all.flatMap(findDeadEnds));
  return [
    ...findUnlinked(walks),
    ...links.flatMap((link) => findInLink(link, names)),
    ...findWrongOrder(walks.now),
    ...deadEnds.map((detail) => ({ code: "flow-dead-end", detail }) as const),
    ...unique(all.flatMap(({ circles }) => circles.map(describeBlock))).map(
      (detail) => ({ code: "flow-circle", detail }) as const,
    ),
    ...linkedForNone.map((link) => ({ code: "flow-links-none", detail: describe(link) }) as const),
    ...findUnwaited(walks.wait),
    ...(links.length > 0 && deadEnds.length === 0 && !links.some((link) => readSource(link) === FALLBACK)
      ? [{ code: "flow-no-fallback", detail: `no block links from ${FALLBACK}` } as const]
      : []),
  ];
}

/** The link blocks that a way reaches first. */
function listFirstLinks({ reached }: Walk): readonly Reached[] {
  return reached.filter(({ block, hasTried }) => isLink(block) && !hasTried);
}

function findUnlinked(walks: Readonly<Record<Visit, Walk>>): readonly Remark[] {
  const visits = ["now", "wait"] as const;
  const lost = visits.filter((visit) => listFirstLinks(walks[visit]).length === 0);
  const ways = new Map<string, Visit[]>();
  for (const visit of visits.filter((one) => !lost.includes(one))) {
    for (const way of walks[visit].ends.filter(({ end, hasTried }) => !hasTried && end !== "ended")) {
      const text = `${way.end === "queue" ? "to the queue" : "to another flow"} without the link: ${describe(way)}`;
      ways.set(text, [...(ways.get(text) ?? []), visit]);
    }
  }
  return [
    ...lost.map((visit) => ({ code: "flow-not-linking", detail: `${CONTINUE_ATTRIBUTE} = ${visit}` }) as const),
    ...[...ways].map(([text, of]) => ({ code: "flow-ways-unlinked", detail: `${toWords(of)}: ${text}` }) as const),
  ];
}

function toWords(visits: readonly Visit[]): string {
  return `${CONTINUE_ATTRIBUTE} = ${visits.join(" or ")}`;
}

/** What is wrong with a link block, wherever it is. */
function findInLink(link: FlowAction, { contact }: AttributeNames): readonly Remark[] {
  const source = readParameter(link, "SourceContactId");
  const type = readParameter(link, "RehydrationType");
  const name = describeBlock(link);
  const isOurs = [contact, FALLBACK].includes(readSource(link) ?? "");
  return [
    ...(isOurs
      ? []
      : [remark("flow-source", `${name}: found ${source || "nothing"}, expected $.Attributes.${contact}`)]),
    ...(type === "" ? [remark("flow-type-missing", name)] : []),
    ...(type === "" || WHOLE_SESSION.test(type) ? [] : [remark("flow-type", describeType(name, type))]),
  ];
}

function describeType(name: string, type: string): string {
  return FROM_SEGMENT.test(type)
    ? `${name}: ${type} leaves out what was said after a transfer`
    : `${name}: "${type}" is not a known type`;
}

function findWrongOrder(now: Walk): readonly Remark[] {
  return listFirstLinks(now)
    .filter(({ block }) => readSource(block) === FALLBACK)
    .map(({ block }) => remark("flow-source", `${describeBlock(block)}: ${FALLBACK} comes before the newest chat`));
}

function findDeadEnds({ deadEnds }: Walk): readonly string[] {
  return deadEnds
    .filter(({ block }) => isLink(block) || isOurWait(block) || isChoice(block))
    .map(({ block, branch }) => `${describeBlock(block)}: the branch ${branch}`);
}

function isChoice(block: FlowAction): boolean {
  return block.Type === "Compare" && readAttributeName(readParameter(block, "ComparisonValue")) === CONTINUE_ATTRIBUTE;
}

function findUnwaited(wait: Walk): readonly Remark[] {
  return listFirstLinks(wait)
    .filter(({ hasWaited }) => !hasWaited)
    .map((link) => {
      const other = link.way.find(({ block }) => block.Type === "Wait")?.block;
      if (other === undefined) return remark("flow-wait", `without a wait: ${describe(link)}`);
      return remark("flow-wait", `${describeBlock(other)} waits for ${readWaitTime(other) || "no set time"}`);
    });
}

function readSource(link: FlowAction): string | null {
  return readAttributeName(readParameter(link, "SourceContactId"));
}

function remark(code: FindingCode, detail: string): Remark {
  return { code, detail };
}

/** The last steps of a way, and the block that it leads to. */
function describe({ block, way }: Reached): string {
  const shown = way.slice(-MAX_STEPS_SHOWN).map(describeStep);
  return [...(way.length > shown.length ? ["…"] : []), ...shown, describeBlock(block)].join(" > ");
}

function describeStep({ block, branch }: Step): string {
  return branch === "Success" ? describeBlock(block) : `${describeBlock(block)} (${branch})`;
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
