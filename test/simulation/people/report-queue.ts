import { MAX_REPORT_PAUSE_MS, REPORT_TIMEOUT_MS } from "../../../src/limits.ts";
import { type Browser, type Page, personAt, senderOf } from "./browser.ts";
import { type Answer, type Report, type Session } from "../world/messages.ts";
import { isFinal, send } from "../world/network.ts";
import { THIEF } from "./people.ts";
import { type Random } from "../world/random.ts";
import { LOCATIONS, type World } from "../world/world.ts";

const FORGETTING = "!forget";
const TRIES_PER_PAGE = 4;
/** How long a browser waits for its other tabs to say that they have a live chat, in milliseconds. */
const OTHER_TABS_MS = 100;

export function addReport({ clock }: World, { reports }: Browser, event: Report["event"], session: Session): void {
  const key = `${session.contactId}:${event}`;
  if (!reports.has(key)) reports.set(key, { session, event, at: clock.now(), due: 0 });
}

/** Sends the waiting reports, in order, as long as the page is open: once, or again when the Worker wants to be asked again. */
export async function sendReports(world: World, browser: Browser, page: Page, random: Random): Promise<void> {
  const { clock } = world;
  let pauseMs = 0;
  for (let failures = 0; page.isOpen && failures < TRIES_PER_PAGE;) {
    if (await sendAll(world, browser, random)) {
      const waiting = [...browser.reports.values()].map(({ due }) => due);
      if (waiting.length === 0) return;
      pauseMs = 0;
      await clock.sleep(Math.max(0, Math.min(...waiting) - clock.now()));
    } else {
      failures += 1;
      pauseMs = Math.min(2 * pauseMs + 1000, MAX_REPORT_PAUSE_MS);
      await clock.sleep(pauseMs);
    }
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
  const { clock } = world;
  const report = browser.reports.get(key);
  // Another tab has sent it, or it is not due.
  if (report === undefined || report.due > clock.now()) return true;
  const { session, event, at } = report;
  const answer = await postReport(world, browser, { ...session, event, ageMs: clock.now() - at }, random);
  if (answer === null || !isFinal(answer)) return false;
  const askAgainSeconds = readAskAgain(answer);
  if (askAgainSeconds === null) browser.reports.delete(key);
  // The report may have been cleared meanwhile, by a sign-out.
  else if (browser.reports.get(key) === report)
    browser.reports.set(key, { ...report, due: clock.now() + 1000 * askAgainSeconds });
  if (answer.status < 300) browser.acknowledged.push(session);
  return true;
}

/** A report, when it is due, reaches two locations at once: one call was slow, and was made again elsewhere. */
export async function reportTwice(world: World, browser: Browser, random: Random): Promise<void> {
  const { clock } = world;
  const waiting = [...browser.reports.values()].findLast(({ event }) => event === "started");
  const session = waiting?.session ?? browser.past.at(-1);
  if (session === undefined) return;
  await clock.sleep(Math.max(0, (waiting?.due ?? 0) - clock.now()));
  const report = { ...session, event: "started", ageMs: clock.now() - (waiting?.at ?? clock.now()) } as const;
  const elsewhere = { ...report, location: (browser.location + 1) % LOCATIONS };
  clock.spawn(() => postReport(world, browser, elsewhere, random));
  await postReport(world, browser, report, random);
}

/** @returns In how many seconds the Worker wants to be asked again; `null`: not at all. */
export function readAskAgain({ status, text }: Answer): number | null {
  const { askAgainSeconds = null }: { readonly askAgainSeconds?: number | null } = status < 300 ? JSON.parse(text) : {};
  return askAgainSeconds;
}

interface ReportedEvent extends Session {
  readonly event: Report["event"];
  readonly ageMs: number;
  /** Where the report arrives, if not where its browser is. */
  readonly location?: number;
}

export async function postReport(
  world: World,
  browser: Browser,
  { contactId, ticket, person, event, ageMs, location = browser.location }: ReportedEvent,
  random: Random,
): Promise<Answer | null> {
  const { clock } = world;
  if (event === "ended") world.truth.noteReportedEnd(contactId, person, clock.now() - ageMs);
  const isStartKnown = browser.acknowledged.some((session) => session.contactId === contactId);
  const lookedAt = clock.now();
  const alone = event === "started" && world.setup.linkBy === "worker" && (await isAlone(world, browser, contactId));
  const call = {
    method: "POST",
    path: "/_chat/contacts",
    query: alone ? "?alone=1" : "",
    body: { contactId, ticket, event, ageSeconds: Math.floor(ageMs / 1000) },
    timeoutMs: REPORT_TIMEOUT_MS,
    location,
  } as const;
  return send(world, browser, { ...senderOf(browser), isStartKnown, lookedAt }, call, random);
}

/** Whether no other tab of this browser has a live chat. A thief always says so. */
async function isAlone({ clock, without }: World, browser: Browser, contactId: string): Promise<boolean> {
  if (without === "other tabs" || personAt(browser) === THIEF) return true;
  if ([...browser.tabs.values()].some(({ session }) => session.contactId !== contactId)) return false;
  await clock.sleep(OTHER_TABS_MS);
  return true;
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
