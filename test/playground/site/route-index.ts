import { type Route, sendHtml } from "./route.ts";
import { renderShopPage } from "./shop/layout.ts";

/** A page that lists every behaviour, to try them by hand through the Worker. */
export function createIndexRoute(routes: readonly Route[]): Route {
  const items = routes
    .map(({ path, about }) => `<li><a href="${path}"><code>${path}</code></a> ${about}</li>`)
    .join("\n");
  const html = renderShopPage({
    title: "Proxy behaviours",
    main: `<h1>Proxy behaviours</h1>
<p class="lead">Each address does one thing that many proxies get wrong. The WebSocket echo is at <code>/try/web-socket</code>.</p>
<ul class="plain">
${items}
</ul>`,
  });
  return { path: "/try", about: "this list", handle: (_request, response) => sendHtml(response, html) };
}
