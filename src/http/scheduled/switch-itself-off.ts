import { toLogFields } from "../../adapters/log.ts";
import { createSelfOffStore, type SelfOffStore } from "../../adapters/watch/self-off-store.ts";
import { type Figures, type Span } from "../../core/watch/figures.ts";
import { decideEnd, decideSelfOff, findSpan, type SelfOffDecision } from "../../core/watch/self-off.ts";
import { findPhase, type SelfOffFlag } from "../../core/watch/self-off-flag.ts";
import { describeSelfOff } from "../../core/watch/self-off-message.ts";
import { STORE_TIMEOUT_MS, WEEK_SECONDS } from "../../limits.ts";
import { logUnread } from "./log-unread.ts";
import { tellOwner } from "./tell-owner.ts";
import { type FiguresSource, type WatchServices } from "./watch-services.ts";

/**
 * Switches the chat off where its client fails, has some visitors try it, and switches it on again.
 *
 * The flag is written before anything is told, so that the next run does not tell it again. Two runs at the same moment may tell
 * it twice: KV cannot compare before it writes.
 *
 * @returns The flag as it is now; `null` where there is none, and where nobody can tell.
 */
export async function switchItselfOff(source: FiguresSource, services: WatchServices): Promise<SelfOffFlag | null> {
  const { config, log } = services;
  const now = services.now();
  const store = createSelfOffStore(config.visitors, STORE_TIMEOUT_MS);
  const read = await readFlag(store, services, now);
  if (read === "unknown") return null;
  const { flag } = read;
  const isUsed = config.selfOff && config.mode === "on";
  const decision = isUsed ? await decide(flag, source, services, now) : decideEnd(flag, now);
  if (decision.act === "nothing") {
    if (isUsed) log.debug("self-off.looked", { reason: decision.reason });
    return flag;
  }
  // KV may take a flag although its answer comes too late: the log has the beginning in any case.
  logDecision(decision, services);
  if (!(await writeFlag(store, services, decision.flag))) return flag;
  const message = describeSelfOff(decision);
  if (message !== null) await tellOwner(message, services);
  return decision.flag;
}

async function decide(
  flag: SelfOffFlag | null,
  source: FiguresSource,
  services: WatchServices,
  now: number,
): Promise<SelfOffDecision> {
  const span = findPhase(flag, now) === "off" ? null : findSpan(flag, now);
  return decideSelfOff(flag, { span, ...(await readFigures(span, source, services)) }, now);
}

const NO_FLAG = {
  newer: "A newer version of this Worker wrote it: this one leaves it alone, and shows the chat",
  "too-far": "Its times are further ahead than any that are written: the clock has jumped. It counts as none",
  unreadable: "KV holds no flag under the key self-off. It counts as none",
};

async function readFlag(
  store: SelfOffStore,
  { log }: WatchServices,
  now: number,
): Promise<{ readonly flag: SelfOffFlag | null } | "unknown"> {
  try {
    const read = await store.read(now);
    if (typeof read !== "string") return { flag: read };
    log.warn("self-off.unreadable", { reason: read, message: NO_FLAG[read] });
    return read === "newer" ? "unknown" : { flag: null };
  } catch (error) {
    log.error("watch.failed", { reason: "flag-unread", ...toLogFields(error) });
    return "unknown";
  }
}

async function writeFlag(store: SelfOffStore, { log }: WatchServices, flag: SelfOffFlag): Promise<boolean> {
  try {
    await store.write(flag);
    return true;
  } catch (error) {
    log.error("watch.failed", { reason: "flag-unwritten", ...toLogFields(error) });
    return false;
  }
}

interface ReadFigures {
  readonly figures: Figures | null;
  readonly weekBefore: Figures | null;
}

async function readFigures(span: Span | null, source: FiguresSource, { log }: WatchServices): Promise<ReadFigures> {
  if (span === null) return { figures: null, weekBefore: null };
  const before = { from: span.from - WEEK_SECONDS, to: span.to - WEEK_SECONDS };
  try {
    const [figures, weekBefore] = await Promise.all([source.read(span), source.read(before)]);
    return { figures, weekBefore };
  } catch (error) {
    logUnread(error, log);
    return { figures: null, weekBefore: null };
  }
}

function logDecision(decision: Exclude<SelfOffDecision, { act: "nothing" }>, { log }: WatchServices): void {
  const { act, flag, reason } = decision;
  if (act === "switch-off") {
    const { pages, share, line, ...evidence } = decision.evidence;
    const figures = { ...evidence, pages: Math.round(pages), share: round(share), line: round(line) };
    log.warn("self-off.began", { reason, ...figures, offUntil: toTime(flag.offUntil) });
  } else if (act === "try") {
    log.info("self-off.trying", { until: toTime(flag.trialUntil) });
  } else {
    log.info("self-off.over", { reason });
  }
}

function round(share: number): number {
  return Math.round(1000 * share) / 1000;
}

function toTime(seconds: number): string {
  return new Date(1000 * seconds).toISOString();
}
