import { MAX_REPORT_AGE_SECONDS, MAX_REPORT_PAUSE_MS, MAX_WAITING_REPORTS, REPORT_TIMEOUT_MS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import { callWorker, isFinal } from "./call-worker.ts";
import { isAlone } from "./tab-channel.ts";
import { type StartedChat } from "./tab-chat.ts";
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

export interface ReportQueue {
  readonly add: (event: Report["event"], chat: StartedChat) => void;
  /** @returns Whether the Worker has answered; if not, the wish is sent again like a report. */
  readonly forget: () => Promise<boolean>;
  /** Sends the waiting reports. */
  readonly flush: () => void;
}

/** Keeps reports, even for days, until the Worker accepts them or refuses them for good. */
export function createReportQueue(): ReportQueue {
  let pauseMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const sendAll = async () => {
    clearTimeout(timer);
    for (const key of waitingKeys()) {
      // Before its turn: another tab's request for a token may wait for that.
      const alone = await checkAlone(key);
      if (quietMs() === 0 && (await oneAtATime(() => send(key, alone)))) continue;
      pauseMs = Math.min(2 * pauseMs + 1000, MAX_REPORT_PAUSE_MS);
      clearTimeout(timer);
      timer = setTimeout(() => void sendAll(), Math.max(pauseMs, quietMs()));
      return;
    }
    pauseMs = 0;
    const waits = reportKeys().map(readWaitMs);
    if (waits.length > 0) timer = setTimeout(flush, Math.min(...waits));
  };
  const flush = () => void sendAll();

  return {
    add(event, { contactId, ticket }) {
      const key = `${PREFIX}${contactId}:${event}`;
      const report: Report = { contactId, ticket, event, at: Date.now() };
      if (browserStorage.get(key) === null) {
        dropOldest();
        browserStorage.set(key, JSON.stringify(report));
      }
      flush();
    },
    async forget() {
      lastingStorage.set(FORGETTING_KEY, "1");
      await sendAll();
      return !isForgetting();
    },
    flush,
  };
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
  const reports = reportKeys().sort((a, b) => readTime(b) - readTime(a));
  for (const key of reports.slice(MAX_WAITING_REPORTS - 1)) browserStorage.remove(key);
}

function readTime(key: string): number {
  return parseStored<Report>(browserStorage.get(key))?.at ?? 0;
}

function quietMs(): number {
  return msUntil(Number(browserStorage.get(QUIET_KEY)));
}

function readWaitMs(key: string): number {
  return msUntil(parseStored<Report>(browserStorage.get(key))?.due ?? 0);
}

function msUntil(time: number): number {
  const wait = time - Date.now();
  // A longer time means that the clock was set back.
  return wait > 0 && wait <= MAX_REPORT_PAUSE_MS ? wait : 0;
}

/** For a report that is sent again: a tab may have been too busy to answer before, or its chat too young. */
async function checkAlone(key: string): Promise<boolean> {
  const report = parseStored<Report>(browserStorage.get(key));
  if (!config.endAbandoned || report?.event !== "started" || readWaitMs(key) > 0) return false;
  return isAlone(report.contactId);
}

/**
 * @param alone Whether no other tab has a live chat.
 * @returns Whether this item need not be sent again.
 */
async function send(key: string, alone: boolean): Promise<boolean> {
  const storage = key === FORGETTING_KEY ? lastingStorage : browserStorage;
  const text = storage.get(key);
  // Another tab has sent it, or it is not due.
  if (text === null || readWaitMs(key) > 0) return true;
  const timeoutMs = REPORT_TIMEOUT_MS;
  const wasAlone = parseStored<Report>(text)?.alone === true;
  const answer =
    key === FORGETTING_KEY
      ? await callWorker("visitor", { method: "DELETE", timeoutMs })
      : // Not in the body: an older version of the Worker would refuse it.
        await callWorker(`contacts${alone && wasAlone ? "?alone=1" : ""}`, {
          method: "POST",
          body: toBody(text),
          timeoutMs,
        });
  if (answer === null || !isFinal(answer)) {
    const { retryAfterMs = 0 } = answer ?? {};
    if (retryAfterMs > 0) browserStorage.set(QUIET_KEY, String(Date.now() + retryAfterMs));
    return false;
  }
  const { askAgainSeconds } = answer.body;
  // A sign-out may have cleared the report meanwhile.
  if (askAgainSeconds && storage.get(key) !== null) {
    const pauseMs = Math.min(1000 * askAgainSeconds, MAX_REPORT_PAUSE_MS);
    // A tab between two pages cannot answer, but is not there for long.
    const counts = alone && pauseMs > 9999;
    storage.set(key, JSON.stringify({ ...parseStored(text), alone: counts, due: Date.now() + pauseMs }));
  } else storage.remove(key);
  return true;
}

function toBody(text: string): object {
  const { at = Date.now(), contactId, ticket, event } = parseStored<Report>(text) ?? {};
  const age = Math.floor((Date.now() - at) / 1000);
  return { contactId, ticket, event, ageSeconds: Math.max(0, Math.min(age, MAX_REPORT_AGE_SECONDS)) };
}
