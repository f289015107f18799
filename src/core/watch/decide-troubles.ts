import { type Failure } from "../outcome/outcome.ts";
import {
  GONE_LEAST_CHATS,
  GONE_LEAST_PAGES,
  GONE_OVER_CHATS,
  GONE_OVER_TIMES,
  GONE_SHARE,
  TROUBLE_ALWAYS_SHARE,
  TROUBLE_ENOUGH,
  TROUBLE_FORGOTTEN_SECONDS,
  TROUBLE_LEAST_CHAT_SHARE,
  TROUBLE_LEAST_COUNT,
  TROUBLE_LEAST_PAGE_SHARE,
  TROUBLE_MANY,
  TROUBLE_OPERATOR_SHARE,
  TROUBLE_TIMES,
  TROUBLE_UNCOUNTED,
} from "../../limits.ts";
import { type Figures, type OperatorCount, weigh, weighFailures } from "./figures.ts";
import {
  BASE_OF,
  isUncounted,
  type Measure,
  measureBefore,
  measureTrouble,
  type Trouble,
  TROUBLES,
} from "./trouble.ts";

/** What made a trouble: a week later, the week before is no measure any more. */
interface Beginning {
  /** The share from which on it was one. */
  readonly line: number;
  /** Its share when it began: on a small site, ten failures may be far above the line. */
  readonly share: number;
  /** The count from which on it was one, where more pages failed than were counted. */
  readonly count?: number;
}

/** A trouble that the owner has been told of. */
export interface KnownTrouble extends Beginning {
  /** When it began, in seconds. */
  readonly since: number;
  /** Since when too few visitors come to say more, in seconds. */
  readonly quietSince?: number;
}

export type KnownTroubles = Readonly<Partial<Record<Trouble, KnownTrouble>>>;

/** What is to be said of a trouble, and why. */
export interface Decision {
  readonly trouble: Trouble;
  /** "unknown": too few visitors to say more of a known one. */
  readonly verdict: "begins" | "goes-on" | "over" | "unknown" | "none";
  readonly reason: "over-line" | "below-line" | "below-half" | "too-few" | "not-seen";
  readonly hour: Measure;
  /** `null`: not known. Nothing was counted then, or no browser told anything. */
  readonly weekBefore: Measure | null;
  /** What is to be known of it from now on; `null`: nothing. */
  readonly known: KnownTrouble | null;
}

/**
 * Decides which troubles begin, go on and are over.
 *
 * A trouble begins above a line and is over only below half of it, so that one on the line is told of once. In an hour with
 * few visitors, such as at night, and in one in which no browser told anything, none begins and none is over. Anybody can tell of failures: so one operator of networks
 * counts for at most half of a line.
 *
 * @param hour Figures of the last hour, with the page views in which a client loads.
 * @param weekBefore The same of the same hour a week before.
 * @param now In seconds.
 */
export function decideTroubles(hour: Figures, weekBefore: Figures, known: KnownTroubles, now: number): Decision[] {
  return TROUBLES.map((trouble) => {
    const measured = { hour: measureTrouble(hour, trouble), weekBefore: measureBefore(weekBefore, trouble) };
    const before = known[trouble] ?? null;
    const sight =
      trouble === "chats-gone"
        ? seeGone(measured, weekBefore.opened, before)
        : seeFailure(trouble, hour, measured, before);
    return Object.assign(decide(sight, before, now), { trouble }, measured);
  });
}

interface Measured {
  readonly hour: Measure;
  readonly weekBefore: Measure | null;
}

/** What an hour shows of a trouble. */
type Sight =
  | { readonly shows: "trouble"; readonly beginning: Beginning }
  | { readonly shows: "none" }
  | { readonly shows: "too-few" };

function seeFailure(failure: Failure, figures: Figures, measured: Measured, known: KnownTrouble | null): Sight {
  const { hour, weekBefore } = measured;
  // That nobody told of a failure says something only where somebody told anything: an older version tells nothing.
  if (!figures.hasOutcomes) return { shows: "too-few" };
  // What began by count ends by count: pages that are counted again say nothing of when it began.
  if (isUncounted(failure, hour) || known?.count !== undefined)
    return seeUncounted(failure, figures, weekBefore, known);
  const { count, base, share } = hour;
  if (known !== null) {
    if (count < TROUBLE_ENOUGH && base * known.share < TROUBLE_ENOUGH) return { shows: "too-few" };
    const goesOn = reaches(figures, failure, findNeeded(failure, figures, base, known.line / 2));
    return goesOn ? { shows: "trouble", beginning: known } : { shows: "none" };
  }
  if (base < TROUBLE_LEAST_COUNT) return { shows: "too-few" };
  const line = decideLine(failure, base, weekBefore);
  const needed = Math.max(findNeeded(failure, figures, base, line), TROUBLE_LEAST_COUNT);
  return reaches(figures, failure, needed) ? { shows: "trouble", beginning: { line, share } } : { shows: "none" };
}

function decideLine(failure: Failure, base: number, weekBefore: Measure | null): number {
  const share = BASE_OF[failure] === "pages" ? TROUBLE_LEAST_PAGE_SHARE : TROUBLE_LEAST_CHAT_SHARE;
  const least = Math.min(share, TROUBLE_MANY / base);
  const usual = weekBefore === null || weekBefore.base < TROUBLE_LEAST_COUNT ? least : weekBefore.share;
  return Math.min(TROUBLE_ALWAYS_SHARE, Math.max(least, TROUBLE_TIMES * usual));
}

/** How many failures are this share. Of tokens, those that were refused are not among the issued ones. */
function findNeeded(failure: Failure, { tokens }: Figures, base: number, line: number): number {
  const needed = failure === "token-refused" && line < 1 ? (tokens * line) / (1 - line) : base * line;
  // What a product of fractions is above a whole number by is no failure more.
  return Math.ceil(needed - 1e-9);
}

function reaches(figures: Figures, failure: Failure, needed: number): boolean {
  return weighFailures(figures, [failure], { count: needed * TROUBLE_OPERATOR_SHARE }).count >= needed;
}

/** More pages failed than were counted: only the failures of the week before say what is usual. */
function seeUncounted(
  failure: Failure,
  figures: Figures,
  weekBefore: Measure | null,
  known: KnownTrouble | null,
): Sight {
  if (known !== null) {
    const { count = TROUBLE_UNCOUNTED } = known;
    if (reaches(figures, failure, count / 2)) return { shows: "trouble", beginning: { ...known, count } };
    // Few failures may be few visitors. Chats show that there are visitors.
    return figures.tokens >= GONE_OVER_CHATS ? { shows: "none" } : { shows: "too-few" };
  }
  if (weekBefore === null) return { shows: "too-few" };
  const count = Math.max(TROUBLE_UNCOUNTED, TROUBLE_TIMES * weekBefore.count);
  const beginning = { line: TROUBLE_ALWAYS_SHARE, share: 1, count };
  return reaches(figures, failure, count) ? { shows: "trouble", beginning } : { shows: "none" };
}

function seeGone(
  { hour, weekBefore }: Measured,
  openedBefore: readonly OperatorCount[],
  known: KnownTrouble | null,
): Sight {
  const expected = weekBefore !== null && isBusy(hour, weekBefore, openedBefore) ? expectChats(hour, weekBefore) : 0;
  const few = GONE_SHARE * expected;
  if (hour.count >= Math.max(GONE_OVER_CHATS, GONE_OVER_TIMES * few)) return { shows: "none" };
  if (expected === 0) return { shows: "too-few" };
  return hour.count <= few || known !== null
    ? { shows: "trouble", beginning: { line: 0, share: 0 } }
    : { shows: "none" };
}

/** Whether there were so many chats the week before, and are so many visitors now, that there should be chats. */
function isBusy(hour: Measure, weekBefore: Measure, openedBefore: readonly OperatorCount[]): boolean {
  const chats = weigh(openedBefore, { count: GONE_LEAST_CHATS * TROUBLE_OPERATOR_SHARE }).count;
  return chats >= GONE_LEAST_CHATS && hour.base > 0 && hour.base >= GONE_LEAST_PAGES * weekBefore.base;
}

/** Fewer visitors have fewer chats. */
function expectChats(hour: Measure, weekBefore: Measure): number {
  return weekBefore.count * Math.min(1, hour.base / weekBefore.base);
}

function decide(sight: Sight, known: KnownTrouble | null, now: number): Pick<Decision, "verdict" | "reason" | "known"> {
  if (known === null) {
    if (sight.shows !== "trouble") {
      return { verdict: "none", reason: sight.shows === "none" ? "below-line" : "too-few", known };
    }
    return { verdict: "begins", reason: "over-line", known: toKnown(sight.beginning, now) };
  }
  const { since, quietSince = now } = known;
  switch (sight.shows) {
    case "trouble":
      return { verdict: "goes-on", reason: "over-line", known: toKnown(sight.beginning, since) };
    case "none":
      return { verdict: "over", reason: "below-half", known: null };
    case "too-few":
      if (now - quietSince >= TROUBLE_FORGOTTEN_SECONDS) return { verdict: "over", reason: "not-seen", known: null };
      return { verdict: "unknown", reason: "too-few", known: { ...toKnown(known, since), quietSince } };
  }
}

function toKnown({ line, share, count }: Beginning, since: number): KnownTrouble {
  return { since, line, share, ...(count !== undefined && { count }) };
}
