// The product with a KV in another process, so that stored records do not count as the Worker's memory.
import { env, waitUntil } from "cloudflare:workers";
import browserPart from "../../../.connect/browser-part.txt";
import { createApp } from "../../../src/app.ts";

declare global {
  namespace Cloudflare {
    interface Env {
      KV_ORIGIN: string;
    }
  }
}

const VISITORS = {
  async get(keys: string[]): Promise<Map<string, string | null>> {
    const answer = await fetch(env.KV_ORIGIN, { method: "POST", body: JSON.stringify(keys) });
    return new Map(Object.entries(await answer.json<Record<string, string | null>>()));
  },
  async put(key: string, value: string): Promise<void> {
    const answer = await fetch(`${env.KV_ORIGIN}/${encodeURIComponent(key)}`, { method: "PUT", body: value });
    await answer.text();
  },
};

const METRICS = {
  writeDataPoint({ blobs }: { blobs: string[] }): void {
    if (blobs[0] === "browser.outcome")
      waitUntil(fetch(env.KV_ORIGIN, { method: "PATCH" }).then((answer) => answer.text()));
  },
};

export default createApp({
  env: { ...env, METRICS, VISITORS },
  browserPart,
  fetch: (request) => fetch(request),
  now: () => Math.floor(Date.now() / 1000),
  random: Math.random,
  waitUntil,
});
