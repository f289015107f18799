import { type Answer, fail } from "./answer.ts";
import type { Parameters } from "./operation.ts";

/** One page of a list, under the name that the action gives it. */
export interface Pages<Item> {
  readonly items: readonly Item[];
  readonly defaultResults: number;
  readonly maxResults: number;
  /** A token of another list is refused. */
  readonly list: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The member `NextToken`, unless this is the last page. */
  readonly next: { readonly NextToken?: string };
}

/** @returns The page that `MaxResults` and `NextToken` ask for, or a refusal. */
export function paginate<Item>(parameters: Parameters, pages: Pages<Item>): Page<Item> | Answer {
  const { items, list, maxResults } = pages;
  const size = readSize(parameters["MaxResults"] ?? pages.defaultResults);
  if (!(size >= 1 && size <= maxResults)) {
    return fail("InvalidParameterException", `MaxResults is not 1 to ${maxResults}.`);
  }
  const start = readStart(parameters["NextToken"], list);
  if (start === null) return fail("InvalidParameterException", "The NextToken is not valid.");
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? { NextToken: toNextToken(list, end) } : {} };
}

function readSize(value: unknown): number {
  return /^\d{1,4}$/.test(String(value)) ? Number(value) : NaN;
}

function readStart(token: unknown, list: string): number | null {
  if (token === undefined) return 0;
  const text = Buffer.from(typeof token === "string" ? token : "", "base64").toString("utf8");
  const start = text.slice(list.length + 1);
  return text.startsWith(`${list}:`) && /^\d+$/.test(start) ? Number(start) : null;
}

/** Opaque, and with characters that a query has to encode. */
function toNextToken(list: string, start: number): string {
  return Buffer.from(`${list}:${start}`).toString("base64");
}
