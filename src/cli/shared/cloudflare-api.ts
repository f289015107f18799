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

/**
 * Whether the owner's Cloudflare account has a zone for a host: a Route needs one.
 *
 * @returns `null` where the login lacks the permission to see zones.
 * Source: Cloudflare API reference, "List Zones".
 */
export async function hasZone(hostname: string): Promise<boolean | null> {
  const headers = v.parse(credentialsSchema, JSON.parse(await runWrangler(["auth", "token", "--json"])));
  const labels = hostname.split(".");
  const names = labels.map((_label, index) => labels.slice(index).join("."));
  for (const name of names) {
    const response = await fetch(`${CLOUDFLARE_API_URL}/zones?name=${encodeURIComponent(name)}`, { headers });
    if (!response.ok) return null;
    if (v.parse(zonesSchema, await response.json()).result.length > 0) return true;
  }
  return false;
}
