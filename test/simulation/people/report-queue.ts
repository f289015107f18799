import { MAX_REPORT_PAUSE_MS, REPORT_TIMEOUT_MS } from "../../../src/limits.ts";
import { type Browser, senderOf } from "./browser.ts";
import { type Answer, type Report, type Session } from "../world/messages.ts";
import { isFinal, send } from "../world/network.ts";
import { type Random } from "../world/random.ts";
import { type World } from "../world/world.ts";

const FORGETTING = "!forget";
const TRIES_PER_PAGE = 4;

export function addReport({ clock }: World, { reports }: Browser, event: Report["event"], session: Session): void {
  const key = `${session.contactId}:${event}`;
  if (!reports.has(key)) reports.set(key, { session, event, at: clock.now() });
}

/** Sends the waiting reports, in order, as long as the page is open. */
export async function sendReports(world: World, browser: Browser, random: Random): Promise<void> {
  let pauseMs = 0;
  for (let tries = 0; tries < TRIES_PER_PAGE; tries += 1) {
    if (await sendAll(world, browser, random)) return;
    pauseMs = Math.min(2 * pauseMs + 1000, MAX_REPORT_PAUSE_MS);
    await world.clock.sleep(pauseMs);
  }
}

async function sendAll(world: World, browser: Browser, random: Random): Promise<boolean> {
  const waiting = [...(browser.isForgetting ? [FORGETTING] : []), ...[...browser.reports.keys()].sort()];
  for (const key of waiting) {
    const isDone = await browser.oneAtATime(() =>
      key === FORGETTING ? sendForgetting(world, browser, random) : sendReport(world, browser, key, random),
    );
    if (!isDone) return false;
  }
  return true;
}

async function sendReport(world: World, browser: Browser, key: string, random: Random): Promise<boolean> {
  const report = browser.reports.get(key);
  // Another tab has sent it.
  if (report === undefined) return true;
  const { session, event, at } = report;
  const answer = await postReport(world, browser, { ...session, event, ageMs: world.clock.now() - at }, random);
  if (answer === null || !isFinal(answer)) return false;
  browser.reports.delete(key);
  if (answer.status < 300) browser.acknowledged.push(session);
  return true;
}

interface ReportedEvent extends Session {
  readonly event: Report["event"];
  readonly ageMs: number;
}

export function postReport(
  world: World,
  browser: Browser,
  { contactId, ticket, event, ageMs }: ReportedEvent,
  random: Random,
): Promise<Answer | null> {
  const isStartKnown = browser.acknowledged.some((session) => session.contactId === contactId);
  const body = { contactId, ticket, event, ageSeconds: Math.floor(ageMs / 1000) };
  const call = {
    method: "POST",
    path: "/_chat/contacts",
    body,
    timeoutMs: REPORT_TIMEOUT_MS,
  } as const;
  return send(world, browser, { ...senderOf(browser), isStartKnown }, call, random);
}

async function sendForgetting(world: World, browser: Browser, random: Random): Promise<boolean> {
  if (!browser.isForgetting) return true;
  const heard = ({ status }: Answer) => {
    if (status === 204) browser.cookieOf = null;
  };
  const call = {
    method: "DELETE",
    path: "/_chat/visitor",
    timeoutMs: REPORT_TIMEOUT_MS,
    heard,
  } as const;
  const answer = await send(world, browser, senderOf(browser), call, random);
  if (answer === null || !isFinal(answer)) return false;
  browser.isForgetting = false;
  return true;
}
