import { type HeaderEdit } from "../headers/header-edits.ts";

/**
 * How the validators of a page with our tag are told from the origin's own.
 *
 * The page's bytes follow from the origin's and from our transformation of them, so its ETag names both: a page from
 * before the Worker, or from before a change of it, is then never taken for the page of now.
 */
const MARK = "~chat-";

/** What an ETag of ours was made from. */
type Kind = "strong" | "weak" | "date";

const LETTERS = { strong: "s", weak: "w", date: "m" } as const;
const KINDS: Readonly<Record<string, Kind | undefined>> = { s: "strong", w: "weak", m: "date" };

const ENTITY_TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/**
 * The ETag of a page with our tag in it.
 *
 * @param headers The origin's headers; a page with a date only gets an ETag made from it.
 * @param version Fingerprint of the transformation.
 * @returns `null` when the origin gave nothing to make one from. Always weak: a strong one promises the origin's bytes.
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

/** A request's conditions in the origin's words. */
export interface OriginConditions {
  readonly edits: readonly HeaderEdit[];
  /** Whether a 304 or 206 to them may speak of bytes without our tag, which the visitor still has from before. */
  readonly isAmbiguous: boolean;
}

const CONDITIONS = ["if-none-match", "if-modified-since", "range", "if-range"] as const;

/** A request without any condition: asked when the answer to one cannot be used. */
export const UNCONDITIONAL: readonly HeaderEdit[] = CONDITIONS.map((name) => [name, null]);

/**
 * Puts a request's conditions into the origin's words: our ETags become the ones that they were made from.
 *
 * @param version Fingerprint of the transformation; an ETag made by another one is dropped.
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
    // It came with an ETag of ours: without that, it would speak of the date alone.
    if (etags.length === 0) edits.push(["if-modified-since", date]);
  }
  // Parts of a page with our tag are not the origin's parts.
  if (parseValidator(headers.get("if-range") ?? "", version).kind !== "foreign")
    edits.push(["range", null], ["if-range", null]);
  const hasDateOnly = parsed.length === 0 && headers.has("if-modified-since");
  return { edits, isAmbiguous: foreign.length > 0 || hasDateOnly || headers.has("range") };
}

/**
 * Takes our ETags out of a request for something that gets no tag, or gets it no more: without them the origin must not
 * take the page with the tag for its own.
 *
 * @returns Empty where there are none.
 */
export function dropPageEtags(headers: Headers): readonly HeaderEdit[] {
  const hasOurs = ["if-none-match", "if-range"].some((name) => headers.get(name)?.includes(MARK));
  // No transformation has an empty fingerprint, so that all of ours are outdated.
  return hasOurs ? toOriginConditions(headers, "").edits : [];
}

interface Validator {
  readonly kind: "foreign" | "etag" | "date" | "outdated";
  /** In the origin's words. */
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
