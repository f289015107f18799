import { renderOwnPage } from "../own-page.ts";

const PAGE = renderOwnPage({
  title: "This site cannot be reached right now",
  content: `<p>The server behind this address did not answer. It is not your connection, and nothing you entered has been kept here.</p>
<p>Please <a href="">try again</a> in a minute.</p>
<p><small>Error 502. If this is your site: the Worker’s log names the reason.</small></p>`,
});

/**
 * The answer when there is no page to pass on: the origin cannot be reached, or `ORIGIN_URL` is no address.
 *
 * The page says nothing about the origin, whose name may be a secret.
 */
export function renderBadGateway(): Response {
  return new Response(PAGE, {
    status: 502,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
