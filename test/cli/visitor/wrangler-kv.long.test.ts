import { readdir } from "node:fs/promises";
import { type IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type VisitorNamespace } from "../../../src/adapters/visitor-store.ts";
import { createWranglerKv } from "../../../src/cli/visitor/wrangler-kv.ts";
import { startWatchedServer, type WatchedServer } from "../../attacks/watched-server.ts";
import { useFolder } from "../use-folder.ts";

// Otherwise wrangler sends statistics to the internet.
process.env["WRANGLER_SEND_METRICS"] = "false";

const folder = useFolder();
afterEach(() => {
  vi.unstubAllEnvs();
});

const ttl = { expirationTtl: 3600 };

const read = async (kv: VisitorNamespace, key: string) => (await kv.get([key])).get(key);

describe("createWranglerKv() on this machine's storage", () => {
  const local = () =>
    createWranglerKv({ binding: "VISITORS", environment: null, isLocal: true, persistTo: join(folder.path, "kv") });

  it("gives back a value, byte for byte", async () => {
    const value = `{"text":"é \\"quoted\\" $HOME 'and' more\\n"}\n`;
    await local().put("visitor:a", value, ttl);
    expect(await read(local(), "visitor:a")).toBe(value);
  });

  it("stores a value that is too long for an argument", async () => {
    const value = "x".repeat(300_000);
    await local().put("visitor:b", value, ttl);
    expect(await read(local(), "visitor:b")).toBe(value);
  });

  it("gives null for a missing key", async () => {
    expect(await read(local(), "visitor:missing")).toBeNull();
  });

  it("leaves no file with the value", async () => {
    vi.stubEnv("TMPDIR", folder.path);
    await local().put("visitor:c", "secret", ttl);
    expect((await readdir(folder.path)).filter((name) => name.startsWith("persistent-chat-edge-"))).toEqual([]);
  });

  it("fails for an environment that wrangler.toml lacks, and does not read the top level", async () => {
    const kv = createWranglerKv({
      binding: "VISITORS",
      environment: "nope",
      isLocal: true,
      persistTo: join(folder.path, "kv"),
    });
    await expect(read(kv, "visitor:a")).rejects.toThrow('No environment found in configuration with name "nope".');
  });

  it("passes on wrangler's message about an unknown binding, in one line", async () => {
    const kv = createWranglerKv({ binding: "NOPE", environment: null, isLocal: true, persistTo: null });
    await expect(read(kv, "visitor:a")).rejects.toThrow(/^No KV namespace with binding "NOPE" was found[^\n]*$/);
  });
});

describe("createWranglerKv() on Cloudflare's storage", () => {
  const remote = createWranglerKv({ binding: "VISITORS", environment: null, isLocal: false, persistTo: null });

  let api: WatchedServer;
  let isAllowed: boolean;
  /** The values in the namespace, by key; `null`: there is no namespace. */
  let stored: Record<string, string> | null;

  beforeEach(async () => {
    isAllowed = true;
    stored = {};
    api = await startWatchedServer(async (request, response) => {
      const { status, content } = answer(request, await text(request));
      response.writeHead(status, { "content-type": "application/json" }).end(content);
    });
    vi.stubEnv("CLOUDFLARE_API_BASE_URL", `${api.origin}/client/v4`);
    vi.stubEnv("CLOUDFLARE_API_TOKEN", "token-of-the-owner");
    vi.stubEnv("CLOUDFLARE_ACCOUNT_ID", "account");
  });
  afterEach(() => api.close());

  /** Source: Cloudflare API, "Workers KV Namespace". */
  function answer({ method, url = "" }: IncomingMessage, body: string) {
    const refuse = (status: number, code: number, message: string) => ({
      status,
      content: JSON.stringify({ result: null, success: false, errors: [{ code, message }], messages: [] }),
    });
    if (!isAllowed) return refuse(403, 10000, "Authentication error");
    if (stored === null) return refuse(404, 10013, "get: 'namespace not found'");
    const key = decodeURIComponent(/\/values\/([^?]+)/.exec(url)?.[1] ?? "");
    if (method === "PUT") stored[key] = body;
    if (method !== "GET" || key === "") {
      return { status: 200, content: JSON.stringify({ result: [], success: true, errors: [], messages: [] }) };
    }
    const content = stored[key];
    return content === undefined ? refuse(404, 10009, "get: 'key not found'") : { status: 200, content };
  }

  it("reads a value, exactly as stored", async () => {
    stored = { "visitor:a": '{"v":1}' };
    expect(await read(remote, "visitor:a")).toBe('{"v":1}');
  });

  it("writes a value with its life in seconds", async () => {
    await remote.put("visitor:a", '{"v":1}', ttl);
    expect(stored).toEqual({ "visitor:a": '{"v":1}' });
    expect(api.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      expect.stringMatching(/^PUT .*\/values\/visitor%3Aa\?expiration_ttl=3600$/),
    ]);
  });

  it("gives null for a missing key", async () => {
    expect(await read(remote, "visitor:missing")).toBeNull();
  });

  it("tells a missing namespace from a missing key", async () => {
    stored = null;
    await expect(read(remote, "visitor:a")).rejects.toThrow("'namespace not found' [code: 10013]");
  });

  it("passes on a refusal, without the token", async () => {
    isAllowed = false;
    const failure = await read(remote, "visitor:a").catch(String);
    expect(failure).toMatch(/ - 403: Forbidden$/);
    expect(failure).not.toContain("token-of-the-owner");
  });

  it("says how to log in if nobody is logged in", async () => {
    vi.stubEnv("CLOUDFLARE_API_TOKEN", undefined);
    vi.stubEnv("HOME", folder.path);
    vi.stubEnv("XDG_CONFIG_HOME", folder.path);
    await expect(read(remote, "visitor:a")).rejects.toThrow(/CLOUDFLARE_API_TOKEN.*npx wrangler login$/);
    expect(api.asked).toEqual([]);
  });
});
