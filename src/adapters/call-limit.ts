/**
 * Counts calls under a key, at one location of Cloudflare's.
 *
 * Source: Cloudflare Workers documentation, "Rate Limiting".
 */
export interface CallLimit {
  /** Counts one call. `success` is false when there were too many. */
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

export function isCallLimit(binding: unknown): binding is CallLimit {
  return typeof binding === "object" && binding !== null && "limit" in binding;
}
