// The product with a KV that can be watched and made to fail, and a clock that can be moved: through /__test.
import { env } from "cloudflare:workers";
import browserPart from "../../../.connect/browser-part.txt";
import { createApp } from "../../../src/app.ts";

interface Control {
  /** What happens to KV calls: they work, fail, or are never answered. */
  kv: "works" | "fails" | "hangs";
  /** Which calls that concerns. */
  kvCalls: "all" | "get" | "put";
  clockOffsetSeconds: number;
}

declare global {
  namespace Cloudflare {
    interface Env {
      VISITORS: KVNamespace;
    }
  }
}

const real = env.VISITORS;
const control: Control = { kv: "works", kvCalls: "all", clockOffsetSeconds: 0 };
let calls: string[] = [];

async function call<T>(kind: "get" | "put", key: string, work: () => Promise<T>): Promise<T> {
  calls.push(`${kind} ${key.replace(/:.*/s, "")}`);
  if (control.kv === "works" || (control.kvCalls !== "all" && control.kvCalls !== kind)) return work();
  if (control.kv === "fails") throw new Error("KV is down");
  return new Promise(() => undefined);
}

const app = createApp({
  env: {
    ...env,
    VISITORS: {
      get: (key: string) => call("get", key, () => real.get(key)),
      put: (key: string, value: string, options: KVNamespacePutOptions) =>
        call("put", key, () => real.put(key, value, options)),
    },
  },
  browserPart,
  fetch: (request) => fetch(request),
  now: () => Math.floor(Date.now() / 1000) + control.clockOffsetSeconds,
});

export default {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== "/__test") return app.fetch(request);
    if (request.method === "POST") {
      Object.assign(control, { kv: "works", kvCalls: "all", clockOffsetSeconds: 0 }, await request.json());
      calls = [];
    }
    return Response.json({ calls, stored: await readAll() });
  },
};

async function readAll(): Promise<Record<string, { value: string | null; expiration: number | null }>> {
  const { keys } = await real.list();
  const entries = keys.map(
    async (key) => [key.name, { value: await real.get(key.name), expiration: key.expiration ?? null }] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
