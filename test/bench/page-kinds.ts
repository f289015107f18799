/** A page of the site behind the Workers, as it is transferred. */
export interface PageKind {
  readonly bytes: number;
  readonly encoding: "plain" | "gzip" | "br";
  /** Whether the answer has a `Content-Length`; else it comes in chunks. */
  readonly hasLength: boolean;
}

const KILOBYTE = 1024;

export const PAGE_KINDS: readonly PageKind[] = [10, 40, 100, KILOBYTE].flatMap((kilobytes) =>
  (["plain", "gzip", "br"] as const).flatMap((encoding) =>
    [true, false].map((hasLength) => ({ bytes: kilobytes * KILOBYTE, encoding, hasLength })),
  ),
);

export function toPath({ bytes, encoding, hasLength }: PageKind): string {
  return `/page-${bytes / KILOBYTE}-kb-${encoding}-${hasLength ? "length" : "chunks"}`;
}

/** The kind in words, such as "40 KB, gzip, no length". */
export function describeKind({ bytes, encoding, hasLength }: PageKind): string {
  const size = bytes < KILOBYTE * KILOBYTE ? `${bytes / KILOBYTE} KB` : `${bytes / KILOBYTE / KILOBYTE} MB`;
  return [size, ...(encoding === "plain" ? [] : [encoding]), ...(hasLength ? [] : ["no length"])].join(", ");
}
