import { afterEach, describe, expect, it } from "vitest";
import { readAnalytics } from "../../../src/cli/report/read/analytics.ts";
import { startWatchedServer, type WatchedServer } from "../../attacks/watched-server.ts";
import { NOW } from "./some-figures.ts";

const access = { accountId: "account", apiToken: "api-token", dataset: "chats" };

let cloudflare: WatchedServer;
afterEach(() => cloudflare.close());

const read = (timeoutMs?: number) =>
  readAnalytics(access, 1, NOW, { fetch, apiUrl: cloudflare.origin, ...(timeoutMs !== undefined && { timeoutMs }) });

describe("readAnalytics()", () => {
  it.each([
    ["nothing", ""],
    ["the beginning of an answer", '{"data":['],
  ])("says that Cloudflare has not answered in time when it sends %s", async (_, sent) => {
    cloudflare = await startWatchedServer(async (_request, response) => {
      if (sent !== "") response.write(sent);
    });
    await expect(read(300)).rejects.toThrow(
      "Cannot read chats: Cloudflare has not answered within 0.3 seconds. Try again, or ask for less: --days 1",
    );
  });

  it("leaves hours out that are not of the days that were asked for", async () => {
    const row = { event: "contact.recorded", outcome: "started", count: 3 };
    const data = [
      { ...row, hour: "9999-11-28 10:00:00" },
      { ...row, hour: "2026-06-15 11:00:00" },
    ];
    cloudflare = await startWatchedServer(async (_request, response) => {
      response.end(JSON.stringify({ data }));
    });
    expect((await read()).hours).toEqual([{ ...row, hour: NOW - 3600 }]);
  });

  it("names one day as such", async () => {
    cloudflare = await startWatchedServer(async (_request, response) => {
      response.end('{"data":[]}');
    });
    expect((await read()).title).toBe("The last day, from chats");
  });
});
