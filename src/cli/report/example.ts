import { type CountedEvent } from "../../core/counted-event.ts";
import { DAY_SECONDS, HOUR_SECONDS } from "../../limits.ts";
import { type Count, type ReportFigures, type HourCount } from "./figures/report-figures.ts";

const DAYS = 30;
/** Always the same days, so that the picture changes only when the report does. */
const FROM = Date.UTC(2026, 9, 1) / 1000;
const UNTIL = FROM + DAYS * DAY_SECONDS;

/** A new version fails in Safari; the next version mends that two days later. */
const FAULT_FROM = FROM + 16 * DAY_SECONDS;
const FAULT_UNTIL = FAULT_FROM + 2 * DAY_SECONDS;

/** Pages in an hour of a weekday, by the hour of the day in UTC: a shop in Europe. */
const PAGES_BY_HOUR = [
  30, 16, 10, 8, 12, 34, 90, 170, 260, 330, 360, 350, 330, 340, 350, 340, 320, 310, 340, 380, 360, 270, 150, 70,
];

const BROWSERS = [
  ["chrome", 0.46],
  ["safari", 0.31],
  ["edge", 0.09],
  ["firefox", 0.06],
  ["samsung", 0.05],
  ["other", 0.03],
] as const;

/** What comes of the chats that were opened: event, outcome and reason with their share. */
const OF_OPENED: readonly (readonly [string, string, string, number])[] = [
  ["token.issued", "now", "ended", 0.36],
  ["token.issued", "wait", "ended-just-now", 0.03],
  ["token.issued", "none", "no-session", 0.54],
  ["token.issued", "none", "no-consent", 0.05],
  ["token.issued", "none", "asked-fresh", 0.01],
  ["contact.recorded", "started", "", 0.94],
  ["contact.recorded", "ended", "", 0.9],
  ["chat.linked", "linked", "", 0.36],
  ["chat.linked", "not-linked", "chat-over", 0.012],
  ["chat.refused", "", "TOO_MANY_CALLS", 0.004],
];

/** What browsers tell of a chat, with its share of the chats that were opened. */
const TOLD: readonly (readonly [string, string, number])[] = [
  ["started", "", 0.95],
  ["connected", "", 0.94],
  ["history-seen", "", 0.37],
  ["connection-lost", "", 0.018],
  ["history-missing", "", 0.006],
  ["token-refused", "", 0.003],
  ["start-refused", "401", 0.001],
];

/** What browsers tell of pages, with its share of the pages. */
const TOLD_OF_PAGES: readonly (readonly [string, number])[] = [
  ["client-failed", 0.0007],
  ["policy-blocked", 0.0002],
  ["never-ready", 0.0003],
];

const OF_PAGES: readonly (readonly [string, number])[] = [
  ["excluded-path", 0.08],
  ["fragment", 0.02],
  ["no-transform", 0.006],
];

const OPENED_SHARE = 0.024;
const SAFARI_FAULT_SHARE = 0.07;
const WEEKEND_SHARE = 0.55;

type CountIn = (hour: number, told: Partial<CountedEvent>, expected: number) => void;

/** ReportFigures of a made-up month, and of the month before: the same at each call. */
export function buildExample(): ReportFigures {
  const month = collect(1, FROM);
  const monthBefore = collect(2, FROM - DAYS * DAY_SECONDS);
  return {
    title: "30 days of a shop that does not exist",
    days: DAYS,
    counts: month.counts,
    before: monthBefore.counts,
    hours: month.hours,
    span: { from: FROM, until: UNTIL },
    withoutTime: 0,
    rolloutPercent: 100,
    isExample: true,
  };
}

function collect(seed: number, from: number): { counts: Count[]; hours: HourCount[] } {
  const random = createRandom(seed);
  const counts = new Map<string, Count>();
  const hours = new Map<string, HourCount>();
  const countIn: CountIn = (hour, told, expected) => {
    const whole = Math.floor(expected * (0.8 + 0.4 * random()) + random());
    if (whole === 0) return;
    const row = { event: "", outcome: "", reason: "", browser: "", version: "", ...told };
    add(counts, row, whole);
    add(hours, { event: row.event, outcome: row.outcome, hour }, whole);
  };
  for (let hour = from; hour < from + DAYS * DAY_SECONDS; hour += HOUR_SECONDS) countHour(hour, countIn);
  return { counts: [...counts.values()], hours: [...hours.values()] };
}

function add<T extends object>(totals: Map<string, T & { readonly count: number }>, row: T, count: number): void {
  const key = JSON.stringify(row);
  totals.set(key, { ...row, count: (totals.get(key)?.count ?? 0) + count });
}

function countHour(hour: number, countIn: CountIn): void {
  const date = new Date(hour * 1000);
  const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
  const pages = (PAGES_BY_HOUR[date.getUTCHours()] ?? 0) * (isWeekend ? WEEKEND_SHARE : 1);
  const opened = pages * OPENED_SHARE;
  countIn(hour, { event: "page.injected" }, pages);
  for (const [reason, share] of OF_PAGES) countIn(hour, { event: "page.left-alone", reason }, pages * share);
  for (const [event, outcome, reason, share] of OF_OPENED) countIn(hour, { event, outcome, reason }, opened * share);
  for (const [browser, part] of BROWSERS) {
    const told = { event: "browser.outcome", browser, version: versionAt(hour) };
    countIn(hour, { ...told, outcome: "opened" }, opened * part);
    for (const [outcome, reason, share] of TOLD) countIn(hour, { ...told, outcome, reason }, opened * part * share);
    for (const [outcome, share] of TOLD_OF_PAGES) countIn(hour, { ...told, outcome }, pages * part * share);
    if (browser === "safari" && isFaulty(hour)) {
      countIn(hour, { ...told, outcome: "client-failed" }, pages * part * SAFARI_FAULT_SHARE);
    }
  }
}

const isFaulty = (hour: number) => hour >= FAULT_FROM && hour < FAULT_UNTIL;

function versionAt(hour: number): string {
  if (hour < FAULT_FROM) return "1.3.0";
  return hour < FAULT_UNTIL ? "1.4.0" : "1.4.1";
}

/** Numbers from 0 to 1 that look random. Source: mulberry32, a generator in the public domain. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
