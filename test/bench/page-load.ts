// `npm run bench:page-load`: what the chat adds to a page before the page's load event, with each value of LOAD_WIDGET.
import { cpus } from "node:os";
import { type Browser, type CDPSession } from "playwright-core";
import { launchChromium } from "../browser/chromium.ts";
import { startPlayground } from "../playground/playground.ts";
import { median } from "./median.ts";

const ROUNDS = 9;
/** A middling phone: how much slower it is than this machine, and its network. Source: Lighthouse, "Mobile slow 4G". */
const CPU_SLOWDOWN = 4;
const NETWORK = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 };
/** How long a page is watched after its load event, in milliseconds. */
const WATCH_MS = 2500;

/** Notes every task that keeps the page busy for more than 50 ms. */
const OBSERVE = `window.longTasks = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) longTasks.push({ startTime, duration });
}).observe({ type: "longtask", buffered: true });`;

const READ = `({
  loadMs: performance.getEntriesByType("navigation")[0].loadEventStart,
  longTasks,
})`;

interface Seen {
  readonly loadMs: number;
  readonly longTasks: readonly { readonly startTime: number; readonly duration: number }[];
}

interface Figures {
  /** When the load event began, in milliseconds. */
  readonly loadMs: number;
  readonly requests: number;
  /** As they came over the network, with headers. */
  readonly bytes: number;
  /** Before the load event. */
  readonly longTasks: number;
  readonly longTaskMs: number;
}

const playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, vars: { LOG_LEVEL: "error" } });
const browser = await launchChromium();
try {
  const places = [
    ["the shop alone", playground.site.origin],
    ["`now`", playground.worker.origin],
    ["`idle`", await startWith("idle")],
    ["`interaction`", await startWith("interaction")],
  ] as const;
  const measured = new Map<string, Figures[]>(places.map(([name]) => [name, []]));
  // The places take turns, so that a busy moment of this machine meets all of them.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, origin] of places) measured.get(name)?.push(await visit(browser, `${origin}/`));
  }
  const rows = [...measured].map(([name, figures]) => renderRow(name, figures));
  console.log(["| | load event | requests | bytes | long tasks |", "|---|--:|--:|--:|--:|", ...rows].join("\n"));
  console.log(`\n${describeRun()}`);
} finally {
  await browser.close();
  await playground.close();
}

async function startWith(value: string): Promise<string> {
  const { origin } = await playground.addWorker({ port: 0, vars: { LOAD_WIDGET: value, LOG_LEVEL: "error" } });
  return origin;
}

/** Opens a page as a visitor who has never been there, and does nothing there. */
async function visit(chromium: Browser, url: string): Promise<Figures> {
  const context = await chromium.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const network = await watchNetwork(session);
    await session.send("Network.emulateNetworkConditions", NETWORK);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
    await page.addInitScript(OBSERVE);
    await page.goto(url, { waitUntil: "load" });
    await page.waitForTimeout(WATCH_MS);
    const { loadMs, longTasks } = await page.evaluate<Seen>(READ);
    const early = longTasks.filter(({ startTime }) => startTime < loadMs);
    return {
      loadMs,
      ...network(),
      longTasks: early.length,
      longTaskMs: early.reduce((total, { duration }) => total + duration, 0),
    };
  } finally {
    await context.close();
  }
}

/** @returns Counts what had arrived before the load event. */
async function watchNetwork(session: CDPSession): Promise<() => Pick<Figures, "requests" | "bytes">> {
  const finished: { readonly timestamp: number; readonly encodedDataLength: number }[] = [];
  let loadedAt = Number.POSITIVE_INFINITY;
  session.on("Network.loadingFinished", (event) => finished.push(event));
  session.on("Page.loadEventFired", ({ timestamp }) => {
    loadedAt = timestamp;
  });
  await session.send("Network.enable");
  await session.send("Page.enable");
  return () => {
    const early = finished.filter(({ timestamp }) => timestamp <= loadedAt);
    return {
      requests: early.length,
      bytes: early.reduce((total, { encodedDataLength }) => total + encodedDataLength, 0),
    };
  };
}

function renderRow(name: string, figures: readonly Figures[]): string {
  const middle = (read: (figures: Figures) => number) => median(figures.map(read));
  const spread = figures.map(({ loadMs }) => Math.round(loadMs)).toSorted((a, b) => a - b);
  const cells = [
    name,
    `${Math.round(middle(({ loadMs }) => loadMs))} ms (${spread[0]} to ${spread.at(-1)})`,
    String(middle(({ requests }) => requests)),
    `${(middle(({ bytes }) => bytes) / 1000).toFixed(1)} KB`,
    `${middle(({ longTasks }) => longTasks)}, ${Math.round(middle(({ longTaskMs }) => longTaskMs))} ms`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function describeRun(): string {
  const [cpu] = cpus();
  return `Medians of ${ROUNDS} visits each, taking turns. ${cpus().length} × ${cpu?.model}, Chromium ${browser.version()}`;
}
