import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { version } from "../../../package.json" with { type: "json" };
import { findInLive, type LiveExpected } from "../../../src/cli/doctor/live-findings.ts";
import { lookAtLive, waitForWorker } from "../../../src/cli/doctor/live-worker.ts";
import { type Playground, securityKey, startPlayground, widgetId } from "../../playground/playground.ts";
import { control, instrumentedEntry, observe } from "../../worker/instrumented.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { type FaultyProxy, startFaultyProxy, withBody, withHeaders } from "./faulty-proxy.ts";
import { runCli } from "../run-cli.ts";

let playground: Playground;
/** A Worker that asks Amazon about each chat; the playground's own does not. */
let withAws: RunningWorker;
let proxy: FaultyProxy;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, entry: instrumentedEntry });
  withAws = await playground.addWorker({ port: 0, aws: true });
  proxy = await startFaultyProxy(playground.worker.origin);
});
afterAll(async () => {
  await proxy.close();
  await playground.close();
});
afterEach(async () => {
  proxy.faults.clear();
  await control(playground.worker, {});
});

const EXPECTED: LiveExpected = {
  version,
  contactAttribute: "contactId",
  visitorAttribute: "persistentChatVisitor",
  widgetId,
  isPageWidget: false,
  isOn: true,
  mayAskAmazon: false,
};

/** @returns The codes of all findings on a live site. */
async function find(origin: string, expected: Partial<LiveExpected> = {}): Promise<string[]> {
  const live = await lookAtLive(`${origin}/_chat`, expected.contactAttribute ?? "contactId");
  if (live === null) throw new Error("No Worker answers there");
  return findInLive(live, [], { ...EXPECTED, ...expected }).map(({ code }) => code);
}

describe("the doctor, once the Worker is live", () => {
  it("finds nothing where all is well, and keeps nothing of the made-up visitor but its erasure", async () => {
    expect(await find(playground.worker.origin)).toEqual([]);
    const { stored } = await observe(playground.worker);
    const visitors = Object.entries(stored).filter(([key]) => key.startsWith("visitor:"));
    expect(visitors.length).toBeGreaterThan(0);
    for (const [, { value }] of visitors) expect(JSON.parse(value)).toMatchObject({ sessions: [] });
  });

  it("finds no Worker where the site itself answers", async () => {
    expect(await lookAtLive(`${playground.site.origin}/_chat`, "contactId")).toBeNull();
    proxy.faults.set("/_chat/health", withBody('{"status":"ok"}'));
    expect(await lookAtLive(`${proxy.origin}/_chat`, "contactId")).toBeNull();
  });

  it("waits for a Worker that starts late", async () => {
    proxy.faults.set("/_chat/health", withBody("not yet"));
    setTimeout(() => proxy.faults.clear(), 1500);
    await waitForWorker(`${proxy.origin}/_chat`, 20);
    expect(await lookAtLive(`${proxy.origin}/_chat`, "contactId")).not.toBeNull();
  });

  it("finds misconfigured", async () => {
    const worker = await playground.addWorker({ port: 0, vars: { TOKEN_TTL_SECONDS: "never" } });
    expect(await find(worker.origin)).toEqual(["misconfigured"]);
  });

  it("finds switched-off, which blocks only where wrangler.toml says on", async () => {
    await control(playground.worker, { mode: "off" });
    const live = await lookAtLive(`${playground.worker.origin}/_chat`, "contactId");
    const weightOf = (isOn: boolean) => live && findInLive(live, [], { ...EXPECTED, isOn }).map(({ weight }) => weight);
    expect(await find(playground.worker.origin)).toEqual(["switched-off"]);
    expect([weightOf(true), weightOf(false)]).toEqual([["blocks"], ["notes"]]);
  });

  it("finds widget-without-token where the Worker is switched off and the widget is in the pages", async () => {
    await control(playground.worker, { mode: "off" });
    const found = await find(playground.worker.origin, { isPageWidget: true });
    expect(found).toEqual(["switched-off", "widget-without-token"]);
  });

  it("finds version-differs", async () => {
    expect(await find(playground.worker.origin, { version: "9.9.9" })).toEqual(["version-differs"]);
  });

  it.each([
    ["is not there", () => ({ status: 404 })],
    ["is a page of the site", withHeaders({ "content-type": "text/html" })],
    ["is empty", withBody("", { "content-type": "text/javascript" })],
  ])("finds widget-script where it %s", async (_what, fault) => {
    proxy.faults.set("/_chat/widget.js", fault);
    expect(await find(proxy.origin)).toEqual(["widget-script"]);
  });

  it("finds token-refused where a firewall blocks the route", async () => {
    proxy.faults.set("/_chat/token", () => ({ status: 403, body: Buffer.from("<h1>Blocked</h1>") }));
    expect(await find(proxy.origin)).toEqual(["token-refused"]);
  });

  const withClaims = (changes: object) =>
    proxy.faults.set("/_chat/token", ({ body }) => {
      const answer = JSON.parse(body.toString());
      const [head, claims, signature] = String(answer.token).split(".");
      const changed = { ...JSON.parse(Buffer.from(claims ?? "", "base64url").toString()), ...changes };
      const token = [head, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".");
      return { body: Buffer.from(JSON.stringify({ ...answer, token })) };
    });

  it("finds token-lifetime", async () => {
    withClaims({ exp: 9_999_999_999 });
    expect(await find(proxy.origin)).toEqual(["token-lifetime"]);
  });

  it("finds token-attributes where the live Worker names one differently", async () => {
    expect(await find(playground.worker.origin, { visitorAttribute: "anotherName" })).toEqual(["token-attributes"]);
  });

  it("finds other-widget", async () => {
    expect(await find(playground.worker.origin, { widgetId: "another" })).toEqual(["other-widget"]);
  });

  it("finds clock-skew", async () => {
    await control(playground.worker, { clockOffsetSeconds: -3600 });
    expect(await find(playground.worker.origin)).toEqual(["clock-skew"]);
  });

  it("finds local-clock, and not clock-skew, where this machine is wrong", async () => {
    const now = Math.floor(Date.now() / 1000) + 7200;
    withClaims({ iat: now, exp: now + 500 });
    const change = proxy.faults.get("/_chat/token");
    const date = withHeaders({ date: new Date(now * 1000).toUTCString() });
    proxy.faults.set("/_chat/token", (answer) => ({ ...change?.(answer), ...date(answer) }));
    expect(await find(proxy.origin)).toEqual(["local-clock"]);
  });

  it("finds report-refused where KV is down", async () => {
    await control(playground.worker, { kv: "fails" });
    expect(await find(playground.worker.origin)).toEqual(["report-refused", "forgetting-refused"]);
  });

  it("finds history-not-offered, unless the Worker asks Amazon, which does not know the chat", async () => {
    expect(await find(withAws.origin)).toEqual(["history-not-offered"]);
    expect(await find(withAws.origin, { mayAskAmazon: true })).toEqual([]);
  });

  it("finds forgetting-refused", async () => {
    proxy.faults.set("/_chat/visitor", () => ({ status: 405 }));
    expect(await find(proxy.origin)).toEqual(["forgetting-refused"]);
  });

  it.each(["agreed=(?:yes|ja)", "page", "tcf:1", "gcm"])(
    "has given consent with CONSENT_COOKIE=%s",
    async (consent) => {
      const worker = await playground.addWorker({ port: 0, vars: { CONSENT_COOKIE: consent } });
      const live = await lookAtLive(`${worker.origin}/_chat`, "contactId");
      expect(live?.roundTrip).toEqual({ reported: 201, reportCode: null, isOffered: true, forgotten: 204 });
      expect(await find(worker.origin)).toEqual([]);
    },
  );
});

describe("npm run doctor on a live site", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "doctor-live-test-"));
    const secrets = [`WIDGET_SNIPPET='${playground.connect.snippet.replaceAll("'", '"')}'`];
    await writeFile(join(folder, ".dev.vars"), [...secrets, `WIDGET_SECURITY_KEY=${securityKey}\n`].join("\n"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("says that the Worker works, with a start call that Connect refuses", async () => {
    const args = [playground.worker.origin, "--pages", "2", "--start-call"];
    const { code, out } = await runCli("doctor", args, { cwd: folder });
    expect(out).toMatch(/^Working: 2 of 2 pages have the chat, and a made-up conversation was continued\.\n/);
    expect(code).toBe(0);
    expect(playground.connect.contacts()).toEqual([]);
  });

  it("finds tag-missing where a cache still has the page without the tag", async () => {
    proxy.faults.set("/about", withBody("<!doctype html><title>From before</title>", { age: "99" }));
    const tag = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';
    proxy.faults.set("/", withBody(`<!doctype html>${tag}<a href="/about">About</a>`));
    const { out } = await runCli("doctor", [proxy.origin, "--pages", "2", "--json"], { cwd: folder });
    const { findings, verdict } = JSON.parse(out);
    expect(verdict.text).toMatch(/^Working: 1 of 2 pages have the chat/);
    expect(findings).toContainEqual(expect.objectContaining({ code: "tag-missing", pages: ["/about"] }));
    expect(findings).toContainEqual(expect.objectContaining({ code: "cached-pages", pages: ["/about"] }));
  });
});
