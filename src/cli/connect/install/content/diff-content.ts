import { isDeepStrictEqual } from "node:util";
import { type Block, type FlowContent, listArrows } from "./flow-content.ts";

/** One line of a diff. */
export interface DiffLine {
  readonly sign: "+" | "-";
  readonly text: string;
}

/**
 * Compares two contents of a flow: which blocks come and go, which arrows and values change. Places on the designer's
 * sheet are left out.
 */
export function diffContent(before: FlowContent, after: FlowContent): DiffLine[] {
  const old = new Map(before.Actions.map((block) => [block.Identifier, block]));
  const now = new Map(after.Actions.map((block) => [block.Identifier, block]));
  const names = { before: createNames(before), after: createNames(after) };
  const isEntryMoved = before.StartAction !== after.StartAction;
  return [
    ...(isEntryMoved ? [minus(`Entry → ${names.before(before.StartAction)}`)] : []),
    ...(isEntryMoved ? [plus(`Entry → ${names.after(after.StartAction)}`)] : []),
    ...before.Actions.filter(({ Identifier }) => !now.has(Identifier)).map((block) =>
      minus(describe(block, names.before)),
    ),
    ...after.Actions.filter(({ Identifier }) => !old.has(Identifier)).map((block) =>
      plus(describe(block, names.after)),
    ),
    ...after.Actions.flatMap((block) => {
      const earlier = old.get(block.Identifier);
      return earlier === undefined ? [] : diffBlock([earlier, names.before], [block, names.after]);
    }),
  ];
}

type Names = (identifier: string) => string;

function diffBlock([before, namesBefore]: [Block, Names], [after, namesAfter]: [Block, Names]): DiffLine[] {
  const name = namesAfter(after.Identifier);
  const values = { before: Object(before.Parameters), after: Object(after.Parameters) };
  const keys = new Set([...Object.keys(values.before), ...Object.keys(values.after)]);
  const changed = [...keys].filter((key) => !isDeepStrictEqual(values.before[key], values.after[key]));
  const arrows = { before: describeArrows(before, namesBefore), after: describeArrows(after, namesAfter) };
  return [
    ...changed.flatMap((key) => diffValue(`${name}: ${key}`, values.before[key], values.after[key])),
    ...(arrows.before === arrows.after ? [] : [minus(`${name}: ${arrows.before}`), plus(`${name}: ${arrows.after}`)]),
  ];
}

function diffValue(name: string, before: unknown, after: unknown): DiffLine[] {
  const lines = [minus(`${name} is ${toText(before)}`), plus(`${name} is ${toText(after)}`)];
  return lines.filter(({ sign }) => (sign === "-" ? before : after) !== undefined);
}

function describe(block: Block, names: Names): string {
  return `${names(block.Identifier)}: ${describeArrows(block, names)}`;
}

/** Ways that lead to one block are one. */
function describeArrows(block: Block, names: Names): string {
  const labels = new Map<string, string[]>();
  for (const { label, target } of listArrows(block)) labels.set(target, [...(labels.get(target) ?? []), label]);
  return [...labels]
    .map(([target, ways]) => `${ways.includes("") ? "" : `${ways.join(", ")} `}→ ${names(target)}`)
    .join("; ");
}

/** A block's name for a reader. */
export function toBlockName(content: FlowContent, identifier: string): string {
  return createNames(content)(identifier);
}

/** The designer's own identifiers say nothing to a reader: the block's type is added. */
function createNames({ Actions }: FlowContent): Names {
  const types = new Map(Actions.map(({ Identifier, Type }) => [Identifier, Type]));
  return (identifier) => {
    const type = types.get(identifier);
    const isUuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(identifier);
    return isUuid && type !== undefined ? `${type} (${identifier.slice(0, 8)})` : identifier;
  };
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function plus(text: string): DiffLine {
  return { sign: "+", text };
}

function minus(text: string): DiffLine {
  return { sign: "-", text };
}
