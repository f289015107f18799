import {
  type Action,
  buildBlockMetadata,
  buildLinkBlocks,
  FALLBACK_ATTRIBUTE,
  LINK_TYPE,
  REHYDRATION_TYPES,
  type RehydrationType,
  toReference,
} from "../../../flow/contact-flow.ts";
import { findLinkBlocks, type LinkBlocks } from "./find-link-blocks.ts";
import {
  type Block,
  changeBlocks,
  findBlock,
  findReached,
  type FlowContent,
  MAX_BLOCKS,
  readParameter,
  readPlaces,
} from "./flow-content.ts";

/** How a flow's content becomes another, or why it does not. */
export type Plan =
  | { readonly kind: "change"; readonly content: FlowContent }
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly reason: Refusal; readonly blocks: readonly string[] };

export type Refusal = keyof typeof REFUSALS;

/** Why a flow cannot be changed, and what the owner can do. `%` stands for the blocks. */
export const REFUSALS = {
  "no-entry": "its Entry leads to no block: finish the flow in Connect first.",
  "links-already":
    "it has a block that links chats already (%), and a chat is linked once: remove that block in Connect first.",
  "not-reached":
    "the blocks are in it, but nothing leads to them: connect Entry to % in Connect, or remove the blocks there.",
  "too-many-blocks": `it would have more than ${MAX_BLOCKS} blocks, the most that Connect allows.`,
  "several-exits":
    "our blocks lead on to several others (%): connect Entry to the right one in Connect, and remove our blocks there.",
  "inner-arrow": "% leads into the middle of our blocks: connect it elsewhere in Connect first.",
  "no-set-queue": "it has not exactly one block Set working queue: set the queue in Connect.",
} as const;

interface Wanted {
  /** Key of the attribute with the contact id to continue from. */
  readonly contactAttribute: string;
  readonly rehydrationType: RehydrationType;
}

/**
 * Plans how our four blocks go into a flow: between Entry and the block that it leads to.
 *
 * Blocks that are already there are kept; only what they link, and by which attributes, is mended.
 */
export function planInsert(content: FlowContent, wanted: Wanted): Plan {
  const present = findLinkBlocks(content);
  if (present !== null) return planMend(content, present, wanted);
  if (findBlock(content, content.StartAction) === undefined) return refuse("no-entry");
  const links = content.Actions.filter(({ Type }) => Type === LINK_TYPE).map(({ Identifier }) => Identifier);
  if (links.length > 0) return refuse("links-already", links);
  const blocks = buildLinkBlocks(wanted, content.StartAction, createRename(content));
  if (content.Actions.length + blocks.length > MAX_BLOCKS) return refuse("too-many-blocks");
  const [first] = blocks;
  if (first === undefined) throw new Error("There are no blocks to insert");
  return {
    kind: "change",
    content: {
      ...placeBeside(content, blocks),
      StartAction: first.Identifier,
      Actions: [...content.Actions, ...blocks],
    },
  };
}

function planMend(content: FlowContent, present: LinkBlocks, { contactAttribute, rehydrationType }: Wanted): Plan {
  if (!findReached(content).has(present.choose.Identifier)) return refuse("not-reached", [present.choose.Identifier]);
  const sources = new Map([
    [present.linkNewest.Identifier, contactAttribute],
    [present.linkFallback.Identifier, FALLBACK_ATTRIBUTE],
  ]);
  const wrong = content.Actions.filter((block) => {
    const attribute = sources.get(block.Identifier);
    return attribute !== undefined && !linksRight(block, attribute);
  });
  if (wrong.length === 0) return { kind: "unchanged" };
  const mend = (block: Block): Block => {
    const attribute = sources.get(block.Identifier);
    if (attribute === undefined || !wrong.includes(block)) return block;
    const type = isWholeSession(block) ? {} : { RehydrationType: rehydrationType };
    return { ...block, Parameters: { ...block.Parameters, ...type, SourceContactId: toReference(attribute) } };
  };
  return { kind: "change", content: changeBlocks(content, mend) };
}

function linksRight(block: Block, attribute: string): boolean {
  return readParameter(block, "SourceContactId") === toReference(attribute) && isWholeSession(block);
}

function isWholeSession(block: Block): boolean {
  const type = readParameter(block, "RehydrationType");
  return REHYDRATION_TYPES.some((known) => known === type);
}

export function refuse(reason: Refusal, blocks: readonly string[] = []): Plan {
  return { kind: "refused", reason, blocks };
}

/** Names stay as they are unless the flow has them: also a place on the designer's sheet takes a name. */
function createRename(content: FlowContent): (name: string) => string {
  const taken = new Set([
    content.StartAction,
    ...content.Actions.map(({ Identifier }) => Identifier),
    ...Object.keys(content.Metadata?.ActionMetadata ?? {}),
  ]);
  return (name) => {
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
    return free;
  };
}

const GAP = 260;

/** Our blocks stand in a row below the others. A flow that says nothing of places is left so. */
function placeBeside(content: FlowContent, blocks: readonly Action[]): FlowContent {
  const { Metadata } = content;
  const present = readPlaces(content);
  if (present === null) return content;
  const places = Object.values(present).flatMap(readPosition);
  const left = Math.min(200, ...places.map(({ x }) => x));
  const below = Math.max(0, ...places.map(({ y }) => y)) + GAP;
  const own = blocks.map((block, index): [string, object] => [
    block.Identifier,
    buildBlockMetadata(block, { x: left + GAP * index, y: below }),
  ]);
  return {
    ...content,
    Metadata: { ...Metadata, ActionMetadata: { ...present, ...Object.fromEntries(own) } },
  };
}

function readPosition(metadata: unknown): { x: number; y: number }[] {
  const { x, y } = Object(Object(metadata).position);
  return Number.isFinite(x) && Number.isFinite(y) ? [{ x, y }] : [];
}
