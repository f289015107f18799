import { createMiddleware } from "hono/factory";

/** Headers of our own answers, never of the site's: not kept unless the route says so, and only what they claim to be. */
export const ownHeaders = createMiddleware(async (c, next) => {
  c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
  c.header("referrer-policy", "no-referrer");
  await next();
});
