import { type CountedEvent } from "../../../core/counted-event.ts";

/** How often an event was counted. Browser and version are empty where they were not told, also in rows of older versions. */
export interface Count extends Pick<CountedEvent, "event" | "outcome" | "reason" | "browser" | "version"> {
  readonly count: number;
}

/** How often an event was counted in one hour. */
export interface HourCount extends Pick<CountedEvent, "event" | "outcome"> {
  /** Start of the hour, in seconds. */
  readonly hour: number;
  readonly count: number;
}

/** A stretch of time, in seconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Everything that a report is made from. */
export interface ReportFigures {
  /** Where the figures are from, as a title. */
  readonly title: string;
  /** Length of the span that was asked for, in days; `null` for a log. */
  readonly days: number | null;
  readonly counts: readonly Count[];
  /** The same number of days before; empty where nothing is known of them. */
  readonly before: readonly Count[];
  /** By hour; empty where no time is known. */
  readonly hours: readonly HourCount[];
  /** What `hours` covers; `null` where no time is known. */
  readonly span: Span | null;
  /** Events that are in `counts` and, for want of a time, not in `hours`. */
  readonly withoutTime: number;
  /**
   * Share of browsers that have a widget on a page with the tag, in percent, as it is set now: ROLLOUT_PERCENT, and 100 with
   * the page's own widget, which is in every page.
   */
  readonly rolloutPercent: number;
  /** Whether the figures are made up. */
  readonly isExample: boolean;
}

export function sum(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

/** The largest number, at least 0. `Math.max()` takes only so many numbers at once, and a log has any number of words. */
export function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

/** The counts of an event, or of one of its outcomes. */
export function pick<T extends { readonly event: string; readonly outcome: string }>(
  counts: readonly T[],
  event: string,
  outcome?: string,
): T[] {
  return counts.filter((count) => count.event === event && (outcome === undefined || count.outcome === outcome));
}

export interface Total<T> {
  readonly key: T;
  readonly count: number;
}

/**
 * The largest totals, and all others as one.
 *
 * @param name The name of the others, where there are any: how many they are.
 */
export function cutTotals<T>(totals: readonly Total<T>[], most: number, name: (others: number) => T): Total<T>[] {
  if (totals.length <= most) return [...totals];
  const others = totals.slice(most - 1);
  return [...totals.slice(0, most - 1), { key: name(others.length), count: sum(others) }];
}

/** Totals by a text, the largest first. */
export function totalBy<C extends { readonly count: number }, T extends string | number>(
  counts: readonly C[],
  read: (count: C) => T,
): Total<T>[] {
  const totals = new Map<T, number>();
  for (const count of counts) totals.set(read(count), (totals.get(read(count)) ?? 0) + count.count);
  return [...totals].map(([key, count]) => ({ key, count })).toSorted((a, b) => b.count - a.count);
}
