import { SIGN_OUT_COOKIE } from "../../../src/core/headers/cookies.ts";
import { createLock, type Lock, noLock } from "../world/clock.ts";
import { type CookieJar, createCookieJar } from "./cookie-jar.ts";
import { type Report, type Sender, type Session } from "../world/messages.ts";
import { isCustomer } from "./people.ts";
import { type World } from "../world/world.ts";

/** A browser with our script in its pages, and the person who uses the browser. */
export interface Browser {
  location: number;
  readonly jar: CookieJar;
  readonly oneAtATime: Lock;
  /** The customer who is signed in at the site; `null`: nobody. */
  customer: string | null;
  /** Who uses the browser without signing in; another person after a sign-out. */
  anonymous: string;
  /** Counts the people who use the browser, one after the other. */
  visit: number;
  /** Who got the visitor cookie in the jar; `null` without one. */
  cookieOf: string | null;
  /** The live chat of each tab. */
  readonly tabs: Map<number, Session>;
  readonly reports: Map<string, Report>;
  isForgetting: boolean;
  /** The last sign-out for which the browser was cleared. */
  signOutMark: string | null;
  /** Chats of which the Worker has acknowledged a report. */
  readonly acknowledged: Session[];
  /** Every chat that the browser ever had, for replays. */
  readonly past: Session[];
}

export function createBrowser({ clock, without }: World, person: string, location: number): Browser {
  return {
    location,
    jar: createCookieJar(),
    oneAtATime: without === "lock" ? noLock : createLock(clock),
    customer: null,
    anonymous: person,
    visit: 0,
    cookieOf: null,
    tabs: new Map(),
    reports: new Map(),
    isForgetting: false,
    signOutMark: null,
    acknowledged: [],
    past: [],
  };
}

/** Another browser with a copy of what this one keeps, as from a backup or by malware. */
export function copyBrowser(world: World, browser: Browser, strangerName: string): Browser {
  const isCustomers = browser.cookieOf !== null && isCustomer(browser.cookieOf);
  return {
    // A copied cookie signs nobody in as its customer.
    ...createBrowser(world, isCustomers ? strangerName : browser.anonymous, browser.location),
    jar: browser.jar.copy(),
    cookieOf: browser.cookieOf,
    signOutMark: browser.signOutMark,
    reports: new Map(browser.reports),
    past: [...browser.past],
  };
}

export function personAt({ customer, anonymous }: Browser): string {
  return customer ?? anonymous;
}

export function senderOf(browser: Browser): Sender {
  return { person: personAt(browser), visit: browser.visit };
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
