import { MAX_MATCHED_CHARS } from "../../limits.ts";
import { matches, type Pattern } from "./pattern.ts";

/** On which pages the owner wants the chat. */
export interface ChosenPaths {
  /** Empty: on all. */
  readonly include: readonly Pattern[];
  readonly exclude: readonly Pattern[];
}

/** Whether the owner wants the chat on a page; not on one whose path is too long to be compared. */
export function isChosenPath({ include, exclude }: ChosenPaths, pathname: string): boolean {
  const isIncluded = include.length === 0 || include.some((pattern) => matches(pattern, pathname));
  return isIncluded && !exclude.some((pattern) => pathname.length > MAX_MATCHED_CHARS || matches(pattern, pathname));
}

/** The pathname of an address; empty, so that no pattern matches it, for the address that an impossible `Host` makes. */
export function readPathname(url: string): string {
  return URL.parse(url)?.pathname ?? "";
}
