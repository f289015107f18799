import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { securityKey, widgetId } from "../../playground/playground.ts";

const AUTHENTICATE = "amazon_connect('authenticate', function (callback) { callback(window.shopToken); });";

/** The snippet of a site that knows who is signed in. */
export const withAuthenticate = (snippet: string) => snippet.replace("</script>", () => `${AUTHENTICATE}</script>`);

/** Script of a page of such a site; `null` for a guest. */
export const knows = (customerId: string | null) => {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { sub: widgetId, iat, exp: iat + 500, ...(customerId !== null && { customerId }) };
  return `<script>window.shopToken = ${JSON.stringify(signToken({ claims, securityKey }))};</script>`;
};
