import { type Arbitrary, array, constantFrom, integer, record, tuple } from "fast-check";

type Kind = "delete" | "duplicate" | "move" | "insert" | "replace" | "cut" | "splice";

interface Edit {
  readonly kind: Kind;
  /** In words, which keeps the text nearly valid, or in characters. */
  readonly unit: "word" | "character";
  /** The place, in thousandths of the text. */
  readonly at: number;
  readonly to: number;
  /** How many words or characters. */
  readonly length: number;
  readonly fragment: string;
  readonly other: string;
}

/**
 * Valid texts with a few edits, or none: nearly valid text gets further in our code than random text.
 *
 * @param examples Valid texts.
 * @param fragments Pieces that have a meaning in these texts.
 */
export function mutated(examples: readonly string[], fragments: readonly string[], maxEdits = 6): Arbitrary<string> {
  const thousandth = integer({ min: 0, max: 1000 });
  const edit = record<Edit>({
    // Inserting comes first, and twice: an insertion changes the meaning of a text most.
    kind: constantFrom<Kind>("insert", "insert", "replace", "delete", "duplicate", "move", "splice", "cut"),
    unit: constantFrom("word", "word", "character"),
    at: thousandth,
    to: thousandth,
    length: integer({ min: 1, max: 8 }),
    fragment: constantFrom(...fragments),
    other: constantFrom(...examples),
  });
  return tuple(constantFrom(...examples), array(edit, { maxLength: maxEdits })).map(([text, edits]) =>
    edits.reduce(applyEdit, text),
  );
}

function applyEdit(text: string, { kind, unit, at, to, length, fragment, other }: Edit): string {
  const pieces = split(text, unit);
  const place = (thousandth: number, of: readonly string[]) => Math.floor((thousandth * of.length) / 1000);
  const start = place(at, pieces);
  const before = pieces.slice(0, start);
  const run = pieces.slice(start, start + length);
  const after = pieces.slice(start + length);
  switch (kind) {
    case "delete":
      return [...before, ...after].join("");
    case "duplicate":
      return [...before, ...run, ...run, ...after].join("");
    case "move": {
      const rest = [...before, ...after];
      return rest.toSpliced(place(to, rest), 0, ...run).join("");
    }
    case "insert":
      return [...before, fragment, ...run, ...after].join("");
    case "replace":
      return [...before, fragment, ...run.slice(1), ...after].join("");
    case "cut":
      return before.join("");
    case "splice": {
      const others = split(other, unit);
      return [...before, ...others.slice(place(to, others))].join("");
    }
  }
}

function split(text: string, unit: Edit["unit"]): readonly string[] {
  return unit === "character" ? Array.from(text) : (text.match(/\w+|\s+|[^\w\s]/gu) ?? []);
}
