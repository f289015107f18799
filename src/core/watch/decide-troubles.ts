import { type Failure } from "../outcome/outcome.ts";
import {
  GONE_LEAST_CHATS,
  GONE_LEAST_PAGES,
  GONE_OVER_CHATS,
  TROUBLE_ALWAYS_SHARE,
  TROUBLE_ENOUGH,
  TROUBLE_FORGOTTEN_SECONDS,
  TROUBLE_LEAST_CHAT_SHARE,
  TROUBLE_LEAST_COUNT,
  TROUBLE_LEAST_PAGE_SHARE,
  TROUBLE_MANY,
  TROUBLE_TIMES,
} from "../../limits.ts";
import { type Figures } from "./figures.ts";
import { BASE_OF, type Measure, measureTrouble, type Trouble, TROUBLES } from "./trouble.ts";

/** A trouble that the owner has been told of. */
export interface KnownTrouble {
  /** When it began, in seconds. */
  readonly since: number;
  /** The share that made it a trouble: a week later, the week before is no measure any more. */
  readonly line: number;
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
  readonly weekBefore: Measure;
  /** What is to be known of it from now on; `null`: nothing. */
  readonly known: KnownTrouble | null;
}

/**
 * Decides which troubles begin, go on and are over.
 *
 * A trouble begins above a line and is over only below half of it, so that one on the line is told of once. In an hour with
 * few visitors, such as at night, none begins and none is over.
 *
 * @param hour Figures of the last hour.
 * @param weekBefore Figures of the same hour a week before.
 * @param now In seconds.
 */
export function decideTroubles(hour: Figures, weekBefore: Figures, known: KnownTroubles, now: number): Decision[] {
  return TROUBLES.map((trouble) => {
    const measured = { hour: measureTrouble(hour, trouble), weekBefore: measureTrouble(weekBefore, trouble) };
    const before = known[trouble] ?? null;
    const sight = trouble === "chats-gone" ? seeGone(measured, before) : seeFailure(trouble, measured, before);
    return Object.assign(decide(sight, before, now), { trouble }, measured);
  });
}

interface Measured {
  readonly hour: Measure;
  readonly weekBefore: Measure;
}

/** What an hour shows of a trouble. */
type Sight =
  | { readonly shows: "trouble"; readonly line: number }
  | { readonly shows: "none" }
  | { readonly shows: "too-few" };

function seeFailure(failure: Failure, { hour, weekBefore }: Measured, known: KnownTrouble | null): Sight {
  const { count, base, share } = hour;
  if (known !== null) {
    if (count < TROUBLE_ENOUGH && base * known.line < TROUBLE_ENOUGH) return { shows: "too-few" };
    return share < known.line / 2 ? { shows: "none" } : { shows: "trouble", line: known.line };
  }
  if (base < TROUBLE_LEAST_COUNT) return { shows: "too-few" };
  const line = Math.max(decideLine(failure, base, weekBefore), TROUBLE_LEAST_COUNT / base);
  return share < line ? { shows: "none" } : { shows: "trouble", line };
}

function decideLine(failure: Failure, base: number, weekBefore: Measure): number {
  const share = BASE_OF[failure] === "pages" ? TROUBLE_LEAST_PAGE_SHARE : TROUBLE_LEAST_CHAT_SHARE;
  const least = Math.min(share, TROUBLE_MANY / base);
  const usual = weekBefore.base < TROUBLE_LEAST_COUNT ? least : weekBefore.share;
  return Math.min(TROUBLE_ALWAYS_SHARE, Math.max(least, TROUBLE_TIMES * usual));
}

function seeGone({ hour, weekBefore }: Measured, known: KnownTrouble | null): Sight {
  if (hour.count >= GONE_OVER_CHATS) return { shows: "none" };
  const isBusy =
    weekBefore.count >= GONE_LEAST_CHATS && hour.base > 0 && hour.base >= GONE_LEAST_PAGES * weekBefore.base;
  if (!isBusy) return { shows: "too-few" };
  return hour.count === 0 || known !== null ? { shows: "trouble", line: 0 } : { shows: "none" };
}

function decide(sight: Sight, known: KnownTrouble | null, now: number): Pick<Decision, "verdict" | "reason" | "known"> {
  if (known === null) {
    if (sight.shows !== "trouble") {
      return { verdict: "none", reason: sight.shows === "none" ? "below-line" : "too-few", known };
    }
    return { verdict: "begins", reason: "over-line", known: { since: now, line: sight.line } };
  }
  const { since, line, quietSince = now } = known;
  switch (sight.shows) {
    case "trouble":
      return { verdict: "goes-on", reason: "over-line", known: { since, line: sight.line } };
    case "none":
      return { verdict: "over", reason: "below-half", known: null };
    case "too-few":
      if (now - quietSince >= TROUBLE_FORGOTTEN_SECONDS) return { verdict: "over", reason: "not-seen", known: null };
      return { verdict: "unknown", reason: "too-few", known: { since, line, quietSince } };
  }
}
