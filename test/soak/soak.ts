// `npm run soak`: mixed traffic of thousands of visitors through the real Worker; every answer is checked.
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { SELF_OFF_SECONDS } from "../../src/limits.ts";
import { median } from "../bench/median.ts";
import { readMemoryBytes } from "../bench/processes/process-figures.ts";
import { settings } from "../worker/settings.ts";
import { startWorkerd } from "../worker/start-workerd.ts";
import { ACTIONS, type Scene } from "./actions.ts";
import { createBrowser, type SoakBrowser } from "./browser.ts";
import { createCounters, FAULTS } from "./counters.ts";
import { compareMemory, isGrowing } from "./memory.ts";
import { serveSite, serveStore } from "./site.ts";
import { createTruth } from "./truth.ts";

const MINUTES = Number(process.env["SOAK_MINUTES"] ?? 5);
const VISITORS = Number(process.env["SOAK_VISITORS"] ?? 3000);
/** The first two of every group of browsers belong to one customer. */
const GROUP = 10;
const CONNECTIONS = 24;

const [site, kv] = await Promise.all([serveSite(), serveStore()]);
const vars = {
  ...settings,
  ORIGIN_URL: site.origin,
  KV_ORIGIN: kv.origin,
  SIGN_OUT_PATHS: "/bye",
  SELF_OFF: "1",
  LOG_LEVEL: "error",
};
const entry = process.env["SOAK_ENTRY"] ?? join(import.meta.dirname, "./entries/stored.ts");
const worker = await startWorkerd({ vars, entry });

let people = 0;
const newPerson = () => `visitor-${++people}`;
const scene: Scene = {
  origin: worker.origin,
  truth: createTruth(),
  counters: createCounters(),
  latencies: { pages: [], tokens: [] },
  notes: [],
  newPerson,
};
const browsers = createBrowsers();
const memory: number[] = [];
const begunAt = Date.now();
let isStopping = false;
process.once("SIGINT", () => {
  isStopping = true;
});

const isOver = () => isStopping || Date.now() - begunAt > MINUTES * 60_000;
await switchOff();
await Promise.all([...Array.from({ length: CONNECTIONS }, keepActing), watch()]);
// The last counts are on their way.
await sleep(1000);
scene.counters.miscounted = Math.abs(kv.countOutcomes() - scene.counters.outcomes);
scene.counters.errors += worker.logs.length;
scene.notes.unshift(...worker.logs.slice(0, 5).map((line) => JSON.stringify(line)));
printSummary();
const hasFault = FAULTS.some((fault) => scene.counters[fault] > 0) || isGrowing(memory);
await Promise.all([worker.close(), site.close(), kv.close()]);
process.exit(hasFault ? 1 : 0);

function createBrowsers(): SoakBrowser[] {
  return Array.from({ length: VISITORS }, (_, index) => {
    if (index % GROUP > 1) return createBrowser(newPerson(), null);
    const customer = `customer-${Math.floor(index / GROUP)}`;
    return createBrowser(customer, customer);
  });
}

async function keepActing(): Promise<void> {
  while (!isOver()) {
    const browser = takeBrowser();
    try {
      await pickAction()(scene, browser);
    } catch (error) {
      scene.counters.errors++;
      scene.notes.push(String(error));
    } finally {
      release(browser);
    }
  }
}

/** A customer's two browsers are never used at the same time: the judge could not tell which call came first. */
function takeBrowser(): SoakBrowser {
  for (;;) {
    // Some come often, most do not.
    const browser = browsers[Math.floor(Math.random() ** 3 * browsers.length)];
    if (browser === undefined || browser.isBusy) continue;
    for (const one of ownedBy(browser)) one.isBusy = true;
    return browser;
  }
}

function release(browser: SoakBrowser): void {
  for (const one of ownedBy(browser)) one.isBusy = false;
}

function ownedBy(browser: SoakBrowser): SoakBrowser[] {
  if (browser.customer === null) return [browser];
  const first = GROUP * Math.floor(browsers.indexOf(browser) / GROUP);
  return browsers.slice(first, first + 2);
}

function pickAction() {
  let left = Math.random() * ACTIONS.reduce((total, [weight]) => total + weight, 0);
  for (const [weight, action] of ACTIONS) if ((left -= weight) < 0) return action;
  throw new Error("Nothing to do");
}

async function watch(): Promise<void> {
  while (!isOver()) {
    await sleep(1000);
    const bytes = readMemoryBytes(worker.pid);
    if (bytes !== null) memory.push(bytes);
    if (memory.length % 10 === 0) printProgress();
    if (memory.length % 60 === 0) await switchOff();
  }
}

/** As the scheduled handler would: the chat is off all the time, but for browsers with a live one. */
async function switchOff(): Promise<void> {
  const offUntil = Math.floor(Date.now() / 1000) + SELF_OFF_SECONDS;
  const flag = { v: 1, offUntil, trialUntil: offUntil, told: "off" };
  await fetch(`${kv.origin}/self-off`, { method: "PUT", body: JSON.stringify(flag) });
}

function printProgress(): void {
  const { pages, tokens, chats } = scene.counters;
  const faults = FAULTS.reduce((total, fault) => total + scene.counters[fault], 0);
  const seconds = Math.round((Date.now() - begunAt) / 1000);
  print(`${seconds} s: ${count(pages)} pages, ${count(tokens)} tokens, ${count(chats)} chats, ${faults} faults`);
}

function printSummary(): void {
  const { counters, latencies, notes } = scene;
  const seconds = (Date.now() - begunAt) / 1000;
  const { first, last } = compareMemory(memory);
  const names = Object.keys(counters).map((name) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  const values = Object.values(counters).map(count);
  print(
    `\nSoak of ${(seconds / 60).toFixed(1)} minutes, ${count(people)} visitors and ${count(VISITORS / GROUP)} customers`,
  );
  for (const [index, name] of names.entries()) print(`  ${name.padEnd(24)}${values[index]?.padStart(10)}`);
  print(`  page, median and p99    ${renderLatency(latencies.pages)}`);
  print(`  token, median and p99   ${renderLatency(latencies.tokens)}`);
  print(`  memory of workerd       ${megabytes(first)} after the warm-up, ${megabytes(last)} at the end`);
  for (const note of notes.slice(0, 10)) print(`  ! ${note}`);
}

function renderLatency(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  return `${median(milliseconds).toFixed(1)} ms, ${p99.toFixed(1)} ms`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
