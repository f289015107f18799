import { type HeaderEdit } from "../headers/header-edits.ts";

/**
 * How the ETag of a page with our tag differs from the origin's own.
 *
 * The page's bytes depend on the origin's bytes and on our transformation, so the ETag names both. A page from before this
 * Worker, or from before a change of it, never counts as the current page.
 */
const MARK = "~chat-";

/** The parts of an ETag of ours. */
type Kind = "strong" | "weak" | "date";

const LETTERS = { strong: "s", weak: "w", date: "m" } as const;
const KINDS: Readonly<Record<string, Kind | undefined>> = { s: "strong", w: "weak", m: "date" };

const ENTITY_TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/**
 * The ETag of a page with our tag in it.
 *
 * @param headers The origin's headers; a page with only a date gets an ETag made from the date.
 * @param version Fingerprint of the transformation.
 * @returns `null` when the origin gave nothing to make one from. Always weak: a strong ETag would promise the origin's bytes.
 * Source: RFC 9110 §8.8.3 (ETag), §8.8.2 (Last-Modified).
 */
export function toPageEtag(headers: Headers, version: string): string | null {
  const etag = ENTITY_TAG.exec(headers.get("etag") ?? "");
  if (etag !== null) return renderEtag(etag[2] ?? "", etag[1] === undefined ? "strong" : "weak", version);
  const modified = headers.get("last-modified");
  return modified === null ? null : renderEtag(modified.replaceAll(" ", "_"), "date", version);
}

function renderEtag(opaque: string, kind: Kind, version: string): string {
  return `W/"${opaque}${MARK}${LETTERS[kind]}${version}"`;
}

/** A request's conditions, translated for the origin. */
export interface OriginConditions {
  readonly edits: readonly HeaderEdit[];
  /** Whether a 304 or 206 may be about bytes without our tag, which the visitor still has from before. */
  readonly isAmbiguous: boolean;
}

const CONDITIONS = ["if-none-match", "if-modified-since", "range", "if-range"] as const;

/** Removes all conditions of a request: for a second try when the first answer cannot be used. */
export const UNCONDITIONAL: readonly HeaderEdit[] = CONDITIONS.map((name) => [name, null]);

/**
 * Translates a request's conditions for the origin: our ETags become the origin's ETags.
 *
 * @param version Fingerprint of the transformation; an ETag of another transformation is dropped.
 * Source: RFC 9110 §13.1.2 (If-None-Match), §13.1.3 (If-Modified-Since), §13.1.5 (If-Range).
 */
export function toOriginConditions(headers: Headers, version: string): OriginConditions {
  const validators = headers.get("if-none-match")?.match(/(?:W\/)?"[^"]*"|[^\t ,]+/g) ?? [];
  const parsed = validators.map((validator) => parseValidator(validator, version));
  const foreign = parsed.filter(({ kind }) => kind === "foreign");
  const edits: HeaderEdit[] = [];
  if (foreign.length < parsed.length) {
    const etags = parsed.filter(({ kind }) => kind === "foreign" || kind === "etag").map(({ text }) => text);
    const date = parsed.find(({ kind }) => kind === "date")?.text ?? null;
    edits.push(["if-none-match", etags.length === 0 ? null : etags.join(", ")]);
    // The date came with an ETag of ours; alone, it would mean the page without our tag.
    if (etags.length === 0) edits.push(["if-modified-since", date]);
  }
  // A byte range of the page with our tag is another range of the origin's bytes.
  if (parseValidator(headers.get("if-range") ?? "", version).kind !== "foreign")
    edits.push(["range", null], ["if-range", null]);
  const hasDateOnly = parsed.length === 0 && headers.has("if-modified-since");
  return { edits, isAmbiguous: foreign.length > 0 || hasDateOnly || headers.has("range") };
}

/**
 * Removes our ETags from a request for a page that gets no tag, or no longer: the origin must not take our page for its
 * own.
 *
 * @returns Empty where there are none.
 */
export function dropPageEtags(headers: Headers): readonly HeaderEdit[] {
  const hasOurs = ["if-none-match", "if-range"].some((name) => headers.get(name)?.includes(MARK));
  // No transformation has an empty fingerprint, so all our ETags count as outdated.
  return hasOurs ? toOriginConditions(headers, "").edits : [];
}

interface Validator {
  readonly kind: "foreign" | "etag" | "date" | "outdated";
  /** Translated for the origin. */
  readonly text: string;
}

function parseValidator(text: string, version: string): Validator {
  const opaque = ENTITY_TAG.exec(text)?.[2] ?? "";
  const mark = opaque.lastIndexOf(MARK);
  if (mark === -1) return { kind: "foreign", text };
  const kind = KINDS[opaque.charAt(mark + MARK.length)];
  const original = opaque.slice(0, mark);
  if (kind === undefined || opaque.slice(mark + MARK.length + 1) !== version)
    return { kind: "outdated", text: original };
  if (kind === "date") return { kind: "date", text: original.replaceAll("_", " ") };
  return { kind: "etag", text: `${kind === "weak" ? "W/" : ""}"${original}"` };
}
