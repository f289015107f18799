import { SIGN_OUT_COOKIE } from "../../../src/core/headers/cookies.ts";
import { createLock, type Lock, noLock } from "../world/clock.ts";
import { type CookieJar, createCookieJar } from "./cookie-jar.ts";
import { type Device, type LiveTab, type Report, type Sender, type Session } from "../world/messages.ts";
import { isCustomer, THIEF } from "./people.ts";
import { type World } from "../world/world.ts";

/** A browser with our script in its pages, and the person who uses the browser. */
export interface Browser extends Device {
  location: number;
  jar: CookieJar;
  readonly oneAtATime: Lock;
  /** The customer who is signed in at the site; `null`: nobody. */
  customer: string | null;
  /** Who uses the browser without signing in; another person after a sign-out. */
  anonymous: string;
  /** Who really sits there. Signing out and sitting down are two things. */
  sitter: string;
  /** Counts the people who use the browser, one after the other. */
  visit: number;
  /** Who got the visitor cookie in the jar; `null` without one. */
  cookieOf: string | null;
  /** The live chat of each tab, as far as the tab knows. */
  readonly tabs: Map<number, LiveTab>;
  /** The page of each tab. */
  readonly pages: Map<number, Page>;
  readonly reports: Map<string, Report>;
  isForgetting: boolean;
  /** The last sign-out for which the browser was cleared. */
  signOutMark: string | null;
  /** Chats of which the Worker has acknowledged a report. */
  readonly acknowledged: Session[];
  /** Every chat that the browser ever had, for replays. */
  readonly past: Session[];
}

/** Sends reports as long as it is open. */
export interface Page {
  isOpen: boolean;
}

export function createBrowser({ clock, devices, without }: World, person: string, location: number): Browser {
  const browser: Browser = {
    location,
    jar: createCookieJar(),
    oneAtATime: without === "lock" ? noLock : createLock(clock),
    customer: null,
    anonymous: person,
    sitter: person,
    visit: 0,
    cookieOf: null,
    tabs: new Map(),
    pages: new Map(),
    reports: new Map(),
    isForgetting: false,
    signOutMark: null,
    acknowledged: [],
    past: [],
  };
  devices.push(browser);
  return browser;
}

/** Another browser with a copy of what this one keeps, as from a backup or by malware. */
export function copyBrowser(world: World, browser: Browser, strangerName: string): Browser {
  const isCustomers = browser.cookieOf !== null && isCustomer(browser.cookieOf);
  // A copied cookie signs nobody in as its customer.
  const copy = createBrowser(world, isCustomers ? strangerName : browser.anonymous, browser.location);
  copy.jar = browser.jar.copy();
  copy.cookieOf = browser.cookieOf;
  copy.signOutMark = browser.signOutMark;
  for (const [key, report] of browser.reports) copy.reports.set(key, report);
  copy.past.push(...browser.past);
  return copy;
}

export function personAt({ customer, anonymous }: Browser): string {
  return customer ?? anonymous;
}

export function senderOf(browser: Browser, person = personAt(browser)): Sender {
  // A thief's calls keep no order, so the product promises the thief nothing.
  const acknowledged = person === THIEF ? [] : [...browser.acknowledged];
  const { anonymous: guest, sitter, visit } = browser;
  return { person, guest, sitter, visit, device: browser, acknowledged };
}

/** Someone signs in or out at a site that does not tell us. */
export function changeCustomer(browser: Browser, customer: string | null): void {
  if (browser.customer === customer) return;
  browser.customer = customer;
  browser.visit += 1;
}

/** Clears what is kept of a visitor who has signed out since. */
export function clearAfterSignOut({ clock }: World, browser: Browser): void {
  const mark = browser.jar.value(SIGN_OUT_COOKIE, clock.now());
  if (mark === null || mark === browser.signOutMark) return;
  browser.signOutMark = mark;
  clearVisitor(browser);
}

export function clearVisitor(browser: Browser): void {
  browser.reports.clear();
  browser.tabs.clear();
  browser.isForgetting = false;
}
