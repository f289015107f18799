import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unstable_readConfig as readWranglerConfig } from "wrangler";
import { editWranglerToml } from "../../../src/cli/setup/wrangler-toml.ts";

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

  it("turns the delivered comment into a Route, and into a comment again for an address on workers.dev", async () => {
    const onCloudflare = edit(await readDelivered(), "www.example.com");
    expect(onCloudflare).toContain('\nroutes = ["www.example.com/*"]\n');
    const elsewhere = edit(onCloudflare, null);
    expect(elsewhere).toContain('\n# routes = ["www.example.com/*"]\n');
    expect(elsewhere).toContain("\nworkers_dev = true\n");
    expect(edit(elsewhere, "www.example.com")).toBe(onCloudflare);
  });

  it("keeps the owner's own list of routes where the site is in the list, and comments out the whole list", async () => {
    const list = 'routes = [\n  "www.example.com/*",\n  { pattern = "b.example.com/*", zone_name = "example.com" }\n]';
    const text = (await readDelivered()).replace(/^# routes = .*$/m, list);
    expect(edit(text, "www.example.com")).toBe(text);
    expect(edit(text, "b.example.com")).toBe(text);
    expect(edit(text, "c.example.com")).toContain('\nroutes = ["c.example.com/*"]\n\n');
    const commented = edit(text, null);
    expect(commented).toContain(list.replaceAll(/^/gm, "# "));
    expect(edit(commented, "c.example.com")).toBe(edit(text, "c.example.com"));
  });

  it("adds a Route where the top level has none, not even as a comment", () => {
    const staging = '[env.staging]\n# routes = ["staging.example.com/*"]\n';
    expect(edit(`name = "x"\nworkers_dev = true\n${staging}`, "www.example.com")).toBe(
      `name = "x"\nroutes = ["www.example.com/*"]\nworkers_dev = false\n${staging}`,
    );
  });

  it("edits a reformatted file, and keeps every comment and every other byte", () => {
    const text = `# 🫖 workers_dev = true\r
workers_dev=true# no space\r
  routes=[
  'old.example.com/*', # ]
] # ours
kv_namespaces=[{id='1',binding='OTHER'},
  { id='0', binding='VISITORS' }, # ids
]
[ env . staging . vars ]
ORIGIN_URL='https://staging.example.com'
[vars] # CONNECT_REGION = 'us-east-1'
'CONNECT_REGION'='us-east-1'
WIDGET_ID   =   '''
old
''' # 'widget'
ORIGIN_URL=''
[env.staging]
routes = ['old.example.com/*']
workers_dev=true
kv_namespaces=[{id='0',binding='VISITORS'}]`;
    const variables = { ORIGIN_URL: "", WIDGET_ID: 'wid"get', CONNECT_REGION: "eu-central-1" };
    expect(editWranglerToml(text, { variables, routeHost: "www.example.com", namespaceId: "f" })).toBe(
      text
        .replace("\nworkers_dev=true", "\nworkers_dev=false")
        .replace("[\n  'old.example.com/*', # ]\n]", '["www.example.com/*"]')
        .replace("'0'", '"f"')
        .replace("='us-east-1'", '="eu-central-1"')
        .replace("'''\nold\n'''", String.raw`"wid\"get"`),
    );
  });

  it.each([
    ["with the id before the binding", '[[kv_namespaces]]\nid="0"\nbinding="VISITORS"\n[vars]\nMODE="on"'],
    ["with dotted keys", 'kv_namespaces=[{binding="VISITORS",id="0"}]\nvars.MODE="on"'],
    ["as inline tables", 'vars={MODE="on"}\n[[kv_namespaces]]\nbinding="VISITORS"\nid="0"'],
  ])("finds settings that are written %s", (_what, settings) => {
    const text = `workers_dev=true\n${settings}`;
    expect(editWranglerToml(text, { variables: { MODE: "off" }, routeHost: null, namespaceId: "1" })).toBe(
      text.replace('"on"', '"off"').replace('"0"', '"1"'),
    );
  });

  it.each([
    ["without a variable", "workers_dev=true", "it has no line for vars.MODE"],
    ["without workers_dev", "vars.MODE=''", "it has no line for workers_dev"],
    ["without the KV namespace", "workers_dev=true\nvars.MODE=''", "it has no line for the KV namespace VISITORS"],
    [
      "without the id of the KV namespace",
      "workers_dev=true\nvars.MODE=''\nkv_namespaces=[{binding='VISITORS'}]",
      "it has no line for kv_namespaces.0.id",
    ],
    [
      "with routes in tables",
      "workers_dev=true\n[[routes]]\npattern='b.example.com/*'",
      "expected routes = [ … ], found [[routes]]",
    ],
    [
      "with one route",
      "route='b.example.com/*'\nworkers_dev=true\nvars.MODE=''",
      "expected routes = [ … ], found route = …",
    ],
    [
      "with one route in a table",
      "route={pattern='b.example.com/*'}\nworkers_dev=true\nvars.MODE=''",
      "expected routes = [ … ], found route = …",
    ],
  ])("refuses a file %s", (_what, text, message) => {
    const changes = { variables: { MODE: "on" }, routeHost: "www.example.com", namespaceId: "1" };
    expect(() => editWranglerToml(text, changes)).toThrow(`Cannot change wrangler.toml: ${message}`);
  });

  it("takes a sentence about routes for no list of routes", () => {
    const words = "# routes = [ see the docs: it is\n# a list ] and so on\n";
    const changes = { variables: {}, routeHost: "a.example", namespaceId: null };
    expect(editWranglerToml(`${words}workers_dev = true\n`, changes)).toBe(
      `${words}routes = ["a.example/*"]\nworkers_dev = false\n`,
    );
  });

  it("keeps a byte order mark in front", () => {
    const changes = { variables: { MODE: "on" }, routeHost: null, namespaceId: null };
    expect(editWranglerToml("\ufeffworkers_dev=true\nvars.MODE=''\n", changes)).toBe(
      '\ufeffworkers_dev=true\nvars.MODE="on"\n',
    );
  });

  it("makes a list of several lines a comment in a file with CRLF, and the file stays TOML", () => {
    const text = 'routes = [\r\n  "a.example/*",\r\n]\r\nworkers_dev = false\r\n';
    const edited = editWranglerToml(text, { variables: {}, routeHost: null, namespaceId: null });
    expect(edited).toBe('# routes = [\r\n#   "a.example/*",\r\n# ]\r\nworkers_dev = true\r\n');
  });

  it.each([
    ["a path", 'routes = [{ pattern = "www.example.com/shop/*", zone_name = "example.com" }, "api.example.com/*"]'],
    ["a protocol", 'routes = ["https://www.example.com/*"]'],
    ["a domain of its own", "routes = [{ pattern = 'www.example.com', custom_domain = true }]"],
  ])("keeps the owner's Route with %s", (_what, routes) => {
    const text = `${routes}\nworkers_dev = false\n`;
    const changes = { variables: {}, routeHost: "www.example.com", namespaceId: null };
    expect(editWranglerToml(text, changes)).toBe(text);
  });
});
