import { type AttributeNames, type LinkBy } from "../../../../core/chat/continuation.ts";
import { type FindingCode } from "../../../findings/catalogue.ts";
import { describeByVisit, describeWay } from "./describe-way.ts";
import { findCutOffs } from "./find-cut-offs.ts";
import { findOverwritten } from "./find-overwritten.ts";
import { isToldAsDeadEnd } from "./our-decisions.ts";
import {
  describeBlock,
  type FlowAction,
  type FlowContent,
  isLink,
  readAttributeName,
  readParameter,
  readWaitTime,
} from "./parse-flow.ts";
import { takeBranches, type Tokens } from "./take-branches.ts";
import {
  beginAt,
  follow,
  type Leave,
  mapBlocks,
  type Reached,
  type Walk,
  type Walks,
  waitsForPerson,
  walkFlow,
} from "./walk-flow.ts";

/** What is to be said about one flow. */
export interface Remark {
  readonly code: FindingCode;
  readonly detail: string;
}

const FALLBACK = "contactIdFallback";
/** The API's words, and the labels that the console may write. */
const WHOLE_SESSION = /^entire[_ ]past[_ ]session$/i;
const FROM_SEGMENT = /^from[_ ]segment$/i;

/** Judges by the tokens of this Worker what a flow does with a past chat. */
export function findInFlow(flow: FlowContent, tokens: Tokens, linkBy: LinkBy): readonly Remark[] {
  const none = walkFlow(flow, "none", tokens);
  const linkedForNone = listFirstLinks(none).map(describeWay);
  if (linkBy === "worker") {
    return [...findHarm(flow, [["none", none]], tokens), ...linkedForNone.map((way) => remark("flow-links-too", way))];
  }
  const now = walkFlow(flow, "now", tokens);
  const wait = walkFlow(flow, "wait", tokens);
  const all = [now, wait, none];
  const links = unique([...now.reached, ...wait.reached].map(({ block }) => block)).filter(isLink);
  const deadEnds = unique(all.flatMap(findDeadEnds));
  const hasFallback = links.some((link) => readSource(link) === FALLBACK);
  return [
    ...findHarm(
      flow,
      [
        ["none", none],
        ["now", now],
        ["wait", wait],
      ],
      tokens,
    ),
    ...findUnlinked([
      ["now", now],
      ["wait", wait],
    ]),
    ...links.flatMap((link) => findInLink(link, tokens)),
    ...findWrongOrder(now),
    ...deadEnds.map((detail) => remark("flow-dead-end", detail)),
    ...unique(all.flatMap(({ circles }) => circles.map(describeBlock))).map((detail) => remark("flow-circle", detail)),
    ...findLinkedTwice(flow, links, tokens).map((way) => remark("flow-links-twice", way)),
    ...linkedForNone.map((way) => remark("flow-links-none", way)),
    ...findUnwaited(wait),
    ...(links.length > 0 && deadEnds.length === 0 && !hasFallback
      ? [remark("flow-no-fallback", `no block links from ${FALLBACK}`)]
      : []),
  ];
}

function findHarm(flow: FlowContent, walks: Walks, tokens: Tokens): readonly Remark[] {
  return [
    ...findCutOffs(flow, walks, tokens).map((way) => remark("flow-cuts-off", way)),
    ...findOverwritten(flow, walks, tokens).map((detail) => remark("flow-overwrites", detail)),
  ];
}

/** The link blocks that a way reaches first. */
function listFirstLinks({ reached }: Walk): readonly Reached[] {
  return reached.filter(({ block, hasTried }) => isLink(block) && !hasTried);
}

function isLost(walk: Walk): boolean {
  return listFirstLinks(walk).length === 0;
}

function findUnlinked(walks: Walks): readonly Remark[] {
  const lost = walks
    .filter(([, walk]) => isLost(walk))
    .map(([visit, { ends }]) => [ends[0] === undefined ? "no way to a link" : describeWay(ends[0]), visit] as const);
  const passing = walks
    .filter(([, walk]) => !isLost(walk))
    .flatMap(([visit, { ends }]) =>
      ends
        .filter(({ end, hasTried }) => !hasTried && end !== "ended")
        .map((way) => [`to ${TARGETS[way.end]} without the link: ${describeWay(way)}`, visit] as const),
    );
  return [
    ...describeByVisit(lost).map((detail) => remark("flow-not-linking", detail)),
    ...describeByVisit(passing).map((detail) => remark("flow-ways-unlinked", detail)),
  ];
}

const TARGETS = { queue: "the queue", elsewhere: "another flow", ended: "the end" } as const;

/** The ways from a link that succeeds to another link: a chat can be linked once. */
function findLinkedTwice(flow: FlowContent, links: readonly FlowAction[], tokens: Tokens): readonly string[] {
  const blocks = mapBlocks(flow);
  const leave: Leave = (action) => {
    const exits = takeBranches(action, "now", tokens);
    return waitsForPerson(action) || isLink(action) ? { ...exits, branches: [] } : exits;
  };
  return links.flatMap((link) => {
    const next = blocks.get(link.Transitions.NextAction ?? "");
    if (next === undefined) return [];
    const { reached } = follow(blocks, beginAt(next, [{ block: link, branch: "Success" }]), leave, tokens);
    return reached.filter(({ block }) => isLink(block)).map(describeWay);
  });
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
    .filter(({ block }) => isToldAsDeadEnd(block))
    .map(({ block, branch }) => `${describeBlock(block)}: the branch ${branch}`);
}

function findUnwaited(wait: Walk): readonly Remark[] {
  return listFirstLinks(wait)
    .filter(({ hasWaited }) => !hasWaited)
    .map((link) => {
      const other = link.way.find(({ block }) => block.Type === "Wait")?.block;
      if (other === undefined) return remark("flow-wait", `without a wait: ${describeWay(link)}`);
      return remark("flow-wait", `${describeBlock(other)} waits for ${readWaitTime(other) || "no set time"}`);
    });
}

function readSource(link: FlowAction): string | null {
  return readAttributeName(readParameter(link, "SourceContactId"));
}

function remark(code: FindingCode, detail: string): Remark {
  return { code, detail };
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
