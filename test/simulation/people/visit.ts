import { type Browser, changeCustomer, clearVisitor, senderOf } from "./browser.ts";
import { send } from "../world/network.ts";
import { type Random } from "../world/random.ts";
import { addReport, sendReports } from "./report-queue.ts";
import { requestToken } from "./token-source.ts";
import { type World } from "../world/world.ts";

/** The visitor starts a chat in a tab, or asks for a token and then starts none. */
export async function chat(
  world: World,
  browser: Browser,
  { tab, isFresh, random }: { readonly tab: number; readonly isFresh: boolean; readonly random: Random },
): Promise<void> {
  const session = await requestToken(world, browser, random, isFresh);
  if (session === null || random.chance(0.1)) return;
  world.truth.startContact(session);
  browser.tabs.set(tab, session);
  browser.past.push(session);
  addReport(world, browser, "started", session);
  // The browser may be closed before it sends: its reports wait for the next page.
  if (!random.chance(0.2)) await sendReports(world, browser, random);
}

export async function endChat(world: World, browser: Browser, tab: number, random: Random): Promise<void> {
  const session = browser.tabs.get(tab);
  if (session === undefined) return;
  browser.tabs.delete(tab);
  addReport(world, browser, "ended", session);
  await sendReports(world, browser, random);
}

/** The visitor asks to be forgotten. */
export async function forget(world: World, browser: Browser, random: Random): Promise<void> {
  clearVisitor(browser);
  browser.isForgetting = true;
  browser.visit += 1;
  await sendReports(world, browser, random);
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
