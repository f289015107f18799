import { createMiddleware } from "hono/factory";

/** Headers of our own answers, never of the site's: not kept unless the route says so, and only what they claim to be. */
export const ownHeaders = createMiddleware(async (c, next) => {
  c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
  c.header("referrer-policy", "no-referrer");
  c.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  c.header("cross-origin-resource-policy", "same-origin");
  await next();
});
