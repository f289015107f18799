/** The host of a Route such as `www.example.com/*`; `null` for one such as `*.example.com/*`, which names no single host. */
export function toRouteHost(route: string): string | null {
  return /^(?:https?:\/\/)?([^/*\s]+)(?:[/\s]|$)/.exec(route)?.[1] ?? null;
}

/**
 * Whether a Route leads the requests for an address to its Worker, if no other Route is more specific.
 *
 * Source: Cloudflare Workers documentation, "Routes", "Matching behavior".
 */
export function matchesRoute(route: string, url: URL): boolean {
  const [, scheme, host = "", path = "/"] = /^(?:(https?:)\/\/)?([^/]*)(\/.*)?$/.exec(route) ?? [];
  const isOfHost = host.startsWith("*")
    ? url.hostname.endsWith(host.slice(1).toLowerCase())
    : url.hostname === host.toLowerCase();
  const target = url.pathname + url.search;
  const isOfPath = path.endsWith("*") ? target.startsWith(path.slice(0, -1)) : target === path;
  return isOfHost && isOfPath && (scheme === undefined || scheme === url.protocol);
}

/**
 * Whether the Routes lead the calls of the chat to the Worker, but not a page: only a tag in the page itself can start the
 * chat there.
 *
 * @param routes All Routes of the Worker.
 */
export function isBesideRoutes(page: URL, routes: readonly string[], chatPath: string): boolean {
  const leads = (url: URL) => routes.some((route) => matchesRoute(route, url));
  return leads(new URL(`${chatPath}/widget.js`, page)) && !leads(page);
}
