import { type Health } from "./world/amazon/amazon.ts";
import { ACTIONS } from "./world/amazon/service-api.ts";
import { replayReport, stealContact } from "./people/attacker.ts";
import { type Browser, changeCustomer, copyBrowser, createBrowser } from "./people/browser.ts";
import { BROWSERS, type History, type Step } from "./history.ts";
import { judgeRecord } from "./judge-carry-over.ts";
import { judgeEffect } from "./judge-links.ts";
import { CAUGHT_UP_MS } from "./world/kv.ts";
import { CUSTOMERS, isCustomer, THIEF } from "./people/people.ts";
import { createRandom, type Random } from "./world/random.ts";
import { reportTwice } from "./people/report-queue.ts";
import { requestToken } from "./people/token-source.ts";
import { chat, closeTab, endChat, forget, serve, signOut, visitPage } from "./people/visit.ts";
import { createWorld, type KvHealth, LOCATIONS, type World, type WorldOptions } from "./world/world.ts";

/** A tab of its own, for the end of a history. */
const LAST_TAB = 9;
/** For so long a new chat may be linked to a past one; and some time more. */
const HALF_AN_HOUR_MS = 35 * 60_000;

type Browsers = Map<Step["browser"], Browser>;

/** Plays a history, and adds its counts to the figures. */
export async function runHistory(
  { seed, customers, steps }: History,
  options: Omit<WorldOptions, "seed" | "watch" | "watchRecord">,
): Promise<void> {
  const world = createWorld({ ...options, seed, watch: judgeEffect, watchRecord: judgeRecord });
  const { clock } = world;
  const random = createRandom(seed);
  const browsers: Browsers = new Map();
  for (const [index, name] of BROWSERS.entries()) {
    const browser = createBrowser(world, name, index % LOCATIONS);
    changeCustomer(browser, customers[index] ?? null);
    if (world.setup.carriesOver) browser.sitter = drawSitter(random);
    browsers.set(name, browser);
  }
  clock.spawn(async () => {
    for (const step of steps) {
      await clock.sleep(step.afterMs);
      clock.spawn(() => takeStep(world, browsers, step));
    }
    await settle(world, browsers, createRandom(seed + 1));
  });
  await clock.run();
  options.figures.histories += 1;
}

async function takeStep(world: World, browsers: Browsers, { act, browser: name, tab, seed }: Step): Promise<void> {
  const { clock } = world;
  const random = createRandom(seed);
  const isThiefs = name === "thief" || act === "steals a contact";
  const browser = browsers.get(isThiefs ? "thief" : name);
  if (browser === undefined) return;
  switch (act) {
    case "starts a chat":
      return chat(world, browser, { tab, isFresh: random.chance(0.1), random });
    case "starts two chats at once":
      clock.spawn(() => chat(world, browser, { tab: tab + 1, isFresh: false, random }));
      return chat(world, browser, { tab, isFresh: false, random });
    case "ends the chat":
      return endChat(world, browser, tab, random);
    case "closes a tab":
      return closeTab(browser, tab);
    case "an agent acts":
      return serve(world, browsers.values(), random);
    case "asks for a token":
      await requestToken(world, browser, random);
      return;
    case "opens a page":
      return visitPage(world, browser, tab, random);
    case "travels":
      browser.location = random.between(0, LOCATIONS - 1);
      return;
    case "signs in":
      return signIn(world, browser, { tab, random });
    case "signs out unseen by the Worker":
      return changeCustomer(browser, null);
    case "signs out":
      // The thief would still be the same person.
      if (isThiefs) return;
      // Another tab may start a chat meanwhile.
      if (random.chance(0.5)) clock.spawn(() => chat(world, browser, { tab, isFresh: false, random }));
      return signOut(world, browser, random);
    case "asks to be forgotten":
      return forget(world, browser, tab, random);
    case "is copied":
      if (name !== "copy" && !isThiefs) browsers.set("copy", copyBrowser(world, browser, `stranger ${seed}`));
      return;
    case "sends an old report again":
      return replayReport(world, browser, random);
    case "sends a report to two places":
      return reportTwice(world, browser, random);
    case "steals a contact":
      return stealContact(world, browser, random);
    case "somebody else sits down":
      browser.sitter = drawSitter(random);
      return;
    case "chats, then signs in":
      clock.spawn(() => chat(world, browser, { tab, isFresh: false, random }));
      await clock.sleep(random.between(1000, random.chance(0.8) ? 5 * 60_000 : 50 * 60_000));
      return signIn(world, browser, { tab: tab + 1, random });
    case "two customers sign in at once":
      if (isThiefs) return;
      clock.spawn(() => signInAs(world, browser, "Anna", { tab: tab + 1, random }));
      return signInAs(world, browser, "Bob", { tab, random });
    case "is copied, and both sign in": {
      if (name === "copy" || isThiefs) return;
      const copy = copyBrowser(world, browser, `stranger ${seed}`);
      browsers.set("copy", copy);
      copy.location = random.between(0, LOCATIONS - 1);
      clock.spawn(() => signInAs(world, copy, "Bob", { tab, random }));
      await clock.sleep(random.chance(0.4) ? random.between(0, 500) : random.between(0, 2 * CAUGHT_UP_MS));
      return signInAs(world, browser, "Anna", { tab, random });
    }
    case "KV changes":
      world.kvHealth = random.pick<KvHealth>(["works", "works", "takes nothing", "down"]);
      return;
    case "Amazon changes":
      world.amazon.health = random.pick<Health>(["works", "works", "slow", "down", "throttles"]);
      world.amazon.denied = random.chance(0.3) ? random.pick(ACTIONS) : null;
      return;
  }
}

interface Move {
  readonly tab: number;
  readonly random: Random;
}

function drawSitter(random: Random): string {
  return random.pick(["Anna", "Bob", `stranger ${random.next()}`]);
}

/** Mostly the person who sits there signs in. */
async function signIn(world: World, browser: Browser, { tab, random }: Move): Promise<void> {
  const isThiefs = browser.anonymous === THIEF;
  if (!world.setup.carriesOver) {
    // The thief has no account.
    if (!isThiefs) changeCustomer(browser, random.pick(CUSTOMERS));
    return;
  }
  const customer = isCustomer(browser.sitter) && random.chance(0.7) ? browser.sitter : random.pick(CUSTOMERS);
  return signInAs(world, browser, isThiefs ? THIEF : customer, { tab, random });
}

/** Someone signs in, and often opens the chat. */
async function signInAs(world: World, browser: Browser, customer: string, { tab, random }: Move): Promise<void> {
  changeCustomer(browser, customer);
  browser.sitter = customer;
  if (random.chance(0.6)) await chat(world, browser, { tab, isFresh: random.chance(0.1), random });
}

/** At the end everything works, KV catches up, and every browser asks for a token again, from any location. */
async function settle(world: World, browsers: Browsers, random: Random): Promise<void> {
  const { amazon, clock } = world;
  await clock.sleep(random.between(0, 90_000));
  world.mayFail = false;
  world.kvHealth = "works";
  amazon.health = "works";
  amazon.denied = null;
  for (const pauseMs of [0, CAUGHT_UP_MS + 60_000]) {
    await clock.sleep(pauseMs);
    for (const browser of browsers.values()) {
      if (world.setup.carriesOver && random.chance(0.3))
        clock.spawn(() => signIn(world, browser, { tab: LAST_TAB, random }));
      // A browser that was never used gets no offer.
      if (browser.customer === null && browser.jar.render(clock.now()) === "") continue;
      browser.location = random.between(0, LOCATIONS - 1);
      clock.spawn(() => visitPage(world, browser, LAST_TAB, random));
      clock.spawn(() => requestToken(world, browser, random));
    }
  }
  if (world.setup.linkBy !== "worker") return;
  const share = random.pick([0, 0.6, 0.8, 1]);
  for (const open of amazon.chats.open()) if (random.chance(share)) amazon.chats.end(open);
  await clock.sleep(random.between(0, 300_000));
  for (const browser of browsers.values())
    clock.spawn(() => chat(world, browser, { tab: LAST_TAB, isFresh: false, staysMs: HALF_AN_HOUR_MS, random }));
}
