import { MAX_REPORT_AGE_SECONDS, MAX_REPORT_PAUSE_MS, MAX_WAITING_REPORTS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import { callWorker } from "./call-worker.ts";
import { askOtherTabs } from "./tab-channel.ts";
import { type StartedChat } from "./tab-chat.ts";
import { isConsentGiven } from "../page/consent.ts";
import { oneAtATime } from "../page/one-at-a-time.ts";
import { browserStorage, lastingStorage, parseStored } from "../page/storage.ts";

/** Each report has its own item: tabs add and remove items without reading a list first. */
const PREFIX = "persistent-chat:report:";

/** The wish to be forgotten: waits with the reports, is sent first, and is kept even without consent. */
export const FORGETTING_KEY = `${PREFIX}!forget`;

/** Until when every page must send no reports, in milliseconds of this browser's clock. */
const QUIET_KEY = "persistent-chat:quiet-until";

interface Report {
  readonly contactId: string;
  readonly ticket: string;
  readonly event: "started" | "ended";
  /** When the event happened, in milliseconds of this browser's clock. */
  readonly at: number;
  /** When the Worker wants to be asked again: the report has arrived, and the chat waits to be linked to a past one. */
  readonly due?: number;
  /** Whether no other tab had a live chat when the report was last sent, 10 seconds or longer before it is due. */
  readonly alone?: boolean;
}

// Reports are kept, even for days, until the Worker accepts them or refuses them for good.

let pauseMs = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export function add(event: Report["event"], { contactId, ticket }: StartedChat): void {
  const key = `${PREFIX}${contactId}:${event}`;
  const report: Report = { contactId, ticket, event, at: Date.now() };
  // The Worker takes no report without consent.
  if (isConsentGiven() && browserStorage.get(key) === null) {
    dropOldest();
    browserStorage.set(key, JSON.stringify(report));
  }
  flush();
}

/** @returns Whether the Worker has answered; if not, the wish is sent again like a report. */
export async function forget(): Promise<boolean> {
  lastingStorage.set(FORGETTING_KEY, "1");
  await sendAll();
  return !isForgetting();
}

/** Sends the waiting reports. */
export function flush(): void {
  void sendAll();
}

async function sendAll(): Promise<void> {
  clearTimeout(timer);
  for (const key of waitingKeys()) {
    // Before its turn: another tab's request for a token may wait for that.
    const alone = await checkAlone(key);
    if (quietMs() === 0 && (await oneAtATime(() => send(key, alone)))) continue;
    pauseMs = Math.min(2 * pauseMs + 1000, MAX_REPORT_PAUSE_MS);
    return flushIn(Math.max(pauseMs, quietMs()));
  }
  pauseMs = 0;
  const waits = reportKeys().map(readWaitMs);
  if (waits.length > 0) flushIn(Math.min(...waits));
}

function flushIn(waitMs: number): void {
  clearTimeout(timer);
  timer = setTimeout(flush, waitMs);
}

/** Whether the wish to be forgotten still waits for the Worker. */
export function isForgetting(): boolean {
  return lastingStorage.get(FORGETTING_KEY) !== null;
}

function waitingKeys(): string[] {
  return [...(isForgetting() ? [FORGETTING_KEY] : []), ...reportKeys().sort()];
}

function reportKeys(): string[] {
  return browserStorage.keys().filter((key) => key.startsWith(PREFIX) && key !== FORGETTING_KEY);
}

/** Makes room for one more report: while the Worker cannot be reached, waiting reports must not fill the browser. */
function dropOldest(): void {
  reportKeys()
    .sort((a, b) => (readReport(b).at ?? 0) - (readReport(a).at ?? 0))
    .slice(MAX_WAITING_REPORTS - 1)
    .forEach(browserStorage.remove);
}

/** Without its fields when another tab has sent it meanwhile. */
function readReport(key: string): Partial<Report> {
  return parseStored(browserStorage.get(key));
}

function quietMs(): number {
  return msUntil(Number(browserStorage.get(QUIET_KEY)));
}

function readWaitMs(key: string): number {
  return msUntil(readReport(key).due ?? 0);
}

function msUntil(time: number): number {
  const wait = time - Date.now();
  // A longer time means that the clock was set back.
  return wait > 0 && wait <= MAX_REPORT_PAUSE_MS ? wait : 0;
}

/** For a report that is sent again: a tab may have been too busy to answer before, or its chat too young. */
async function checkAlone(key: string): Promise<boolean> {
  const { contactId, event } = readReport(key);
  if (!config.endAbandoned || event !== "started" || readWaitMs(key) > 0) return false;
  return (await askOtherTabs(contactId)) === null;
}

/**
 * @param alone Whether no other tab has a live chat.
 * @returns Whether this item need not be sent again.
 */
async function send(key: string, alone: boolean): Promise<boolean> {
  const storage = key === FORGETTING_KEY ? lastingStorage : browserStorage;
  const report = readReport(key);
  // Another tab has sent it, or it is not due.
  if (storage.get(key) === null || readWaitMs(key) > 0) return true;
  // Not in the body: an older version of the Worker would refuse it.
  const route = alone && report.alone ? "contacts?alone=1" : "contacts";
  const { isFinal, retryAfterMs, askAgainSeconds } = await (key === FORGETTING_KEY
    ? callWorker("visitor")
    : callWorker(route, toBody(report)));
  if (!isFinal) {
    if (retryAfterMs > 0) browserStorage.set(QUIET_KEY, `${Date.now() + retryAfterMs}`);
    return false;
  }
  // A sign-out may have cleared the report meanwhile.
  if (askAgainSeconds && storage.get(key) !== null) {
    const pauseMs = Math.min(1000 * askAgainSeconds, MAX_REPORT_PAUSE_MS);
    // A tab between two pages cannot answer, but is not there for long.
    const counts = alone && pauseMs > 9999;
    storage.set(key, JSON.stringify({ ...report, alone: counts, due: Date.now() + pauseMs }));
  } else storage.remove(key);
  return true;
}

function toBody({ at = Date.now(), contactId, ticket, event }: Partial<Report>): object {
  const age = Math.floor((Date.now() - at) / 1000);
  return { contactId, ticket, event, ageSeconds: Math.max(0, Math.min(age, MAX_REPORT_AGE_SECONDS)) };
}
