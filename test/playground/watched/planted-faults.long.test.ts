import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { toChatPage } from "../../browser/chat-page.ts";
import { usePlayground } from "../../browser/use-chat-pages.ts";
import { runCli } from "../../cli/run-cli.ts";
import { useFolder } from "../../cli/use-folder.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { type PlantedFaults } from "../faults/planted-faults.ts";
import { metricsAccess } from "../playground.ts";
import { type NetworkEdge, startNetworkEdge } from "./network-edge.ts";
import { type Browsers, createNetworks, launchBrowsers, visitFromAll } from "./visitors.ts";

const networks = createNetworks(12);
/** How long a visitor stays on a page without a chat: longer than the page waits until it calls the client's script failed. */
const STAY_MS = 2000;
const HOUR_MS = 3_600_000;

interface Planted {
  readonly fault: Partial<PlantedFaults>;
  /** What the owner reads. */
  readonly what: string;
  /** What a visitor does until the page has seen the fault. */
  readonly act: (page: Page) => Promise<unknown>;
}

const PLANTED: readonly Planted[] = [
  {
    fault: { clientScript: "404" },
    what: "Amazon's client failed to load",
    act: (page) => page.waitForTimeout(STAY_MS),
  },
  {
    fault: { shopPolicy: "blocks the client" },
    what: "A policy of the page blocked a part of the chat",
    act: (page) => page.waitForTimeout(STAY_MS),
  },
  {
    fault: { startCall: "401" },
    what: "Amazon refused to start the chat (status 401)",
    async act(page) {
      const { button, chat } = toChatPage(page);
      await button.click();
      await chat.getByText("401").first().waitFor();
    },
  },
];

let browsers: Browsers;
beforeAll(async () => {
  browsers = await launchBrowsers();
});
afterAll(() => browsers.close());
const folder = useFolder();

const escapePattern = (text: string) => text.replaceAll(/[()?.]/g, String.raw`\$&`);

describe.each(PLANTED)("with $fault", ({ fault, what, act }) => {
  const playground = usePlayground({ watched: true });
  let others: RunningWorker[];
  let edge: NetworkEdge;

  const runScheduled = () => Promise.all([playground.worker, ...others].map((worker) => worker.runScheduled()));
  const countTold = () => playground.worker.logs.filter(({ event }) => event === "browser.outcome").length;
  const countPoints = async () => {
    const answer = await fetch(
      `${playground.analytics.origin}/accounts/${metricsAccess.accountId}/analytics_engine/sql`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${metricsAccess.apiToken}` },
        body: `SELECT count() AS n FROM ${metricsAccess.dataset} WHERE blob1 = 'browser.outcome'`,
      },
    );
    return Number((await answer.json()).data[0].n);
  };
  /** Until every page has told what it saw, and Analytics Engine has it. */
  const visit = async (does: (page: Page) => Promise<unknown>) => {
    const before = countTold();
    await visitFromAll(browsers, edge, networks, does);
    await vi.waitUntil(() => countTold() >= before + networks.length, 10_000);
    await vi.waitUntil(async () => (await countPoints()) === countTold(), 10_000);
  };
  const report = async (...args: string[]) => {
    const wrangler = `name = "x"\n[[analytics_engine_datasets]]\nbinding = "METRICS"\ndataset = "${metricsAccess.dataset}"\n`;
    await writeFile(join(folder.path, "wrangler.toml"), wrangler);
    return runCli("report", args, {
      cwd: folder.path,
      env: {
        CLOUDFLARE_API_BASE_URL: playground.analytics.origin,
        CLOUDFLARE_ACCOUNT_ID: metricsAccess.accountId,
        CLOUDFLARE_API_TOKEN: metricsAccess.apiToken,
      },
    });
  };

  beforeAll(async () => {
    // Three owners of the same shop: one hears by Slack, one by Teams, one by PagerDuty.
    others = await Promise.all(
      [
        "https://prod-7.westeurope.logic.azure.com/workflows/abc/triggers/manual/paths/invoke?sig=abc",
        `https://events.pagerduty.com/v2/enqueue?routing_key=${"0".repeat(32)}`,
      ].map((ALERT_WEBHOOK) => playground.addWorker({ port: 0, watched: true, vars: { ALERT_WEBHOOK } })),
    );
    Object.assign(playground.planted, fault);
    edge = await startNetworkEdge(playground.worker.origin, networks);
    playground.connect.allowedOrigins.push(edge.origin);
    await visit(act);
  }, 300_000);

  afterAll(() => edge.close());

  it("the report says what fails, in which browser and in which version", async () => {
    const { code, out } = await report();
    expect([code, out.replaceAll(/\s+/g, " ")]).toEqual([
      0,
      expect.stringContaining(`${what} in 12 page views, most of them in Safari with version 0.1.0`),
    ]);
  });

  it("the page with pictures shows it", async () => {
    const file = join(folder.path, "report.html");
    expect((await report("--html", "--no-open", "--out", file)).code).toBe(0);
    const page = await browsers.safari.newPage();
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator("body").innerText()).toContain(`${what} in 12 page views`);
    await page
      .locator("svg text", { hasText: what.replace(/ \(.*/, "") })
      .first()
      .waitFor();
    await page.close();
  });

  it("each service has one message of it, however often the Worker looks", async () => {
    await runScheduled();
    await runScheduled();
    expect(playground.alerts.refused).toEqual([]);
    expect(playground.alerts.messages.map(({ service }) => service).toSorted()).toEqual([
      "pagerduty",
      "slack",
      "teams",
    ]);
    for (const { text } of playground.alerts.messages)
      expect(text.toLowerCase()).toMatch(new RegExp(`${escapePattern(what.toLowerCase())}[^]*mostly in safari`));
  });

  it("each service has one more when it is over, and no other", async () => {
    Object.assign(playground.planted, { clientScript: "loads", startCall: "works", shopPolicy: "none" });
    playground.alerts.messages.length = 0;
    await playground.moveClock(HOUR_MS + 60_000);
    await visit(async (page) => {
      const chat = toChatPage(page);
      await chat.open();
      await chat.say("hello");
    });
    await runScheduled();
    await runScheduled();
    const read = playground.alerts.messages.map(({ service, text }) => `${service}: ${text}`).toSorted();
    expect(read).toEqual([
      expect.stringMatching(/^pagerduty: resolve persistent-chat-edge\//),
      expect.stringMatching(/^slack: .*Over/),
      expect.stringMatching(/^teams: .*Over/),
    ]);
    expect(playground.alerts.refused).toEqual([]);
  });

  it("nothing was counted that Analytics Engine would not take, and no query refused", () => {
    expect(playground.analytics.refused).toEqual([]);
    expect(playground.analytics.queries.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
