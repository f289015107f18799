import * as v from "valibot";
import { runWrangler } from "./wrangler.ts";

/** Base address of Cloudflare's API; wrangler reads the same variable. */
export const CLOUDFLARE_API_URL = process.env["CLOUDFLARE_API_BASE_URL"] || "https://api.cloudflare.com/client/v4";

const credentialsSchema = v.union([
  v.pipe(
    v.object({ token: v.string() }),
    v.transform(({ token }) => ({ authorization: `Bearer ${token}` })),
  ),
  v.pipe(
    v.object({ key: v.string(), email: v.string() }),
    v.transform(({ key, email }) => ({ "x-auth-key": key, "x-auth-email": email })),
  ),
]);
const zonesSchema = v.object({ result: v.array(v.object({ id: v.string() })) });
const routesSchema = v.object({
  result: v.array(v.object({ pattern: v.string(), script: v.nullish(v.string()) })),
});
const errorsSchema = v.object({ errors: v.array(v.object({ message: v.string() })) });

/**
 * The zone of the owner's Cloudflare account for a host: a Route needs one.
 *
 * @returns Its id; `unknown` where the login lacks the permission to see zones.
 * Source: Cloudflare API reference, "List Zones".
 */
export async function findZone(hostname: string): Promise<{ readonly id: string } | "none" | "unknown"> {
  const labels = hostname.split(".");
  const names = labels.map((_label, index) => labels.slice(index).join("."));
  for (const name of names) {
    const response = await call(`/zones?name=${encodeURIComponent(name)}`);
    if (!response.ok) return "unknown";
    const [zone] = v.parse(zonesSchema, await response.json()).result;
    if (zone !== undefined) return zone;
  }
  return "none";
}

/** A Route of a zone. Without a `script`, its requests reach no Worker. */
export type ZoneRoute = v.InferOutput<typeof routesSchema>["result"][number];

/**
 * The Routes of a host's zone, of all Workers.
 *
 * @returns `null` where there is no such zone, or the login may not see it.
 * Source: Cloudflare API reference, "List Routes".
 */
export async function listZoneRoutes(hostname: string): Promise<readonly ZoneRoute[] | null> {
  const zone = await findZone(hostname);
  if (typeof zone === "string") return null;
  const response = await call(`/zones/${zone.id}/workers/routes`);
  return response.ok ? v.parse(routesSchema, await response.json()).result : null;
}

/**
 * Adds a Route without a Worker. Wrangler cannot: it gives each Route of wrangler.toml to the Worker.
 *
 * @throws {Error} With Cloudflare's reason.
 * Source: Cloudflare API reference, "Create Route"; Cloudflare Workers documentation, "Routes", "Matching behavior".
 */
export async function addRouteWithoutWorker(hostname: string, pattern: string): Promise<void> {
  const zone = await findZone(hostname);
  if (typeof zone === "string") throw new Error(`Cannot add the Route ${pattern}: your login sees no zone for it`);
  const response = await call(`/zones/${zone.id}/workers/routes`, { pattern });
  if (response.ok) return;
  const answer = v.safeParse(errorsSchema, await response.json().catch(() => null));
  const reasons = answer.success ? answer.output.errors.map(({ message }) => message).join(" ") : "";
  throw new Error(
    `Cannot add the Route ${pattern}: Cloudflare answered ${response.status} ${reasons}. Run setup again without it, or see .github/OPERATING.md, "What a Route costs".`,
  );
}

let credentials: Promise<v.InferOutput<typeof credentialsSchema>> | null = null;

async function readCredentials() {
  return v.parse(credentialsSchema, JSON.parse(await runWrangler(["auth", "token", "--json"])));
}

/** @param body What is to be created; without one, the call only reads. */
async function call(path: string, body?: object): Promise<Response> {
  credentials ??= readCredentials();
  const creation = { method: "POST", body: JSON.stringify(body) };
  return fetch(CLOUDFLARE_API_URL + path, {
    headers: { ...(await credentials), "content-type": "application/json" },
    ...(body !== undefined && creation),
  });
}
