import { createMiddleware } from "hono/factory";
import { decideSameOrigin } from "../../../core/headers/same-origin.ts";
import { ChatError } from "../../../errors.ts";

/** Stops calls that another site's page makes with this site's cookies. */
export const requireSameOrigin = createMiddleware(async (c, next) => {
  const decision = decideSameOrigin({
    secFetchSite: c.req.header("sec-fetch-site") ?? null,
    origin: c.req.header("origin") ?? null,
    ownOrigin: new URL(c.req.url).origin,
  });
  if (!decision.sameOrigin) throw new ChatError("CROSS_ORIGIN", `Refused a call from elsewhere: ${decision.reason}`);
  await next();
});
