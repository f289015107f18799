import { beforeEach, describe, expect, it } from "vitest";
import { readWatchedHours } from "../../../src/adapters/figures.ts";
import { weighFailure } from "../../../src/core/watch/figures.ts";
import { useServer } from "../../worker/use-workers.ts";
import { startAnalytics } from "./analytics.ts";

const NOW = Date.UTC(2026, 10, 28, 12, 30) / 1000;
const WEEK = 7 * 86_400;
const access = { accountId: "account", apiToken: "token", dataset: "chats" };

const analytics = useServer(() => startAnalytics({ ...access, now: () => NOW }));
beforeEach(() => {
  analytics.clear();
  analytics.sample(1);
});

const page = { indexes: ["page.injected"], blobs: ["page.injected", "", "", "", "", "", ""] };
const failure = (network: string) => ({
  indexes: ["browser.outcome"],
  blobs: ["browser.outcome", "client-failed", "", "safari", "0.1.0", network, "a1"],
});
const token = (outcome: string) => ({ indexes: ["token.issued"], blobs: ["token.issued", outcome, "ended"] });
const times = <T>(count: number, point: T) => Array.from({ length: count }, () => point);

/** The Worker's calls go to Cloudflare's own address. */
const read = () =>
  readWatchedHours(access, NOW, (request) => {
    const { pathname } = new URL(request.url);
    return fetch(new Request(analytics.origin + pathname, request));
  });

describe("the Worker's own query", () => {
  it("reads the last hour and the same hour of the week before, and nothing beside them", async () => {
    analytics.write("chats", [...times(4, page), failure("n1"), failure("n2"), token("now"), token("none")], NOW - 60);
    analytics.write("chats", [...times(3, page), failure("n3")], NOW - WEEK - 3000);
    for (const time of [NOW - 3601, NOW - WEEK + 60, NOW - WEEK - 3601]) analytics.write("chats", [page], time);
    const { hour, weekBefore } = await read();
    expect(hour).toMatchObject({ pages: 4, tokens: 2, offered: 1 });
    expect(weighFailure(hour, "client-failed")).toEqual({ count: 2, networks: 2, operators: 1, largestOperator: 1 });
    expect([weekBefore.pages, weekBefore.failures.map(({ network }) => network)]).toEqual([3, ["n3"]]);
  });

  it("counts what a sample stands for", async () => {
    analytics.sample(10);
    analytics.write("chats", times(1000, page), NOW - 60);
    expect((await read()).hour.pages).toBe(1000);
  });

  it("takes points of an older version, which say nothing of browser and network", async () => {
    analytics.write("chats", [{ indexes: ["page.injected"], blobs: ["page.injected", "", ""] }], NOW - 60);
    expect((await read()).hour.pages).toBe(1);
  });

  it("says what Cloudflare says where nothing was ever counted", async () => {
    await expect(read()).rejects.toThrow("Cannot read chats: Cloudflare answered 422: unable to find dataset: chats");
  });
});
