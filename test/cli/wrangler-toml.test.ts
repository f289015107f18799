import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unstable_readConfig as readWranglerConfig } from "wrangler";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wrangler-toml-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** wrangler.toml with its commented settings in force. */
async function readUncommented(env?: string) {
  const text = await readFile(join(import.meta.dirname, "../../wrangler.toml"), "utf8");
  const path = join(folder, "wrangler.toml");
  await writeFile(path, text.replace(/^# (?=\[|[a-z_]+ = )/gm, ""));
  return readWranglerConfig({ config: path, env }, { hideWarnings: true });
}

describe("wrangler.toml", () => {
  it("has a staging that lacks nothing the Worker needs", async () => {
    const { name, vars, kv_namespaces: stores, ratelimits } = await readUncommented("staging");
    expect(name).toBe("persistent-chat-edge-staging");
    expect(vars).toEqual({ ORIGIN_URL: "https://staging.example.com" });
    expect(stores).toEqual([expect.objectContaining({ binding: "VISITORS" })]);
    expect(ratelimits).toEqual([expect.objectContaining({ name: "CHAT_LIMIT", simple: { limit: 30, period: 60 } })]);
  });

  it("counts in production once its comment marks are taken away", async () => {
    const { analytics_engine_datasets: datasets, routes } = await readUncommented();
    expect(datasets).toEqual([{ binding: "METRICS", dataset: "persistent_chat_edge" }]);
    expect(routes).toEqual([{ pattern: "www.example.com/*", zone_name: "example.com" }]);
  });
});
