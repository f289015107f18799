import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type VisitorNamespace } from "../../../src/adapters/visitor-store.ts";
import { createWranglerKv } from "../../../src/cli/visitor/wrangler-kv.ts";

// Tests talk to this machine only.
process.env["WRANGLER_SEND_METRICS"] = "false";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wrangler-kv-test-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

const ttl = { expirationTtl: 3600 };

const read = async (kv: VisitorNamespace, key: string) => (await kv.get([key])).get(key);

describe("createWranglerKv() on this machine's storage", () => {
  const local = () =>
    createWranglerKv({ binding: "VISITORS", environment: null, isLocal: true, persistTo: join(folder, "kv") });

  it("gives back what was put, byte for byte", async () => {
    const value = `{"text":"é \\"quoted\\" $HOME 'and' more\\n"}\n`;
    await local().put("visitor:a", value, ttl);
    expect(await read(local(), "visitor:a")).toBe(value);
  });

  it("takes a value that is too long for an argument", async () => {
    const value = "x".repeat(300_000);
    await local().put("visitor:b", value, ttl);
    expect(await read(local(), "visitor:b")).toBe(value);
  });

  it("gives null for a missing key", async () => {
    expect(await read(local(), "visitor:missing")).toBeNull();
  });

  it("leaves no file with the value behind", async () => {
    vi.stubEnv("TMPDIR", folder);
    await local().put("visitor:c", "secret", ttl);
    expect((await readdir(folder)).filter((name) => name.startsWith("persistent-chat-edge-"))).toEqual([]);
  });

  it("does not read the top level for an environment that wrangler.toml lacks", async () => {
    const kv = createWranglerKv({
      binding: "VISITORS",
      environment: "nope",
      isLocal: true,
      persistTo: join(folder, "kv"),
    });
    await expect(read(kv, "visitor:a")).rejects.toThrow('No environment found in configuration with name "nope".');
  });

  it("passes on what wrangler says of an unknown binding, in one line", async () => {
    const kv = createWranglerKv({ binding: "NOPE", environment: null, isLocal: true, persistTo: null });
    await expect(read(kv, "visitor:a")).rejects.toThrow(/^No KV namespace with binding "NOPE" was found[^\n]*$/);
  });
});

/** Cloudflare's API as far as wrangler needs it here; answers by key. Source: Cloudflare API, "Workers KV Namespace". */
class StandInApi {
  readonly requests: { readonly method: string; readonly url: string; readonly body: string }[] = [];
  values: Record<string, string> = {};
  hasNamespace = true;
  status = 200;
  #server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const url = request.url ?? "";
    this.requests.push({ method: request.method ?? "", url, body });
    const { status, content } = this.#answer(request.method ?? "", url);
    response.writeHead(status, { "content-type": "application/json" }).end(content);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot stand in for the API: no port");
    return `http://127.0.0.1:${address.port}/client/v4`;
  }

  close(): void {
    this.#server.close();
  }

  #answer(method: string, url: string) {
    if (this.status !== 200) return { status: this.status, content: renderErrors(10000, "Authentication error") };
    if (!this.hasNamespace) return { status: 404, content: renderErrors(10013, "get: 'namespace not found'") };
    const key = /\/values\/([^?]+)/.exec(url)?.[1];
    if (method !== "GET" || key === undefined) {
      return { status: 200, content: JSON.stringify({ result: [], success: true, errors: [], messages: [] }) };
    }
    const value = this.values[decodeURIComponent(key)];
    return value === undefined
      ? { status: 404, content: renderErrors(10009, "get: 'key not found'") }
      : { status: 200, content: value };
  }
}

function renderErrors(code: number, message: string): string {
  return JSON.stringify({ result: null, success: false, errors: [{ code, message }], messages: [] });
}

describe("createWranglerKv() on Cloudflare's storage", () => {
  let api: StandInApi;
  const remote = createWranglerKv({ binding: "VISITORS", environment: null, isLocal: false, persistTo: null });

  const start = async () => {
    api = new StandInApi();
    vi.stubEnv("CLOUDFLARE_API_BASE_URL", await api.start());
    vi.stubEnv("CLOUDFLARE_API_TOKEN", "token-of-the-owner");
    vi.stubEnv("CLOUDFLARE_ACCOUNT_ID", "account");
    return api;
  };
  afterEach(() => api.close());

  it("reads a value and nothing around it", async () => {
    (await start()).values = { "visitor:a": '{"v":1}' };
    expect(await read(remote, "visitor:a")).toBe('{"v":1}');
  });

  it("writes a value with its life in seconds", async () => {
    await start();
    await remote.put("visitor:a", '{"v":1}', ttl);
    expect(api.requests).toEqual([
      { method: "PUT", url: expect.stringMatching(/\/values\/visitor%3Aa\?expiration_ttl=3600$/), body: '{"v":1}' },
    ]);
  });

  it("gives null for a missing key", async () => {
    await start();
    expect(await read(remote, "visitor:missing")).toBeNull();
  });

  it("does not take a missing namespace for a missing key", async () => {
    (await start()).hasNamespace = false;
    await expect(read(remote, "visitor:a")).rejects.toThrow("'namespace not found' [code: 10013]");
  });

  it("passes a refusal on without the token", async () => {
    (await start()).status = 403;
    const failure = await read(remote, "visitor:a").catch(String);
    expect(failure).toMatch(/ - 403: Forbidden$/);
    expect(failure).not.toContain("token-of-the-owner");
  });

  it("says how to log in where nobody is", async () => {
    await start();
    vi.stubEnv("CLOUDFLARE_API_TOKEN", undefined);
    vi.stubEnv("HOME", folder);
    vi.stubEnv("XDG_CONFIG_HOME", folder);
    await expect(read(remote, "visitor:a")).rejects.toThrow(/CLOUDFLARE_API_TOKEN.*npx wrangler login$/);
    expect(api.requests).toEqual([]);
  });
});
