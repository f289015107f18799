import {
  CLOCK_TOLERANCE_SECONDS,
  HOUR_SECONDS,
  SELF_OFF_ALWAYS_SHARE,
  SELF_OFF_LEAST_PAGES_BEFORE,
  SELF_OFF_NETWORKS,
  SELF_OFF_OPERATOR_SHARE,
  SELF_OFF_SECONDS,
  SELF_OFF_SHARE,
  SELF_OFF_SPAN_SECONDS,
  SELF_OFF_TIMES_WEEK_BEFORE,
  SELF_OFF_TRIAL_NETWORKS,
  SELF_OFF_TRIAL_SECONDS,
  SELF_OFF_TRIAL_SHARE,
} from "../../limits.ts";
import { type Failure } from "../outcome/outcome.ts";
import { type Figures, type Span, weighFailures } from "./figures.ts";
import { findPhase, type SelfOffFlag } from "./self-off-flag.ts";

/**
 * A client that did not load, and one that loaded and showed no widget. One that a policy of the page blocked harms no page, and
 * is for the owner to mend.
 */
const CLIENT_FAILURES: readonly Failure[] = ["client-failed", "never-ready"];

/** What the decision was made from: for the log and for the owner. */
export interface Evidence {
  /** Page views of which a client could fail. */
  readonly pages: number;
  /** Page views whose client failed, as far as they count. */
  readonly failures: number;
  /** Networks that told of them, as far as they count. */
  readonly networks: number;
  readonly operators: number;
  /** Share of page views whose client failed; more than 1 where somebody makes failures up. */
  readonly share: number;
  /** The share from which on the chat is switched off. */
  readonly line: number;
}

type NothingReason = "off" | "no-figures" | "no-span" | "below-line" | "few-networks" | "uncounted-pages";

type SwitchOnReason = "client-works" | "time-passed" | "switched-on-by-owner";

/** What to do now; `flag` is to be written. */
export type SelfOffDecision =
  | {
      readonly act: "switch-off";
      readonly reason: "client-fails" | "client-still-fails";
      readonly flag: SelfOffFlag;
      readonly evidence: Evidence;
    }
  | { readonly act: "try"; readonly reason: "time-passed"; readonly flag: SelfOffFlag }
  | { readonly act: "switch-on"; readonly reason: SwitchOnReason; readonly flag: SelfOffFlag }
  | { readonly act: "nothing"; readonly reason: NothingReason };

/**
 * The time whose figures decide.
 *
 * It begins after the last full hour, since each network gets another number then: in figures of both hours, one network would
 * count as two. A minute later, since two machines' clocks may differ. It holds no failures from before the chat was switched
 * off, or on again. And it is always as long: of fewer minutes with fewer page views, fewer networks would be a share of them.
 *
 * @returns `null` where there is no such time yet.
 */
export function findSpan(flag: SelfOffFlag | null, now: number): Span | null {
  const hour = now - (now % HOUR_SECONDS) + CLOCK_TOLERANCE_SECONDS;
  const changed = flag === null ? 0 : findPhase(flag, now) === "on" ? flag.trialUntil : flag.offUntil;
  const from = now - SELF_OFF_SPAN_SECONDS;
  return from >= hour && from >= changed ? { from, to: now } : null;
}

/** Figures have the page views in which a client loads. */
interface SpanFigures {
  /** From `findSpan`. */
  readonly span: Span | null;
  /** What was counted in it; `null` where that cannot be read. */
  readonly figures: Figures | null;
  /** What was counted a week before; `null` where that cannot be read. */
  readonly weekBefore: Figures | null;
}

/**
 * Decides whether the chat is switched off, tried, or switched on again.
 *
 * Anybody can tell of failures. So it takes many networks, no operator of networks counts for more than a quarter of what it
 * takes, and what a network tells counts a few times only. Without figures it never switches off, and a flag ends by itself.
 *
 * A client that a policy of the page blocks does not count: it harms no page.
 *
 * @param flag `null` where there is none.
 * @param now In seconds.
 */
export function decideSelfOff(
  flag: SelfOffFlag | null,
  { span, figures, weekBefore }: SpanFigures,
  now: number,
): SelfOffDecision {
  const phase = findPhase(flag, now);
  if (phase === "off") return { act: "nothing", reason: "off" };
  if (flag !== null && phase === "on" && flag.told !== "over") {
    return { act: "switch-on", reason: "time-passed", flag: { ...flag, told: "over" } };
  }
  const isTrial = phase === "trial";
  const judgement =
    span === null || figures === null || weekBefore === null ? null : judge(figures, findLine(weekBefore), isTrial);
  if (judgement?.fails === true) {
    const reason = isTrial ? "client-still-fails" : "client-fails";
    return { act: "switch-off", reason, flag: buildFlag(now), evidence: judgement.evidence };
  }
  if (flag !== null && isTrial) {
    if (judgement !== null && works(judgement)) {
      return { act: "switch-on", reason: "client-works", flag: { ...flag, trialUntil: now, told: "over" } };
    }
    if (flag.told === "off") return { act: "try", reason: "time-passed", flag: { ...flag, told: "trial" } };
  }
  return { act: "nothing", reason: judgement?.reason ?? (span === null ? "no-span" : "no-figures") };
}

/**
 * What is left to say where a flag stands and the owner has switched self-off off, or the chat: the owner's message, and an
 * incident with it, would stay open.
 */
export function decideEnd(flag: SelfOffFlag | null, now: number): SelfOffDecision {
  if (flag === null || flag.told === "over") return { act: "nothing", reason: "off" };
  const ended = { ...flag, offUntil: Math.min(flag.offUntil, now), trialUntil: Math.min(flag.trialUntil, now) };
  return { act: "switch-on", reason: "switched-on-by-owner", flag: { ...ended, told: "over" } };
}

function buildFlag(now: number): SelfOffFlag {
  const offUntil = now + SELF_OFF_SECONDS;
  return { v: 1, offUntil, trialUntil: offUntil + SELF_OFF_TRIAL_SECONDS, told: "off" };
}

type Judgement =
  | { readonly fails: true; readonly reason?: never; readonly evidence: Evidence }
  | { readonly fails: false; readonly reason: NothingReason; readonly evidence: Evidence };

function judge(figures: Figures, line: number, isTrial: boolean): Judgement {
  const pages = figures.pages * (isTrial ? SELF_OFF_TRIAL_SHARE : 1);
  const least = isTrial ? SELF_OFF_TRIAL_NETWORKS : SELF_OFF_NETWORKS;
  const most = { networks: least * SELF_OFF_OPERATOR_SHARE, count: pages * line * SELF_OFF_OPERATOR_SHARE };
  const { count: failures, networks, operators } = weighFailures(figures, CLIENT_FAILURES, most);
  const evidence = { pages, failures, networks, operators, share: pages === 0 ? 0 : failures / pages, line };
  const told = weighFailures(figures, CLIENT_FAILURES).count;
  // Pages from a cache, or with a tag by hand: how many there were is not known, and no share of them.
  if (told > figures.pages) return { fails: false, reason: "uncounted-pages", evidence };
  if (pages === 0 || failures < pages * line) return { fails: false, reason: "below-line", evidence };
  if (networks < least) return { fails: false, reason: "few-networks", evidence };
  return { fails: true, evidence };
}

/** Far below the line, in so many page views that a client that still fails would have told so. */
function works({ reason, evidence: { pages, share, line } }: Judgement): boolean {
  return reason !== "uncounted-pages" && share < line / 2 && pages * line >= SELF_OFF_TRIAL_NETWORKS;
}

/** Three times the share of the week before: of a few page views then, one with an ad blocker would be a large share. */
function findLine(weekBefore: Figures): number {
  const { pages } = weekBefore;
  const before = pages < SELF_OFF_LEAST_PAGES_BEFORE ? 0 : weighFailures(weekBefore, CLIENT_FAILURES).count / pages;
  return Math.min(SELF_OFF_ALWAYS_SHARE, Math.max(SELF_OFF_SHARE, SELF_OFF_TIMES_WEEK_BEFORE * before));
}
