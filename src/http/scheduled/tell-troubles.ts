import { type WatchedHours } from "../../adapters/figures.ts";
import { type Log, toLogFields } from "../../adapters/log.ts";
import { createWatchStore, type WatchStore } from "../../adapters/watch-store.ts";
import { type Decision, decideTroubles, type KnownTroubles } from "../../core/watch/decide-troubles.ts";
import { type Figures } from "../../core/watch/figures.ts";
import { holdTroubles } from "../../core/watch/hold-troubles.ts";
import { findMost } from "../../core/watch/trouble.ts";
import { describeTrouble, type TroubleMessage } from "../../core/watch/trouble-message.ts";
import { FIRST_STATE, settleClock, type WatchState } from "../../core/watch/watch-state.ts";
import { WATCH_REWRITE_SECONDS, WATCH_SETTLE_MS } from "../../limits.ts";
import { type Circumstances, type WatchServices } from "./duty.ts";
import { tellOwner } from "./tell-owner.ts";

/**
 * Tells the owner of each trouble once when it begins, and once when it is over.
 *
 * What is known is written before a message is sent: where the writing fails nothing is sent, and where the sending fails it is
 * not repeated. So an owner hears of a trouble at most once, and the log has it in any case.
 */
export async function tellTroubles(
  { hour, weekBefore }: WatchedHours,
  services: WatchServices,
  { wasOff }: Circumstances,
): Promise<void> {
  const { config, log } = services;
  const now = services.now();
  const store = createWatchStore(config.visitors);
  const before = await readState(store, log, now);
  if (before === null) return;
  const decided = decideTroubles(hour, weekBefore, before.state.known, now);
  const decisions = wasOff ? holdTroubles(decided, before.state.known) : decided;
  const changed = decisions.filter(({ verdict }) => verdict === "begins" || verdict === "over");
  const messages = changed.map((decision) => {
    const message = describeTrouble(decision, hour, before.state.known[decision.trouble]?.since ?? null, now);
    logTrouble(log, decision, message, hour);
    return message;
  });
  const after = { at: now, run: crypto.randomUUID(), known: toKnown(decisions) };
  if (!isWorthWriting(before, after)) return;
  if (!(await writeState(store, after, log))) return;
  if (config.alertWebhook === null || messages.length === 0 || before.isUnreadable) return;
  if (await hasOtherWritten(store, before.state, after)) return;
  for (const message of messages) await tellOwner(message, services);
}

const CLOCK_JUMPED = {
  back: "The known troubles are from a later time than now. They stay known, and count as begun now: nothing is sent again",
  ahead:
    "Nothing has looked for a day or more. The known troubles stay known, and count as begun now: nothing is sent again",
};

interface StateBefore {
  readonly state: WatchState;
  /** What the owner has been told of is not known any more. Whatever is wrong now counts as told. */
  readonly isUnreadable: boolean;
  readonly hasJumped: boolean;
}

/** @returns `null` where KV cannot be asked: nobody knows then what the owner has been told of. */
async function readState(store: WatchStore, log: Log, now: number): Promise<StateBefore | null> {
  try {
    const read = await store.read();
    if (read === "unreadable") {
      log.error("record.unreadable", { record: "watch" });
      return { state: FIRST_STATE, isUnreadable: true, hasJumped: false };
    }
    const { state, jumped } = settleClock(read, now);
    if (jumped !== null) log.warn("watch.clock-jumped", { jumped, message: CLOCK_JUMPED[jumped] });
    return { state, isUnreadable: false, hasJumped: jumped !== null };
  } catch (error) {
    log.error("watch.failed", { reason: "state-unread", ...toLogFields(error) });
    return null;
  }
}

async function writeState(store: WatchStore, state: WatchState, log: Log): Promise<boolean> {
  try {
    await store.write(state);
    return true;
  } catch (error) {
    log.error("watch.failed", { reason: "state-unwritten", ...toLogFields(error) });
    return false;
  }
}

function toKnown(decisions: readonly Decision[]): KnownTroubles {
  return Object.fromEntries(decisions.flatMap(({ trouble, known }) => (known === null ? [] : [[trouble, known]])));
}

/** KV is written only for what is new, and now and then for the time: see WATCH_REWRITE_SECONDS. */
function isWorthWriting({ state, isUnreadable, hasJumped }: StateBefore, after: WatchState): boolean {
  if (isUnreadable || hasJumped || JSON.stringify(state.known) !== JSON.stringify(after.known)) return true;
  return Object.keys(after.known).length > 0 && after.at - state.at >= WATCH_REWRITE_SECONDS;
}

/**
 * Whether another run has written at the same time: Cloudflare may start a run twice. KV cannot compare before it writes, but
 * after a moment both runs of one location find the same mark, and only the one whose mark it is sends. Runs at two locations
 * do not see each other for a minute, and both send: PagerDuty takes the two for one.
 */
async function hasOtherWritten(store: WatchStore, before: WatchState, after: WatchState): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, WATCH_SETTLE_MS));
  const found = await store.read().catch(() => null);
  // Not known, or what stood there before: KV lags behind this run's own writing.
  if (found === null || found === "unreadable" || found.run === before.run) return false;
  return found.run !== after.run;
}

function logTrouble(log: Log, decision: Decision, { summary, todo, isOver }: TroubleMessage, figures: Figures): void {
  const { trouble, reason, hour, weekBefore } = decision;
  const { count, base, share } = hour;
  if (isOver) {
    log.info("trouble.over", { trouble, reason, message: summary });
    return;
  }
  log.warn("trouble.seen", {
    trouble,
    share: round(share),
    count,
    base,
    weekBefore: weekBefore.base === 0 ? "unknown" : round(weekBefore.share),
    ...(trouble !== "chats-gone" && { browser: findMost(figures, trouble).browser }),
    message: summary,
    todo,
  });
}

function round(share: number): number {
  return Math.round(1000 * share) / 1000;
}
