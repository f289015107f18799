import { beforeEach, describe, expect, it } from "vitest";
import { readFailureDetails, readFigures } from "../../../src/adapters/watch/figures.ts";
import { useServer } from "../../worker/use-workers.ts";
import { startAnalytics } from "./analytics.ts";

const NOW = Date.UTC(2026, 10, 28, 12, 30) / 1000;
const SPAN = { from: NOW - 3600, to: NOW };
const access = { accountId: "account", apiToken: "token", dataset: "chats" };

const analytics = useServer(() => startAnalytics({ ...access, now: () => NOW }));
beforeEach(() => {
  analytics.clear();
  analytics.sample(1);
});

const page = { indexes: ["page.injected"], blobs: ["page.injected", "", "", "", "", "", ""] };
const told = (network: string, { word = "client-failed", reason = "", browser = "safari", operator = "a1" } = {}) => ({
  indexes: ["browser.outcome"],
  blobs: ["browser.outcome", word, reason, browser, "0.1.0", network, operator],
});
const token = (outcome: string) => ({ indexes: ["token.issued"], blobs: ["token.issued", outcome, "ended"] });
const times = <T>(count: number, point: T) => Array.from({ length: count }, () => point);

/** The Worker's calls go to Cloudflare's own address. */
const options = {
  fetch: (request: Request) => {
    const { pathname } = new URL(request.url);
    return fetch(new Request(analytics.origin + pathname, request));
  },
};
const read = () => readFigures(access, SPAN, options);

describe("the Worker's own query of figures", () => {
  it("reads a span, and nothing beside it", async () => {
    analytics.write("chats", [...times(4, page), told("n1"), token("now"), token("none")], NOW - 60);
    for (const time of [NOW - 3601, NOW + 60]) analytics.write("chats", [page, told("n2")], time);
    expect(await read()).toEqual({
      pages: 4,
      tokens: 2,
      offered: 1,
      hasOutcomes: true,
      failures: [{ failure: "client-failed", operator: "a1", networks: 1, count: 1 }],
      opened: [],
    });
  });

  it("counts each network three times at most where the chat was opened", async () => {
    const opened = (network: string, operator: string) => told(network, { word: "opened", operator });
    analytics.write("chats", [...times(12, opened("n1", "a1")), opened("n2", "a1"), opened("n3", "a2")], NOW - 60);
    expect((await read()).opened.toSorted((a, b) => b.count - a.count)).toEqual([
      { operator: "a1", networks: 2, count: 4 },
      { operator: "a2", networks: 1, count: 1 },
    ]);
  });

  it("counts each network three times at most, for each operator and failure", async () => {
    const points = [...times(12, told("n1")), told("n2"), told("n3", { operator: "a2" })];
    analytics.write("chats", [...points, ...times(2, told("n1", { word: "start-refused", reason: "401" }))], NOW - 60);
    expect((await read()).failures.toSorted((a, b) => b.count - a.count)).toEqual([
      { failure: "client-failed", operator: "a1", networks: 2, count: 4 },
      { failure: "start-refused", operator: "a1", networks: 1, count: 2 },
      { failure: "client-failed", operator: "a2", networks: 1, count: 1 },
    ]);
  });

  it("keeps the failures of chats where far more networks tell of ad blockers", async () => {
    const blocked = Array.from({ length: 3000 }, (_none, index) =>
      told(`n${index}`, { operator: `a${index % 300}`, browser: `${index % 7}` }),
    );
    const refused = Array.from({ length: 20 }, (_none, index) => told(`n${index}`, { word: "start-refused" }));
    analytics.write("chats", [...blocked, ...refused], NOW - 60);
    const { failures } = await read();
    expect(failures.find(({ failure }) => failure === "start-refused")).toMatchObject({ networks: 20, count: 20 });
  });

  it("knows that browsers tell something where nothing failed", async () => {
    analytics.write("chats", [page, told("n1", { word: "started" })], NOW - 60);
    expect(await read()).toMatchObject({ hasOutcomes: true, failures: [] });
    analytics.clear();
    analytics.write("chats", [page], NOW - 60);
    expect((await read()).hasOutcomes).toBe(false);
  });

  it("counts what a sample stands for", async () => {
    analytics.sample(10);
    analytics.write("chats", times(1000, page), NOW - 60);
    expect((await read()).pages).toBe(1000);
  });

  it("takes points of an older version, which say nothing of browser and network", async () => {
    analytics.write("chats", [{ indexes: ["page.injected"], blobs: ["page.injected", "", ""] }], NOW - 60);
    expect((await read()).pages).toBe(1);
  });

  it("says what Cloudflare says where nothing was ever counted", async () => {
    await expect(read()).rejects.toThrow("Cannot read chats: Cloudflare answered 422: unable to find dataset: chats");
  });
});

describe("the Worker's own query of browsers and reasons", () => {
  it("counts each network three times at most, of the failures that were asked for", async () => {
    const refused = { word: "start-refused", reason: "401" };
    const points = [...times(9, told("n1", refused)), told("n2", { ...refused, browser: "edge" }), told("n3")];
    analytics.write("chats", points, NOW - 60);
    expect(await readFailureDetails(access, SPAN, ["start-refused"], options)).toEqual([
      { outcome: "start-refused", reason: "401", browser: "safari", counted: 3 },
      { outcome: "start-refused", reason: "401", browser: "edge", counted: 1 },
    ]);
  });
});
