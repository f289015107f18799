/**
 * Forbids every cache to keep an answer that is for one visitor, also the caches that obey headers of their own.
 *
 * Source: RFC 9111 §5.2.2.5, RFC 9213 (targeted cache control), Edge Architecture Specification (Surrogate-Control).
 */
export function forbidKeeping(headers: Headers): void {
  const targeted = [...headers.keys()].filter((name) => /cdn-cache-control$|^surrogate-control$|^expires$/.test(name));
  for (const name of targeted) headers.delete(name);
  headers.set("cache-control", "private, no-store");
}
