// The product with a KV that can be watched and made to fail, a clock that can be moved (both through /__test),
// and an Amazon that is elsewhere.
import { env, waitUntil } from "cloudflare:workers";
import browserPart from "../../../.connect/browser-part.txt";
import { createApp } from "../../../src/app.ts";

interface Control {
  /** What happens to KV calls: they work, fail, or are never answered. */
  kv: "works" | "fails" | "hangs";
  /** Which calls that concerns. */
  kvCalls: "all" | "get" | "put";
  /** "nothing": reads find nothing, as at a location that has cached that. */
  kvShows: "all" | "nothing";
  clockOffsetSeconds: number;
  /** "unbound": as after a deployment without its bindings. */
  mode: "configured" | "off" | "unbound";
  /** As after a deployment with these instead. */
  settings: Readonly<Record<string, string>>;
  /** What happens when calls are counted. */
  limit: "works" | "fails";
  /** How long every call waits before the product sees it. */
  delayMs: number;
}

interface Change extends Partial<Control> {
  /** Written to KV as it is. */
  store?: Record<string, string>;
}

declare global {
  namespace Cloudflare {
    interface Env {
      VISITORS: KVNamespace;
      CHAT_LIMIT: RateLimit;
      /** Where calls for Amazon Connect's service API go instead. */
      CONNECT_API_ORIGIN?: string;
    }
  }
}

const real = env.VISITORS;
const NORMAL: Control = {
  kv: "works",
  kvCalls: "all",
  kvShows: "all",
  clockOffsetSeconds: 0,
  mode: "configured",
  settings: {},
  limit: "works",
  delayMs: 0,
};
const control = { ...NORMAL };
let calls: string[] = [];
let counted: string[] = [];
/** Stays when the rest goes back to normal: a stand-in's clock has been moved with it. */
let clockShiftSeconds = 0;

async function call<T>(kind: "get" | "put", key: string, work: () => Promise<T>): Promise<T> {
  calls.push(`${kind} ${key.replace(/:.*/s, "")}`);
  if (control.kv === "works" || (control.kvCalls !== "all" && control.kvCalls !== kind)) return work();
  if (control.kv === "fails") throw new Error("KV is down");
  return new Promise(() => undefined);
}

/** The product as it is configured, but for this. */
const createAppWith = (changes: object) =>
  createApp({
    env: {
      ...env,
      METRICS: { writeDataPoint: ({ blobs }: { blobs: string[] }) => void counted.push(blobs.join(" ").trim()) },
      VISITORS: {
        get: (keys: string[]) =>
          call("get", keys[0] ?? "", async () => (control.kvShows === "all" ? real.get(keys) : new Map())),
        put: (key: string, value: string, options: KVNamespacePutOptions) =>
          call("put", key, () => real.put(key, value, options)),
      },
      CHAT_LIMIT: {
        limit: (options: RateLimitOptions) =>
          control.limit === "works" ? env.CHAT_LIMIT.limit(options) : Promise.reject(new Error("No count today")),
      },
      ...changes,
    },
    browserPart,
    fetch: (request) => (isForAmazon(request) ? callAmazon(request) : fetch(request)),
    now: () => Math.floor(Date.now() / 1000 + clockShiftSeconds) + control.clockOffsetSeconds,
    waitUntil,
  });

const isForAmazon = ({ url }: Request) => new URL(url).host.endsWith(".amazonaws.com");

/** The address that was signed travels in a header: a Worker cannot choose `Host`. */
async function callAmazon({ headers, method, signal, url }: Request): Promise<Response> {
  const { host, pathname, search } = new URL(url);
  calls.push("describe contact");
  if (env.CONNECT_API_ORIGIN === undefined) throw new Error("Amazon itself is not called in tests");
  const forwarded = new Headers(headers);
  forwarded.set("x-addressed-host", host);
  return fetch(env.CONNECT_API_ORIGIN + pathname + search, { method, headers: forwarded, signal });
}

const MODES = { configured: {}, off: { MODE: "off" }, unbound: { VISITORS: undefined, CHAT_LIMIT: undefined } };

const apps = new Map<string, ReturnType<typeof createApp>>();

/** Made once, as in an isolate: what it remembers stays. */
function currentApp(): ReturnType<typeof createApp> {
  const { mode, settings } = control;
  const deployment = JSON.stringify([mode, settings]);
  const app = apps.get(deployment) ?? createAppWith({ ...MODES[mode], ...settings });
  apps.set(deployment, app);
  return app;
}

export default {
  async fetch(request: Request): Promise<Response> {
    // A page's own call has an Origin: while someone plays with this, no other site can.
    if (new URL(request.url).pathname !== "/__test" || request.headers.has("origin")) {
      await scheduler.wait(control.delayMs);
      return currentApp().fetch(request);
    }
    if (request.method === "PATCH") {
      ({ clockShiftSeconds } = await request.json<{ clockShiftSeconds: number }>());
    } else if (request.method === "POST") {
      const { store = {}, ...changes }: Change = await request.json();
      Object.assign(control, NORMAL, changes);
      for (const [key, value] of Object.entries(store)) await real.put(key, value);
      calls = [];
      counted = [];
    }
    return Response.json({ calls, counted, stored: await readAll() });
  },
};

async function readAll(): Promise<Record<string, { value: string | null; expiration: number | null }>> {
  const { keys } = await real.list();
  const entries = keys.map(
    async (key) => [key.name, { value: await real.get(key.name), expiration: key.expiration ?? null }] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
