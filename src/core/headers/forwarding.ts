import { stripOwnCookies } from "./cookies.ts";
import { type HeaderEdit } from "./header-edits.ts";

// Headers in which a proxy tells the client's address and host. Anybody can forge them, so we set or drop them.
const HOP_CLAIM = new RegExp(
  `^(?:${[
    "cf-.*|forwarded(?:-.*)?|x-forwarded(?:-.*)?|x-(?:original|envoy|azure|appengine)-.*|x-rewrite-url",
    "(?:.*-)?(?:client|connecting|real|remote|originating|proxyuser|source|src)-?(?:ip|addr|address|host)",
    ".*-forward(?:ed)?-(?:for|host|proto|port)|x-forward-for|cloudfront-viewer-.*",
    "x-(?:http-)?host(?:-override)?|x-(?:url-)?scheme|x-proto|front-end-https|proxy",
  ].join("|")})$`,
);

/** Whether an origin may take a header for one of these. CGI writes "_" in names, and some servers take other marks for it. */
function isHopClaim(name: string): boolean {
  return HOP_CLAIM.test(name.toLowerCase().replace(/[^a-z0-9]/g, "-"));
}

/**
 * The URL of a request in `ORIGIN_URL` mode: its own path and query with the origin's protocol, host and port.
 *
 * Never `new URL(path, origin)`: the path `//evil.example/` would choose another host and get the visitor's cookies.
 *
 * @param requestUrl The request's full URL.
 */
export function toOriginUrl(requestUrl: string, originUrl: URL): string {
  const target = new URL(requestUrl);
  target.protocol = originUrl.protocol;
  target.hostname = originUrl.hostname;
  target.port = originUrl.port;
  return target.href;
}

/**
 * Whether `ORIGIN_URL` names the host that the visitor asked for: a forwarded request would come back here without end.
 *
 * @param requestUrl The request's full URL.
 */
export function isLoop(requestUrl: string, originUrl: URL): boolean {
  return new URL(requestUrl).host === originUrl.host;
}

/**
 * The changes of a request's headers on the way to the origin.
 *
 * @param url The request's full URL.
 * @param headers The request's headers.
 * @param toOtherHost Whether the origin is another host (`ORIGIN_URL` mode). On a Route, Cloudflare's own headers are true and stay.
 * @returns Empty when the request can be passed on as it is.
 */
export function buildRequestEdits(url: string, headers: Headers, toOtherHost: boolean): HeaderEdit[] {
  const edits: HeaderEdit[] = [];
  const cookie = headers.get("cookie");
  if (cookie !== null) {
    const allowed = stripOwnCookies(cookie);
    if (allowed !== cookie) edits.push(["cookie", allowed]);
  }
  if (toOtherHost) edits.push(...buildHopEdits(url, headers));
  return edits;
}

/** The true address of the visitor and the public host, in place of the request's claims. */
function buildHopEdits(url: string, headers: Headers): HeaderEdit[] {
  const { host, protocol } = new URL(url);
  const claims = [...headers.keys()].filter(isHopClaim);
  return [
    ...claims.map((name): HeaderEdit => [name, null]),
    ["x-forwarded-host", host],
    ["x-forwarded-proto", protocol.slice(0, -1)],
    // Cloudflare sets this header on every request, and replaces one that the client sent.
    ["x-forwarded-for", headers.get("cf-connecting-ip")],
  ];
}

/**
 * A `Location` that names the origin's own host, changed to the public host.
 *
 * @param location Value of the `Location` header.
 * @param requestUrl The visitor's full URL.
 * @returns The same string when it is relative or names another host; otherwise only protocol and host differ.
 */
export function toPublicLocation(location: string, requestUrl: string, originUrl: URL): string {
  const authority = /^(https?:)?\/\/[^/?#\\@]+(?=[/?#\\]|$)/i.exec(location);
  if (authority === null || !isHostOf(originUrl, authority[0])) return location;
  const { protocol, host } = new URL(requestUrl);
  const start = authority[1] === undefined ? `//${host}` : `${protocol}//${host}`;
  return start + location.slice(authority[0].length);
}

/** Compares `URL.host`, which leaves out the default port, so that a redirect from http to https is found as well. */
function isHostOf(originUrl: URL, start: string): boolean {
  const target = URL.parse(start, originUrl);
  return target !== null && target.host === originUrl.host;
}
