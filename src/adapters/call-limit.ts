/**
 * Counts calls under a key, in one location of Cloudflare.
 *
 * Source: Cloudflare Workers documentation, "Rate Limiting".
 */
export interface CallLimit {
  /** Counts one call. `success` is false after too many calls. */
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

export function isCallLimit(binding: unknown): binding is CallLimit {
  return typeof binding === "object" && binding !== null && "limit" in binding;
}
