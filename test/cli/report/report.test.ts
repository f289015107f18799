import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../../src/cli/report/table.ts";
import { startWatchedServer, type WatchedServer } from "../../attacks/watched-server.ts";
import { runCli } from "../run-cli.ts";
import { useFolder } from "../use-folder.ts";

const folder = useFolder();

describe("renderReport()", () => {
  const count = (event: string, outcome: string, reason: string, times: number) => ({
    event,
    outcome,
    reason,
    browser: "",
    version: "",
    network: "",
    operator: "",
    count: times,
  });

  it("shows how many chats were continued, why others were not, and how many pages got the chat", () => {
    const counts = [
      count("token.issued", "now", "ended", 1500),
      count("token.issued", "wait", "ended-just-now", 100),
      count("token.issued", "none", "no-session", 300),
      count("token.issued", "none", "asked-fresh", 100),
      count("contact.recorded", "started", "", 1900),
      count("contact.recorded", "ended", "", 1800),
      count("chat.linked", "linked", "", 90),
      count("chat.linked", "not-linked", "", 10),
      count("chat.refused", "", "TOO_MANY_CALLS", 3),
      count("chat.failed", "", "", 1),
      count("page.injected", "", "", 9000),
      count("page.left-alone", "", "excluded-path", 1000),
      count("page.observed", "inject", "", 7),
    ];
    expect(renderReport(counts, "The last 7 days, from chats")).toBe(`The last 7 days, from chats

Chats
  started and reported        1,900
  tokens issued               2,000
  history offered             1,600  80 %
  history not offered           400  20 %
    no-session                  300
    asked-fresh                 100
  confirmed linked by Amazon     90  of 100 looked at
  calls refused                   4
    TOO_MANY_CALLS                3
    chat.failed                   1

Pages
  with the chat               9,000  90 %
  left alone                  1,000  10 %
    excluded-path             1,000

Pages under MODE=observe
  would get the chat              7  100 %
  would be left alone             0  0 %
`);
  });

  it("says that it does not know how many chats Amazon linked, without Amazon's answers", () => {
    expect(renderReport([count("token.issued", "now", "ended", 1)], "")).toMatch(
      /confirmed linked by Amazon +not known/,
    );
  });

  it("counts the sign-ins that took chats over, where there were any", () => {
    const counts = [count("token.issued", "now", "ended", 2), count("history.carried-over", "", "", 1)];
    expect(renderReport(counts, "")).toMatch(/history not offered +0 +0 %\n +carried over after a sign-in +1\n/);
  });

  it("says when nothing was counted", () => {
    expect(renderReport([], "The last 7 days")).toBe("The last 7 days\n\nNothing was counted.\n");
  });
});

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
  let query: string;
  let answer: { status: number; body: string };
  beforeAll(async () => {
    cloudflare = await startWatchedServer(async (request, response) => {
      query = await text(request);
      response.writeHead(answer.status).end(answer.body);
    });
  });
  afterAll(() => cloudflare.close());

  const report = async (env: Record<string, string> = {}, ...args: string[]) => {
    const wrangler = 'name = "x"\n[[analytics_engine_datasets]]\nbinding = "METRICS"\ndataset = "chats"\n';
    await writeFile(join(folder.path, "wrangler.toml"), wrangler);
    const access = { CLOUDFLARE_ACCOUNT_ID: "account", CLOUDFLARE_API_TOKEN: "api-token" };
    return runCli("report", args, {
      cwd: folder.path,
      env: { ...access, CLOUDFLARE_API_BASE_URL: cloudflare.origin, ...env },
    });
  };

  it("reads Analytics Engine's sums", async () => {
    const data = [{ event: "contact.recorded", outcome: "started", reason: "", count: "1200" }];
    answer = { status: 200, body: JSON.stringify({ data }) };
    const { code, out } = await report({}, "--days", "30");
    expect(code).toBe(0);
    expect(out).toMatch(/^The last 30 days, from chats\n[^]*started and reported +1,200\n/);
    const [{ url, headers } = {}] = cloudflare.asked;
    expect([url, headers?.authorization]).toEqual(["/accounts/account/analytics_engine/sql", "Bearer api-token"]);
    expect(query).toMatch(/SUM\(_sample_interval\)[^]*FROM chats WHERE timestamp > NOW\(\) - INTERVAL '30' DAY/);
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
  ])("refuses %j %j", async (env, args, message) => {
    const { code, err } = await report(env, ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("says how to start counting when METRICS is not bound", async () => {
    await writeFile(join(folder.path, "wrangler.toml"), 'name = "x"\n');
    const { code, err } = await runCli("report", [], { cwd: folder.path });
    expect([code, err]).toEqual([2, expect.stringContaining("bind METRICS in wrangler.toml")]);
  });
});
