import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWatchedServer, type WatchedServer } from "../../attacks/watched-server.ts";
import { runCli } from "../run-cli.ts";
import { useFolder } from "../use-folder.ts";

const folder = useFolder();
const WRANGLER = 'name = "x"\n[[analytics_engine_datasets]]\nbinding = "METRICS"\ndataset = "chats"\n';

describe("npm run report -- --log", () => {
  const report = (...args: string[]) => runCli("report", args, { cwd: folder.path });

  it("counts the Worker's lines, and skips other lines", async () => {
    const lines = [
      '{"level":"info","event":"token.issued","continue":"now","reason":"ended"}',
      '{"level":"debug","event":"page.left-alone","reason":"destination"}',
      '{"level":"debug","event":"page.injected"}',
      "[wrangler] Ready on http://localhost:8787",
      "null",
      "",
    ];
    await writeFile(join(folder.path, "worker.log"), lines.join("\n"));
    const { code, out } = await report("--log", "worker.log", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([
      { event: "token.issued", outcome: "now", reason: "ended", count: 1 },
      { event: "page.injected", outcome: "", reason: "", count: 1 },
    ]);
  });

  it("writes out control characters in a reason from the log", async () => {
    const reason = "ended\u001b[2J\nstarted";
    await writeFile(
      join(folder.path, "worker.log"),
      JSON.stringify({ event: "token.issued", continue: "none", reason }),
    );
    const { out } = await report("--log", "worker.log");
    expect(out).toContain(String.raw`    ended\u001b[2J\u000astarted`);
  });

  it("names a log file that does not exist", async () => {
    const { code, err } = await report("--log", "nowhere.log");
    expect([code, err]).toEqual([2, expect.stringContaining("Cannot read nowhere.log")]);
  });
});

describe("npm run report", () => {
  let cloudflare: WatchedServer;
  let queries: string[];
  let vars: string;
  let answer: { status: number; body: string };
  beforeAll(async () => {
    cloudflare = await startWatchedServer(async (request, response) => {
      queries.push(await text(request));
      response.writeHead(answer.status).end(answer.body);
    });
  });
  afterAll(() => cloudflare.close());
  beforeEach(() => {
    queries = [];
    vars = "";
  });

  const report = async (env: Record<string, string> = {}, ...args: string[]) => {
    await writeFile(join(folder.path, "wrangler.toml"), WRANGLER + vars);
    const access = { CLOUDFLARE_ACCOUNT_ID: "account", CLOUDFLARE_API_TOKEN: "api-token" };
    return runCli("report", args, {
      cwd: folder.path,
      env: { ...access, CLOUDFLARE_API_BASE_URL: cloudflare.origin, ...env },
    });
  };

  it("reads Analytics Engine's sums", async () => {
    const row = { event: "contact.recorded", outcome: "started", reason: "", browser: null, version: null };
    const data = [{ ...row, hour: "2026-11-28 12:00:00", count: "1200" }];
    answer = { status: 200, body: JSON.stringify({ data }) };
    const { code, out } = await report({}, "--days", "30");
    expect(code).toBe(0);
    expect(out).toMatch(/^The last 30 days, from chats\n[^]*started and reported +1,200 +same\n/);
    const [{ url, headers } = {}] = cloudflare.asked;
    expect([url, headers?.authorization]).toEqual(["/accounts/account/analytics_engine/sql", "Bearer api-token"]);
    expect(queries).toContainEqual(
      expect.stringMatching(/SUM\(_sample_interval\)[^]*FROM chats WHERE timestamp > NOW\(\) - INTERVAL '30' DAY\n/),
    );
  });

  it("compares with the days before, where Analytics Engine still has all of them", async () => {
    answer = { status: 200, body: JSON.stringify({ data: [] }) };
    await report({}, "--days", "45");
    expect(queries.join("\n")).toContain(
      "timestamp > NOW() - INTERVAL '90' DAY AND timestamp <= NOW() - INTERVAL '45' DAY",
    );
    queries = [];
    await report({}, "--days", "46");
    expect(queries.join("\n")).not.toContain("INTERVAL '92' DAY");
  });

  it("asks for no network, whose number has no bound", async () => {
    answer = { status: 200, body: JSON.stringify({ data: [] }) };
    await report();
    expect([queries.length, queries.join("\n")]).toEqual([3, expect.not.stringMatching(/blob[67]/)]);
  });

  it("says what to do when nothing was counted", async () => {
    answer = { status: 200, body: JSON.stringify({ data: [] }) };
    const { code, out } = await report();
    expect([code, out]).toEqual([0, expect.stringMatching(/Nothing was counted\.\nOpen a page of your site/)]);
  });

  it("refuses an hour that is none", async () => {
    answer = { status: 200, body: JSON.stringify({ data: [{ event: "page.injected", hour: "noon", count: 1 }] }) };
    const { code, err } = await report();
    expect([code, err]).toEqual([1, expect.stringContaining("has not the rows that were asked for")]);
  });

  it("passes on the message of Cloudflare", async () => {
    answer = { status: 403, body: "Authentication error" };
    const { code, err } = await report();
    expect([code, err]).toEqual([1, expect.stringContaining("Cloudflare answered 403: Authentication error")]);
  });

  it("writes out control characters in the message of Cloudflare", async () => {
    answer = { status: 403, body: "no\u001b[2J\u009b\u202e" };
    expect((await report()).err).toContain(String.raw`Cloudflare answered 403: no\u001b[2J\u009b\u202e`);
  });

  it.each([
    [{ CLOUDFLARE_API_TOKEN: "" }, [], "CLOUDFLARE_API_TOKEN: expected it in the environment, found nothing"],
    [{}, ["--days", "0"], '--days: expected a whole number from 1 to 90, found "0"'],
    [{}, ["--days", "7' OR 1=1"], "--days: expected a whole number"],
    [
      {},
      ["--days", "3", "--playground"],
      "--days: expected it for the figures of Analytics Engine only, found it with --playground",
    ],
    [
      {},
      ["--days", "abc", "--example"],
      "--days: expected it for the figures of Analytics Engine only, found it with --example",
    ],
    [
      {},
      ["--env", "x", "--log", "y"],
      "--env: expected it for the figures of Analytics Engine only, found it with --log",
    ],
    [{}, ["--no-open"], "--no-open: expected it with --html or --out, found neither"],
    [{}, ["--out", ""], "--out: expected a file, found nothing"],
    [{}, ["--html", "--json"], "--json and --html: expected one of them, found both"],
    [{}, ["--example", "--playground"], "--playground and --example: expected one source of figures, found 2"],
  ])("refuses %j %j", async (env, args, message) => {
    const { code, err } = await report(env, ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it.each([
    ['dataset = "my-chats"', "The dataset of METRICS: expected the name of a dataset: letters, digits and _"],
    ['dataset = "chats"\n[vars]\nROLLOUT_PERCENT = "half"', "ROLLOUT_PERCENT: expected a whole number from 0 to 100"],
  ])("refuses wrangler.toml with %j", async (lines, message) => {
    const wrangler = `name = "x"\n[[analytics_engine_datasets]]\nbinding = "METRICS"\n${lines}\n`;
    await writeFile(join(folder.path, "wrangler.toml"), wrangler);
    const { code, err } = await runCli("report", [], { cwd: folder.path });
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("takes the share of browsers that get the chat from wrangler.toml", async () => {
    vars = '[vars]\nROLLOUT_PERCENT = "5"\n';
    const hour = "2026-11-28 12:00:00";
    const rows = [
      { event: "page.injected", outcome: "", count: 1000, hour },
      { event: "browser.outcome", outcome: "client-failed", count: 20, hour },
    ];
    answer = { status: 200, body: JSON.stringify({ data: rows }) };
    const { out } = await report();
    expect(out.replaceAll("\n", " ")).toContain("With ROLLOUT_PERCENT=5, that is 40 % of the page views");
  });

  it("takes each page as one that can fail, with the page's own widget", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    vars = `[vars]\nROLLOUT_PERCENT = "5"\nWIDGET_ID = "${id}"\n`;
    const hour = "2026-11-28 12:00:00";
    const rows = [
      { event: "page.injected", outcome: "", count: 1000, hour },
      { event: "browser.outcome", outcome: "client-failed", count: 100, hour },
    ];
    answer = { status: 200, body: JSON.stringify({ data: rows }) };
    const { out } = await report();
    expect(out).toContain("Amazon's client failed to load in 100 page views");
    expect(out).not.toContain("ROLLOUT_PERCENT");
  });

  it.each([-7, "-7", 0.5, "1e308", "", "9007199254740993"])("refuses %j as a count", async (wrong) => {
    const row = { event: "page.injected", hour: "2026-11-28 12:00:00", count: wrong };
    answer = { status: 200, body: JSON.stringify({ data: [row] }) };
    const { code, err } = await report();
    expect([code, err]).toEqual([1, expect.stringContaining("has not the rows that were asked for")]);
  });

  it("says how to start counting when METRICS is not bound", async () => {
    await writeFile(join(folder.path, "wrangler.toml"), 'name = "x"\n');
    const { code, err } = await runCli("report", [], { cwd: folder.path });
    expect([code, err]).toEqual([2, expect.stringContaining("bind METRICS in wrangler.toml")]);
  });
});
