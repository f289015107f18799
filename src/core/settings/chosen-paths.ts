import { MAX_MATCHED_CHARS } from "../../limits.ts";
import { matches, type Pattern } from "./pattern.ts";

/** The pages on which the owner wants the chat. */
export interface ChosenPaths {
  /** Empty: all pages. */
  readonly include: readonly Pattern[];
  readonly exclude: readonly Pattern[];
}

/** Whether the owner wants the chat on a page. A path that is too long to be matched gets no chat. */
export function isChosenPath({ include, exclude }: ChosenPaths, pathname: string): boolean {
  const isIncluded = include.length === 0 || include.some((pattern) => matches(pattern, pathname));
  return isIncluded && !exclude.some((pattern) => pathname.length > MAX_MATCHED_CHARS || matches(pattern, pathname));
}

/** The pathname of an address; empty, so that no pattern matches, for an address with an impossible host. */
export function readPathname(url: string): string {
  return URL.parse(url)?.pathname ?? "";
}
