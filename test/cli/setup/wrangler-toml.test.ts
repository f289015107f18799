import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { editWranglerToml, readNamespaceId } from "../../../src/cli/setup/wrangler-toml.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wrangler-toml-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const readDelivered = () => readFile(join(import.meta.dirname, "../../../wrangler.toml"), "utf8");

/** wrangler.toml with its commented settings in force. */
async function readUncommented(env?: string) {
  const text = await readDelivered();
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

describe("editWranglerToml()", () => {
  const edit = (text: string, routeHost: string | null) =>
    editWranglerToml(text, { variables: {}, routeHost, namespaceId: null });

  it("puts the Route in, and takes it out again for an address on workers.dev", async () => {
    const onCloudflare = edit(await readDelivered(), "www.example.com");
    expect(onCloudflare).toContain('\nroutes = ["www.example.com/*"]\n');
    const elsewhere = edit(onCloudflare, null);
    expect(elsewhere).toContain('\n# routes = ["www.example.com/*"]\n');
    expect(elsewhere).toContain("\nworkers_dev = true\n");
    expect(edit(elsewhere, "www.example.com")).toBe(onCloudflare);
  });

  it("leaves the owner's own list of routes where the site is among them, and takes all of it out", async () => {
    const list = 'routes = [\n  "www.example.com/*",\n  { pattern = "b.example.com/*", zone_name = "example.com" }\n]';
    const text = (await readDelivered()).replace(/^# routes = .*$/m, list);
    expect(edit(text, "www.example.com")).toBe(text);
    expect(edit(text, "c.example.com")).toContain('\nroutes = ["c.example.com/*"]\n\n');
    expect(edit(text, null)).toContain(list.replaceAll(/^/gm, "# "));
  });

  it("edits a file in another style, and keeps every other byte of it", () => {
    const text = [
      "workers_dev=true#no Route yet",
      "vars.MODE='on' # a dotted key",
      "[other]",
      'MODE = "kept"',
      "  [[ kv_namespaces ]]",
      "  id = '00000000000000000000000000000000' # to be filled in",
      "  binding = 'VISITORS'",
      "[[kv_namespaces]]",
      'binding = "OTHER"',
      'id = "other"',
      "[env.staging.vars]",
      "MODE = 'preview'",
      "",
    ].join("\n");
    const edited = editWranglerToml(text, {
      variables: { MODE: "off" },
      routeHost: "www.example.com",
      namespaceId: "0123",
    });
    const changed = text
      .replace("workers_dev=true", 'routes = ["www.example.com/*"]\nworkers_dev=false')
      .replace("vars.MODE='on'", 'vars.MODE="off"')
      .replace("'00000000000000000000000000000000'", '"0123"');
    expect(edited).toBe(changed);
    expect(readNamespaceId(text)).toBeNull();
    expect(readNamespaceId(edited)).toBe("0123");
  });

  it("names the setting that the file lacks", () => {
    const changes = { variables: { WIDGET_ID: "x" }, routeHost: null, namespaceId: null };
    expect(() => editWranglerToml('workers_dev = true\n[vars]\nMODE = "on"\n', changes)).toThrow(
      "Cannot change wrangler.toml: it has no line for vars.WIDGET_ID",
    );
  });
});
