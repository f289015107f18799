import { beforeEach, describe, expect, it } from "vitest";
import { useServer } from "../../worker/use-workers.ts";
import { startAnalytics } from "./analytics.ts";

let now = 1_800_000_000;
const analytics = useServer(() => startAnalytics({ accountId: "account", apiToken: "token", now: () => now }));
beforeEach(() => {
  now = 1_800_000_000;
  analytics.clear();
  analytics.sample(1);
});

const send = (points: unknown) =>
  fetch(`${analytics.origin}/points`, { method: "POST", body: JSON.stringify({ dataset: "chats", points }) });
const ask = (body: string, token = "token", account = "account") =>
  fetch(`${analytics.origin}/client/v4/accounts/${account}/analytics_engine/sql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body,
  });
const SUM = "SELECT sum(_sample_interval) AS n, count() AS kept FROM chats";
const sum = async () => (await (await ask(SUM)).json()).data;

describe("startAnalytics()", () => {
  it("answers a query on what was written, by its own clock", async () => {
    expect((await send([{ indexes: ["a"], blobs: ["a", "b"], doubles: [1] }, { blobs: ["c"] }])).status).toBe(204);
    now += 7200;
    await send([{ blobs: ["later"] }]);
    const answer = await ask("SELECT blob1, blob2 FROM chats WHERE timestamp < NOW() - INTERVAL '1' HOUR FORMAT JSON");
    expect(await answer.json()).toEqual({
      meta: [
        { name: "blob1", type: "String" },
        { name: "blob2", type: "String" },
      ],
      data: [
        { blob1: "a", blob2: "b" },
        { blob1: "c", blob2: "" },
      ],
      rows: 2,
    });
  });

  it.each([
    ["token", "other-account"],
    ["wrong", "account"],
  ])("refuses the token %s for %s", async (token, account) => {
    const answer = await ask(SUM, token, account);
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ success: false, errors: [{ code: 10_000, message: "Authentication error" }] }),
    ]);
  });

  it("answers a bad query with 422 and a message, and remembers it", async () => {
    const answer = await ask("SELECT uniq(blob1) AS n FROM chats");
    expect([answer.status, await answer.text()]).toEqual([422, "unable to find dataset: chats"]);
    await send([{ blobs: ["a"] }]);
    expect(await (await ask("SELECT uniq(blob1) AS n FROM chats")).text()).toBe("function uniq is not supported");
    expect(analytics.queries.at(-1)).toEqual({ query: "SELECT uniq(blob1) AS n FROM chats", status: 422 });
  });

  it("keeps one point of ten of each index, where it samples", async () => {
    analytics.sample(10);
    await send(Array.from({ length: 20 }, () => ({ indexes: ["often"], blobs: ["x"] })));
    await send([{ indexes: ["seldom"], blobs: ["y"] }]);
    expect(await sum()).toEqual([{ n: "30", kept: "3" }]);
  });

  it("takes the largest point that is allowed", async () => {
    const blobs = ["x".repeat(16 * 1024 - 19), ...Array.from({ length: 19 }, () => "y")];
    const doubles = Array.from({ length: 20 }, () => 1);
    expect((await send([{ indexes: ["ä".repeat(48)], blobs, doubles }])).status).toBe(204);
  });

  it.each([
    [{ indexes: ["a", "b"] }, "a data point has at most one index"],
    [{ indexes: ["ä".repeat(49)] }, "an index has at most 96 bytes"],
    [{ blobs: Array.from({ length: 21 }, () => "x") }, "a data point has at most 20 blobs"],
    [{ blobs: ["x".repeat(16 * 1024), "y"] }, "the blobs of a data point have at most 16384 bytes"],
    [{ blobs: [1] }, "a blob is text"],
    [{ doubles: Array.from({ length: 21 }, () => 1) }, "a data point has at most 20 doubles"],
    [{ doubles: ["1"] }, "a double is a number"],
  ])("refuses a point that Cloudflare would not take, and keeps the reason (%#)", async (point, reason) => {
    const answer = await send([point]);
    expect([answer.status, await answer.text(), analytics.refused.at(-1)]).toEqual([400, reason, reason]);
  });
});
