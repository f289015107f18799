// The product with a KV in its own memory: workerd alone has no KV.
import { env } from "cloudflare:workers";
import browserPart from "../../../.connect/browser-part.txt";
import { createApp } from "../../../src/app.ts";

const records = new Map<string, string>();

const app = createApp({
  env: {
    ...env,
    VISITORS: {
      get: async (keys: readonly string[]) => new Map(keys.map((key) => [key, records.get(key) ?? null])),
      put: async (key: string, value: string) => void records.set(key, value),
    },
  },
  browserPart,
  fetch: (request) => fetch(request),
  now: () => Math.floor(Date.now() / 1000),
  random: Math.random,
  waitUntil: (work) => void work,
});

export default { fetch: (request: Request) => app.fetch(request) };
