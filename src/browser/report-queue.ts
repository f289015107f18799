import { MAX_REPORT_AGE_SECONDS, MAX_REPORT_PAUSE_MS, REPORT_TIMEOUT_MS } from "../limits.ts";
import { type Session } from "./chat-session.ts";
import { exclusive } from "./exclusive.ts";
import { isFinal, postJson } from "./post-json.ts";
import { browserStorage, parseStored } from "./storage.ts";

/** One item per report: tabs add and remove theirs without reading a list first. */
const PREFIX = "persistent-chat:report:";

interface Report extends Session {
  readonly event: "started" | "ended";
  /** When it happened, in milliseconds of this browser's clock. */
  readonly at: number;
}

export interface ReportQueue {
  readonly add: (event: Report["event"], session: Session) => void;
  /** Sends what is waiting; does nothing when nothing is. */
  readonly flush: () => void;
}

/** Keeps reports until the Worker has answered them for good, if need be until another day. */
export function createReportQueue(path: string): ReportQueue {
  let pauseMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const sendAll = async () => {
    for (const key of waitingKeys()) {
      if (await exclusive(() => send(path, key))) continue;
      pauseMs = Math.min(2 * pauseMs + 1000, MAX_REPORT_PAUSE_MS);
      clearTimeout(timer);
      timer = setTimeout(flush, pauseMs);
      return;
    }
    pauseMs = 0;
  };
  const flush = () => {
    clearTimeout(timer);
    if (waitingKeys().length > 0) void sendAll();
  };

  return {
    add(event, session) {
      const key = `${PREFIX}${session.contactId}:${event}`;
      const report: Report = { ...session, event, at: Date.now() };
      if (browserStorage.get(key) === null) browserStorage.set(key, JSON.stringify(report));
      flush();
    },
    flush,
  };
}

function waitingKeys(): string[] {
  return browserStorage.keys().filter((key) => key.startsWith(PREFIX));
}

/** @returns Whether it is out of the way. */
async function send(path: string, key: string): Promise<boolean> {
  const text = browserStorage.get(key);
  // Another tab was faster.
  if (text === null) return true;
  const { at = Date.now(), ...report } = parseStored<Report>(text) ?? {};
  const age = Math.floor((Date.now() - at) / 1000);
  const ageSeconds = Math.max(0, Math.min(age, MAX_REPORT_AGE_SECONDS));
  const response = await postJson(
    `${path}/contacts`,
    { ...report, ageSeconds },
    {
      timeoutMs: REPORT_TIMEOUT_MS,
      keepalive: true,
    },
  );
  if (response === null || !isFinal(response)) return false;
  browserStorage.remove(key);
  return true;
}
