import { type Count, type ReportFigures, type HourCount } from "../../../src/cli/report/figures/report-figures.ts";

/** Noon of a Monday. */
export const NOW = Date.UTC(2026, 5, 15, 12) / 1000;

export const count = (
  event: string,
  outcome: string,
  reason: string,
  times: number,
  of: Partial<Count> = {},
): Count => ({
  event,
  outcome,
  reason,
  browser: "",
  version: "",
  count: times,
  ...of,
});

/** What browsers told. */
export const told = (outcome: string, times: number, of: Partial<Count> = {}) =>
  count("browser.outcome", outcome, "", times, of);

/** A week before NOW; without `before`, nothing is known of the week before. */
export function figuresOf(counts: readonly Count[], of: Partial<ReportFigures> = {}): ReportFigures {
  return {
    title: "The last 7 days, from chats",
    days: 7,
    counts,
    before: [],
    hours: [],
    span: { from: NOW - 7 * 86_400, until: NOW },
    withoutTime: 0,
    rolloutPercent: 100,
    isExample: false,
    ...of,
  };
}

/** So many failures of a kind in an hour, some days before NOW. */
export const failuresAgo = (days: number, times: number, outcome = "client-failed"): HourCount => ({
  event: "browser.outcome",
  outcome,
  hour: NOW - days * 86_400,
  count: times,
});
