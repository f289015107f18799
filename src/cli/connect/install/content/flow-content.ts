import * as v from "valibot";

/** The most blocks that Connect allows in a flow. Source: Amazon Connect Administrator Guide, "Amazon Connect quotas". */
export const MAX_BLOCKS = 250;

const branch = v.looseObject({ NextAction: v.string() });
const actionSchema = v.looseObject({
  Identifier: v.string(),
  Type: v.string(),
  Parameters: v.nullish(v.looseObject({})),
  Transitions: v.nullish(
    v.looseObject({
      NextAction: v.nullish(v.string()),
      Conditions: v.nullish(v.array(v.looseObject({ ...branch.entries, Condition: v.nullish(v.looseObject({})) }))),
      Errors: v.nullish(v.array(v.looseObject({ ...branch.entries, ErrorType: v.nullish(v.string()) }))),
    }),
  ),
});
const contentSchema = v.looseObject({
  StartAction: v.string(),
  Metadata: v.nullish(v.looseObject({ ActionMetadata: v.nullish(v.looseObject({})) })),
  Actions: v.array(actionSchema),
});

interface Branch {
  readonly NextAction: string;
}

/** A block of a flow. It may have other properties: whoever changes it keeps them. */
export interface Block {
  readonly Identifier: string;
  readonly Type: string;
  readonly Parameters?: Readonly<Record<string, unknown>> | null | undefined;
  readonly Transitions?:
    | {
        readonly NextAction?: string | null | undefined;
        readonly Conditions?:
          | readonly (Branch & { readonly Condition?: Readonly<Record<string, unknown>> | null | undefined })[]
          | null
          | undefined;
        readonly Errors?: readonly (Branch & { readonly ErrorType?: string | null | undefined })[] | null | undefined;
      }
    | null
    | undefined;
}

/** What a flow does. It may have other properties: whoever changes it keeps them. */
export interface FlowContent {
  readonly StartAction: string;
  readonly Metadata?:
    | { readonly ActionMetadata?: Readonly<Record<string, unknown>> | null | undefined }
    | null
    | undefined;
  readonly Actions: readonly Block[];
}

/**
 * Reads a flow's content. A property may be `null`, as if it were not there.
 *
 * @param text As DescribeContactFlow gives it.
 * @returns `null` for a text that is no flow.
 * Source: Amazon Connect API Reference, "Amazon Connect Flow language".
 */
export function parseContent(text: string): FlowContent | null {
  try {
    // The value itself, and not a copy by the schema: every property stays, in its order.
    const content: unknown = JSON.parse(text);
    return v.is(contentSchema, content) ? content : null;
  } catch {
    return null;
  }
}

/** One way out of a block. */
export interface Arrow {
  /** What leads this way: a value, the type of an error, or nothing for the usual way. */
  readonly label: string;
  readonly target: string;
}

export function listArrows({ Transitions }: Block): Arrow[] {
  const { NextAction, Conditions, Errors } = Transitions ?? {};
  return [
    ...(typeof NextAction !== "string" ? [] : [{ label: "", target: NextAction }]),
    ...(Conditions ?? []).map(({ Condition, NextAction }) => ({ label: readOperands(Condition), target: NextAction })),
    ...(Errors ?? []).map(({ ErrorType, NextAction }) => ({ label: ErrorType ?? "error", target: NextAction })),
  ];
}

function readOperands(condition: Readonly<Record<string, unknown>> | null | undefined): string {
  const operands = condition?.["Operands"];
  return Array.isArray(operands) ? operands.map(String).join(", ") : "";
}

/** The block of this identifier. */
export function findBlock({ Actions }: FlowContent, identifier: string): Block | undefined {
  return Actions.find(({ Identifier }) => Identifier === identifier);
}

/** Every block that a chat can reach. */
export function findReached(content: FlowContent): ReadonlySet<string> {
  const blocks = new Map(content.Actions.map((block) => [block.Identifier, block]));
  const reached = new Set<string>();
  const waiting = [content.StartAction];
  for (const identifier of waiting) {
    const block = blocks.get(identifier);
    if (block === undefined || reached.has(identifier)) continue;
    reached.add(identifier);
    waiting.push(...listArrows(block).map(({ target }) => target));
  }
  return reached;
}

/** A parameter that is a text. */
export function readParameter({ Parameters }: Block, name: string): string | undefined {
  const value = Parameters?.[name];
  return typeof value === "string" ? value : undefined;
}

/** What the designer's sheet has of each block; `null`: nothing, or a list, which some exports have for nothing. */
export function readPlaces({ Metadata }: FlowContent): Readonly<Record<string, unknown>> | null {
  const places = Metadata?.ActionMetadata;
  return !places || Array.isArray(places) ? null : places;
}

/** The content with these blocks changed. */
export function changeBlocks(content: FlowContent, change: (block: Block) => Block): FlowContent {
  return { ...content, Actions: content.Actions.map(change) };
}
