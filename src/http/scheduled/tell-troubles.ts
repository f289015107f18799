import { type Log, toLogFields } from "../../adapters/log.ts";
import { createWatchStore, type WatchStore } from "../../adapters/watch/watch-store.ts";
import { type Decision, decideTroubles, type KnownTroubles } from "../../core/watch/decide-troubles.ts";
import { type FailureDetail, findMost, type MostOf } from "../../core/watch/failure-details.ts";
import { type Figures, type Span } from "../../core/watch/figures.ts";
import { holdTroubles } from "../../core/watch/hold-troubles.ts";
import { type Trouble } from "../../core/watch/trouble.ts";
import { describeTrouble, type TroubleMessage } from "../../core/watch/trouble-message.ts";
import { FIRST_STATE, settleClock, type WatchState } from "../../core/watch/watch-state.ts";
import {
  HOUR_SECONDS,
  SILENT_LEAST_TOKENS,
  WATCH_REWRITE_SECONDS,
  WATCH_SETTLE_MS,
  WEEK_SECONDS,
} from "../../limits.ts";
import { logUnread } from "./log-unread.ts";
import { tellOwner } from "./tell-owner.ts";
import { type FiguresSource, type WatchServices } from "./watch-services.ts";

/**
 * Tells the owner of each trouble once when it begins, and once when it is over.
 *
 * What is known is written before a message is sent: where the writing fails nothing is sent, and where the sending fails it is
 * not repeated. So an owner hears of a trouble at most once, and the log has it in any case.
 *
 * @param wasOff Whether the chat had switched itself off in a part of the last hour.
 */
export async function tellTroubles(source: FiguresSource, services: WatchServices, wasOff: boolean): Promise<void> {
  const { config, log } = services;
  const now = services.now();
  const span = { from: now - HOUR_SECONDS, to: now };
  const hours = await readHours(span, source, log);
  if (hours === null) return;
  const store = createWatchStore(config.visitors);
  const before = await readState(store, log, now);
  if (before === null) return;
  const decided = decideTroubles(hours.hour, hours.weekBefore, before.state.known, now);
  const decisions = wasOff ? holdTroubles(decided, before.state.known) : decided;
  const changed = decisions.filter(({ verdict }) => verdict === "begins" || verdict === "over");
  const details = await readDetails(changed, span, source, log);
  const messages = changed.map((decision) => {
    const most = findMostOf(details, decision.trouble);
    const message = describeTrouble(decision, most, before.state.known[decision.trouble]?.since ?? null, now);
    logTrouble(log, decision, message, most);
    return message;
  });
  const isBlind = checkBlind(hours, before.state, services);
  const after = { at: now, run: crypto.randomUUID(), known: toKnown(decisions), isBlind };
  if (!isWorthWriting(before, after)) return;
  if (!(await writeState(store, after, log))) return;
  if (config.alertWebhook === null || messages.length === 0 || before.isUnreadable) return;
  if (await hasOtherWritten(store, before.state, after)) return;
  for (const message of messages) await tellOwner(message, services);
}

interface WatchedHours {
  readonly hour: Figures;
  readonly weekBefore: Figures;
}

async function readHours({ from, to }: Span, source: FiguresSource, log: Log): Promise<WatchedHours | null> {
  try {
    const before = { from: from - WEEK_SECONDS, to: to - WEEK_SECONDS };
    const [hour, weekBefore] = await Promise.all([source.read({ from, to }), source.read(before)]);
    return { hour, weekBefore };
  } catch (error) {
    logUnread(error, log);
    return null;
  }
}

const NO_DETAILS: MostOf = { browser: "", status: "" };

/** Which browsers tell of what begins: a run in which nothing begins does not ask for it. */
async function readDetails(
  changed: readonly Decision[],
  span: Span,
  source: FiguresSource,
  log: Log,
): Promise<FailureDetail[]> {
  const begun = changed.filter(({ verdict }) => verdict === "begins").map(({ trouble }) => trouble);
  const failures = begun.filter((trouble) => trouble !== "chats-gone");
  if (failures.length === 0) return [];
  try {
    return await source.readDetails(span, failures);
  } catch (error) {
    logUnread(error, log);
    return [];
  }
}

function findMostOf(details: readonly FailureDetail[], trouble: Trouble): MostOf {
  return trouble === "chats-gone" ? NO_DETAILS : findMost(details, trouble);
}

/** @returns Whether no trouble can be seen, or could not before and nobody has told anything since. The log says it once. */
function checkBlind(
  { hour, weekBefore }: WatchedHours,
  { isBlind }: WatchState,
  { config, log }: WatchServices,
): boolean {
  const isEmpty = isEmptyHour(hour) && isEmptyHour(weekBefore);
  const isSilent = !hour.hasOutcomes && hour.tokens >= SILENT_LEAST_TOKENS;
  if (!isBlind && isEmpty)
    log.warn("watch.no-figures", { reason: "nothing-counted", message: sayEmpty(config.figures.dataset) });
  else if (!isBlind && isSilent) log.warn("watch.no-figures", { reason: "nothing-told", message: SILENT });
  return isEmpty || isSilent || (isBlind && !hour.hasOutcomes);
}

function isEmptyHour({ pages, tokens, hasOutcomes }: Figures): boolean {
  return pages === 0 && tokens === 0 && !hasOutcomes;
}

const SAID_ONCE = "This is said once, until browsers tell something again";

const SILENT =
  "Tokens were issued in the last hour, and no browser told what happened: no failure can be seen. Is OUTCOMES at 0, is this an " +
  `older version, or has no visitor given consent? ${SAID_ONCE}`;

function sayEmpty(dataset: string): string {
  return (
    `${dataset} has no figures of the last hour, nor of the same hour a week before: no trouble can be seen. Is it the dataset ` +
    `of [[analytics_engine_datasets]], and do pages get the chat, with ROLLOUT_PERCENT above 0? ${SAID_ONCE}`
  );
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
  if (isUnreadable || hasJumped || state.isBlind !== after.isBlind) return true;
  if (JSON.stringify(state.known) !== JSON.stringify(after.known)) return true;
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

function logTrouble(
  log: Log,
  decision: Decision,
  { summary, todo, isOver }: TroubleMessage,
  { browser }: MostOf,
): void {
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
    base: Math.round(base),
    weekBefore: weekBefore === null ? "unknown" : round(weekBefore.share),
    ...(trouble !== "chats-gone" && { browser }),
    message: summary,
    todo,
  });
}

function round(share: number): number {
  return Math.round(1000 * share) / 1000;
}
