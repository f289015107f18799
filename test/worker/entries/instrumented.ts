// The product for tests. Through /__test they watch KV and make it fail, and move the clock. A test's server stands in for
// Amazon.
import { env, waitUntil } from "cloudflare:workers";
import browserPart from "../../../.connect/browser-part.txt";
import { createApp } from "../../../src/app.ts";
import { WATCH_SETTLE_MS } from "../../../src/limits.ts";

interface Control {
  /** What happens to KV calls: they work, fail, are never answered, or work although their answer is lost. */
  kv: "works" | "fails" | "hangs" | "loses answers";
  /** Which KV calls fail or hang. */
  kvCalls: "all" | "get" | "put";
  /** How many of these calls work before that. */
  kvSpares: number;
  /** How long each write to KV takes. */
  kvPutMs: number;
  /** "nothing": reads find nothing, as at a location that has cached the absence. */
  kvShows: "all" | "nothing";
  clockOffsetSeconds: number;
  /** "unbound": as after a deployment without its bindings. */
  mode: "configured" | "off" | "unbound";
  /** As after a deployment with these settings instead. */
  settings: Readonly<Record<string, string>>;
  /** Whether the rate limit works. */
  limit: "works" | "fails";
  /** How long every call waits before the product sees it. */
  delayMs: number;
  /** How much shorter the product's time limits for calls of other services are, and its wait for another run. */
  hurry: number;
  /** What the Worker takes for a random number; `null`: a random one. */
  random: number | null;
  /** The visitor's country by Cloudflare; `null`: not known, as here. */
  country: string | null;
}

interface Change extends Partial<Control> {
  /** Records to write to KV, as they are. */
  store?: Record<string, string>;
}

declare global {
  namespace Cloudflare {
    interface Env {
      VISITORS: KVNamespace;
      CHAT_LIMIT: RateLimit;
      /** The server that stands in for Amazon Connect's service API. */
      CONNECT_API_ORIGIN?: string;
      /** The server that stands in for Analytics Engine: it takes data points, and calls of Cloudflare's API. */
      ANALYTICS_ORIGIN?: string;
      /** The server that stands in for the hosts of webhooks. */
      ALERTS_ORIGIN?: string;
      /** One server in place of these two. */
      WATCH_ORIGIN?: string;
    }
  }
}

/** As in wrangler.toml. */
const DATASET = "persistent_chat_edge";
/** Number of the autonomous system that a request of a test comes from. */
const OPERATOR_HEADER = "x-test-asn";

const real = env.VISITORS;
const NORMAL: Control = {
  kv: "works",
  kvCalls: "all",
  kvSpares: 0,
  kvPutMs: 0,
  kvShows: "all",
  clockOffsetSeconds: 0,
  mode: "configured",
  settings: {},
  limit: "works",
  delayMs: 0,
  hurry: 1,
  random: null,
  country: null,
};
const control = { ...NORMAL };
const setTimeLimit = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (milliseconds) => setTimeLimit(milliseconds / control.hurry);
const setTimer = globalThis.setTimeout;
Object.assign(globalThis, {
  setTimeout: (work: () => void, milliseconds?: number) =>
    setTimer(work, milliseconds === WATCH_SETTLE_MS ? milliseconds / control.hurry : milliseconds),
});
let calls: string[] = [];
let counted: string[] = [];
/** Stays when everything else goes back to normal: the clock of the stand-in Connect has moved with it. */
let clockShiftSeconds = 0;

async function call<T>(kind: "get" | "put", key: string, work: () => Promise<T>): Promise<T> {
  calls.push(`${kind} ${key.replace(/:.*/s, "")}`);
  if (control.kv === "works" || (control.kvCalls !== "all" && control.kvCalls !== kind)) return work();
  if (control.kvSpares > 0) {
    control.kvSpares -= 1;
    return work();
  }
  if (control.kv === "loses answers") await work();
  if (control.kv !== "hangs") throw new Error("KV is down");
  return new Promise(() => undefined);
}

/** The product as configured, with these changes. */
const createAppWith = (changes: object) =>
  createApp({
    env: {
      ...env,
      METRICS: { writeDataPoint },
      VISITORS: {
        get: (keys: string[]) =>
          call("get", keys[0] ?? "", async () => (control.kvShows === "all" ? real.get(keys) : new Map())),
        put: (key: string, value: string, options: KVNamespacePutOptions) =>
          call("put", key, async () => {
            await scheduler.wait(control.kvPutMs);
            return real.put(key, value, options);
          }),
      },
      CHAT_LIMIT: {
        limit: (options: RateLimitOptions) =>
          control.limit === "works" ? env.CHAT_LIMIT.limit(options) : Promise.reject(new Error("No count today")),
      },
      ...changes,
    },
    browserPart,
    fetch: send,
    now: () => Math.floor(Date.now() / 1000 + clockShiftSeconds) + control.clockOffsetSeconds,
    random: () => control.random ?? Math.random(),
    waitUntil,
  });

function writeDataPoint(point: { blobs: string[] }): void {
  counted.push(point.blobs.join(" ").trim());
  if (env.ANALYTICS_ORIGIN === undefined) return;
  const body = JSON.stringify({ dataset: DATASET, points: [point] });
  waitUntil(fetch(`${env.ANALYTICS_ORIGIN}/points`, { method: "POST", body }));
}

/** Calls of other services go to the servers that stand in for them. */
function send(request: Request): Promise<Response> {
  const { host, pathname } = new URL(request.url);
  if (host.endsWith(".amazonaws.com")) return forward(request, env.CONNECT_API_ORIGIN, nameCall(pathname));
  if (host === "api.cloudflare.com") {
    return forward(request, env.ANALYTICS_ORIGIN ?? env.WATCH_ORIGIN, "query figures");
  }
  return WEBHOOK_HOST.test(host)
    ? forward(request, env.ALERTS_ORIGIN ?? env.WATCH_ORIGIN, "send alert")
    : fetch(request);
}

const WEBHOOK_HOST =
  /^hooks\.|^events\.(?:eu\.)?pagerduty\.com$|\.(?:logic\.azure|webhook\.office|powerplatform)\.com$/;

/** A header carries the host that was addressed, because a Worker cannot choose `Host`. */
async function forward(request: Request, origin: string | undefined, name: string): Promise<Response> {
  const { body, headers, method, redirect, signal, url } = request;
  const { host, pathname, search } = new URL(url);
  calls.push(name);
  if (origin === undefined) throw new Error(`${host} itself is not called in tests`);
  const forwarded = new Headers(headers);
  forwarded.set("x-addressed-host", host);
  return fetch(origin + pathname + search, { method, headers: forwarded, body, redirect, signal });
}

function nameCall(pathname: string): string {
  if (pathname.startsWith("/contacts/")) return "describe contact";
  if (pathname.startsWith("/contact/attributes/")) return "get attributes";
  if (pathname.startsWith("/contact/associated/")) return "list contacts";
  return pathname === "/contact/stop" ? "stop contact" : "link contact";
}

const MODES = { configured: {}, off: { MODE: "off" }, unbound: { VISITORS: undefined, CHAT_LIMIT: undefined } };

const apps = new Map<string, ReturnType<typeof createApp>>();

/** Creates the app once per deployment: as in an isolate, its memory stays. */
function currentApp(): ReturnType<typeof createApp> {
  const { mode, settings } = control;
  const deployment = JSON.stringify([mode, settings]);
  const app = apps.get(deployment) ?? createAppWith({ ...MODES[mode], ...settings });
  apps.set(deployment, app);
  return app;
}

export default {
  async fetch(request: Request): Promise<Response> {
    // Calls of pages have an Origin header: so no site in a developer's browser can reach this.
    if (new URL(request.url).pathname !== "/__test" || request.headers.has("origin")) {
      await scheduler.wait(control.delayMs);
      return currentApp().fetch(withPlace(request));
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
  scheduled: () => currentApp().scheduled(),
};

/** The request with what Cloudflare knows of where it comes from. A visitor's browser names its operator in a header. */
function withPlace(request: Request): Request {
  const { country } = control;
  const asn = request.headers.get(OPERATOR_HEADER);
  if (country === null && asn === null) return request;
  const placed = new Request(request, {
    cf: { ...(country !== null && { country }), ...(asn !== null && { asn: Number(asn) }) },
  });
  placed.headers.delete(OPERATOR_HEADER);
  return placed;
}

async function readAll(): Promise<Record<string, { value: string | null; expiration: number | null }>> {
  const { keys } = await real.list();
  const entries = keys.map(
    async (key) => [key.name, { value: await real.get(key.name), expiration: key.expiration ?? null }] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
