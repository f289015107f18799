import { createMiddleware } from "hono/factory";

/** Headers of our own answers, not of the site's: caches keep nothing unless the route says so, and browsers do not guess types. */
export const ownHeaders = createMiddleware(async (c, next) => {
  c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
  c.header("referrer-policy", "no-referrer");
  c.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  c.header("cross-origin-resource-policy", "same-origin");
  await next();
});
