import { type Browser, changeCustomer, clearVisitor, type Page, personAt, senderOf } from "./browser.ts";
import { type Chat, endOf } from "../world/amazon/chats.ts";
import { send } from "../world/network.ts";
import { type Random } from "../world/random.ts";
import { addReport, sendReports } from "./report-queue.ts";
import { requestToken } from "./token-source.ts";
import { type World } from "../world/world.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

interface ChatPlan {
  readonly tab: number;
  readonly isFresh: boolean;
  /** How long the tab stays open, in milliseconds; `undefined`: as it comes. */
  readonly staysMs?: number;
  readonly random: Random;
}

/** The visitor starts a chat in a tab, or asks for a token and then starts none. */
export async function chat(world: World, browser: Browser, plan: ChatPlan): Promise<void> {
  const { isFresh, random, staysMs, tab } = plan;
  const session = await requestToken(world, browser, random, isFresh);
  if (session === null || random.chance(0.1)) return;
  world.truth.startContact(session);
  world.amazon.chats.start(session.contactId, session.visitorKey);
  const page = openPage(world, browser, tab, staysMs ?? drawStayMs(random));
  browser.tabs.set(tab, { session, since: world.clock.now() });
  browser.past.push(session);
  addReport(world, browser, "started", session);
  // The browser may be closed before it sends: its reports wait for the next page.
  if (random.chance(0.15)) closeTab(browser, tab);
  await sendReports(world, browser, page, random);
}

/** A page of the site. In a new tab, the widget goes on with a chat that still hangs open. */
export async function visitPage(world: World, browser: Browser, tab: number, random: Random): Promise<void> {
  const page = openPage(world, browser, tab, drawStayMs(random));
  const last = browser.past.at(-1);
  const chat = last && world.amazon.chats.find(last.contactId);
  const isOurs = last?.person === personAt(browser) && last.visit === browser.visit;
  if (isOurs && chat !== undefined && endOf(chat) === null && !browser.tabs.has(tab) && random.chance(0.5))
    browser.tabs.set(tab, { session: last, since: world.clock.now() });
  await sendReports(world, browser, page, random);
}

/** Few people close a tab at once, most leave it open for a while. */
function drawStayMs(random: Random): number {
  if (random.chance(0.2)) return random.between(0, 15 * SECOND_MS);
  if (random.chance(0.4)) return random.between(15 * SECOND_MS, 5 * MINUTE_MS);
  return random.between(5 * MINUTE_MS, 40 * MINUTE_MS);
}

/** Opens a page, in place of the tab's last one. */
function openPage({ clock }: World, browser: Browser, tab: number, staysMs: number): Page {
  const page = { isOpen: true };
  const last = browser.pages.get(tab);
  if (last !== undefined) last.isOpen = false;
  browser.pages.set(tab, page);
  clock.after(staysMs, () => {
    if (browser.pages.get(tab) === page) closeTab(browser, tab);
  });
  return page;
}

/** A live chat in the tab goes on without its visitor. */
export function closeTab(browser: Browser, tab: number): void {
  const page = browser.pages.get(tab);
  if (page !== undefined) page.isOpen = false;
  browser.pages.delete(tab);
  browser.tabs.delete(tab);
}

/** The visitor ends the chat. The browser may never hear of the end, and the session may go on. */
export async function endChat(world: World, browser: Browser, tab: number, random: Random): Promise<void> {
  const { chats } = world.amazon;
  const live = browser.tabs.get(tab);
  const chat = live && chats.find(live.session.contactId);
  if (chat === undefined) return;
  // The agent stays, and no word of an end comes.
  if (random.chance(0.1)) return void browser.tabs.delete(tab);
  chats.end(chat, random.chance(0.15) ? "survey" : undefined);
  if (random.chance(0.9)) return seeEnd(world, browser, tab, random);
  browser.tabs.delete(tab);
}

/** An agent transfers a chat or ends it. */
export async function serve(world: World, browsers: Iterable<Browser>, random: Random): Promise<void> {
  const { clock, amazon } = world;
  const [first, ...others] = amazon.chats.open().slice(-4);
  if (first === undefined) return;
  const chat: Chat = random.pick([first, ...others]);
  if (random.chance(0.3)) return amazon.chats.transfer(chat);
  amazon.chats.end(chat, random.chance(0.15) ? "survey" : undefined);
  for (const browser of browsers) {
    for (const [tab, { session }] of browser.tabs) {
      if (session.contactId === chat.id && random.chance(0.75)) clock.spawn(() => seeEnd(world, browser, tab, random));
    }
  }
}

async function seeEnd(world: World, browser: Browser, tab: number, random: Random): Promise<void> {
  const live = browser.tabs.get(tab);
  if (live === undefined) return;
  browser.tabs.delete(tab);
  addReport(world, browser, "ended", live.session);
  const page = browser.pages.get(tab);
  if (page !== undefined) await sendReports(world, browser, page, random);
}

/** The visitor asks to be forgotten. */
export async function forget(world: World, browser: Browser, tab: number, random: Random): Promise<void> {
  clearVisitor(browser);
  browser.isForgetting = true;
  browser.visit += 1;
  await sendReports(world, browser, openPage(world, browser, tab, drawStayMs(random)), random);
}

/** Signs out at a page of `SIGN_OUT_PATHS`. */
export async function signOut(world: World, browser: Browser, random: Random): Promise<void> {
  changeCustomer(browser, null);
  const heard = () => {
    browser.visit += 1;
    browser.anonymous += "+";
    browser.cookieOf = null;
  };
  const call = { method: "GET", path: "/sign-out", timeoutMs: 30_000, heard } as const;
  await send(world, browser, senderOf(browser), call, random);
}
