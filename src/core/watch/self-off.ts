import {
  CLOCK_TOLERANCE_SECONDS,
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
import { type ClientFigures, sumOperators } from "./client-figures.ts";
import { findPhase, type SelfOffFlag } from "./self-off-flag.ts";

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

type NothingReason = "off" | "no-figures" | "no-span" | "below-line" | "few-networks";

/** What to do now; `flag` is to be written. */
export type SelfOffDecision =
  | {
      readonly act: "switch-off";
      readonly reason: "client-fails" | "client-still-fails";
      readonly flag: SelfOffFlag;
      readonly evidence: Evidence;
    }
  | { readonly act: "try"; readonly reason: "time-passed"; readonly flag: SelfOffFlag }
  | { readonly act: "switch-on"; readonly reason: "client-works" | "time-passed"; readonly flag: SelfOffFlag }
  | { readonly act: "nothing"; readonly reason: NothingReason };

/** A span of time, both ends in it, in seconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The time whose figures decide.
 *
 * It begins after the last full hour, since each network gets another number then: in figures of both hours, one network would
 * count as two. A minute later, since two machines' clocks may differ. It holds no failures from before the chat was switched
 * off, or on again.
 *
 * @returns `null` where there is no such time yet.
 */
export function findSpan(flag: SelfOffFlag | null, now: number): Span | null {
  const hour = now - (now % 3600) + CLOCK_TOLERANCE_SECONDS;
  const changed = flag === null ? 0 : findPhase(flag, now) === "on" ? flag.trialUntil : flag.offUntil;
  const from = Math.max(now - SELF_OFF_SPAN_SECONDS, hour, changed);
  return from < now ? { from, to: now } : null;
}

interface Circumstances {
  /** From `findSpan`. */
  readonly span: Span | null;
  /** What was counted in it; `null` where that cannot be read. */
  readonly figures: ClientFigures | null;
  /** What was counted a week before; `null` where that cannot be read. */
  readonly weekBefore: ClientFigures | null;
  /** ROLLOUT_PERCENT: in the other page views, no client loads. */
  readonly rolloutPercent: number;
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
  { span, figures, weekBefore, rolloutPercent }: Circumstances,
  now: number,
): SelfOffDecision {
  const phase = findPhase(flag, now);
  if (phase === "off") return { act: "nothing", reason: "off" };
  if (flag !== null && phase === "on" && flag.told !== "over") {
    return { act: "switch-on", reason: "time-passed", flag: { ...flag, told: "over" } };
  }
  const isTrial = phase === "trial";
  const loading = rolloutPercent / 100;
  const judgement =
    span === null || figures === null || weekBefore === null
      ? null
      : judge(figures, shareOf(weekBefore, loading), { isTrial, loading });
  if (judgement?.fails === true) {
    const reason = isTrial ? "client-still-fails" : "client-fails";
    return { act: "switch-off", reason, flag: buildFlag(now), evidence: judgement.evidence };
  }
  if (flag !== null && isTrial) {
    const isWhole = span !== null && span.to - span.from >= SELF_OFF_SPAN_SECONDS;
    if (isWhole && judgement !== null && works(judgement.evidence)) {
      return { act: "switch-on", reason: "client-works", flag: { ...flag, trialUntil: now, told: "over" } };
    }
    if (flag.told === "off") return { act: "try", reason: "time-passed", flag: { ...flag, told: "trial" } };
  }
  return { act: "nothing", reason: judgement?.reason ?? (span === null ? "no-span" : "no-figures") };
}

function buildFlag(now: number): SelfOffFlag {
  const offUntil = now + SELF_OFF_SECONDS;
  return { v: 1, offUntil, trialUntil: offUntil + SELF_OFF_TRIAL_SECONDS, told: "off" };
}

type Judgement =
  | { readonly fails: true; readonly reason?: never; readonly evidence: Evidence }
  | { readonly fails: false; readonly reason: NothingReason; readonly evidence: Evidence };

function judge(
  figures: ClientFigures,
  before: number,
  circumstances: { isTrial: boolean; loading: number },
): Judgement {
  const { isTrial, loading } = circumstances;
  const pages = figures.pages * loading * (isTrial ? SELF_OFF_TRIAL_SHARE : 1);
  const least = isTrial ? SELF_OFF_TRIAL_NETWORKS : SELF_OFF_NETWORKS;
  const line = Math.max(SELF_OFF_SHARE, SELF_OFF_TIMES_WEEK_BEFORE * before);
  const most = { networks: least * SELF_OFF_OPERATOR_SHARE, failures: pages * line * SELF_OFF_OPERATOR_SHARE };
  const { failures, networks } = sumOperators(figures, most);
  const share = pages === 0 ? 0 : failures / pages;
  const evidence = { pages, failures, networks, operators: figures.operators.length, share, line };
  if (pages === 0 || failures < pages * line) return { fails: false, reason: "below-line", evidence };
  if (networks < least) return { fails: false, reason: "few-networks", evidence };
  return { fails: true, evidence };
}

/** Far below the line, in so many page views that a client that still fails would have told so. */
function works({ pages, share, line }: Evidence): boolean {
  return share < line / 2 && pages * line >= SELF_OFF_TRIAL_NETWORKS;
}

/** @param loading Share of page views in which the client loads. */
function shareOf(figures: ClientFigures, loading: number): number {
  const pages = figures.pages * loading;
  return pages === 0 ? 0 : sumOperators(figures).failures / pages;
}
