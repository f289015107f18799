import { stripOwnCookies } from "./cookies.ts";
import { type HeaderEdit } from "./header-edits.ts";

// What a proxy says of a client and of the host it asked for: forged by whoever likes, unless we say it ourselves.
const HOP_CLAIM = new RegExp(
  `^(?:${[
    "cf-.*|forwarded(?:-.*)?|x-forwarded(?:-.*)?|x-(?:original|envoy|azure|appengine)-.*|x-rewrite-url",
    "(?:.*-)?(?:client|connecting|real|remote|originating|proxyuser|source|src)-?(?:ip|addr|address|host)",
    ".*-forward(?:ed)?-(?:for|host|proto|port)|x-forward-for|cloudfront-viewer-.*",
    "x-(?:http-)?host(?:-override)?|x-(?:url-)?scheme|x-proto|front-end-https|proxy",
  ].join("|")})$`,
);

/** Whether an origin may take a header for a proxy's word. CGI writes names with "_", and some servers read any mark so. */
function isHopClaim(name: string): boolean {
  return HOP_CLAIM.test(name.toLowerCase().replace(/[^a-z0-9]/g, "-"));
}

/**
 * Where a request goes in `ORIGIN_URL` mode: its own URL on the origin's protocol, host and port.
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
 * Whether `ORIGIN_URL` names the very host that the visitor asked for: forwarding would come back here for ever.
 *
 * @param requestUrl The request's full URL.
 */
export function isLoop(requestUrl: string, originUrl: URL): boolean {
  return new URL(requestUrl).host === originUrl.host;
}

/**
 * Which request headers change on the way to the origin.
 *
 * @param url The request's full URL.
 * @param headers The request's headers.
 * @param toOtherHost Whether the origin is another host (`ORIGIN_URL` mode): on a Route, Cloudflare's own headers are true and stay.
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

/** The truth about visitor and public host, in place of whatever the request claims. */
function buildHopEdits(url: string, headers: Headers): HeaderEdit[] {
  const { host, protocol } = new URL(url);
  const claims = [...headers.keys()].filter(isHopClaim);
  return [
    ...claims.map((name): HeaderEdit => [name, null]),
    ["x-forwarded-host", host],
    ["x-forwarded-proto", protocol.slice(0, -1)],
    // Set by Cloudflare itself on every request, whatever the client sent.
    ["x-forwarded-for", headers.get("cf-connecting-ip")],
  ];
}

/**
 * A `Location` that leads away to the origin's own host, led back to the public one.
 *
 * @param location Value of the `Location` header.
 * @param requestUrl The visitor's full URL.
 * @returns The same string when it is relative or points elsewhere; else only its protocol and host differ.
 */
export function toPublicLocation(location: string, requestUrl: string, originUrl: URL): string {
  const authority = /^(https?:)?\/\/[^/?#\\@]+(?=[/?#\\]|$)/i.exec(location);
  if (authority === null || !isHostOf(originUrl, authority[0])) return location;
  const { protocol, host } = new URL(requestUrl);
  const start = authority[1] === undefined ? `//${host}` : `${protocol}//${host}`;
  return start + location.slice(authority[0].length);
}

/** `URL.host` leaves out the default port of either protocol, so that a redirect from http to https is found too. */
function isHostOf(originUrl: URL, start: string): boolean {
  const target = URL.parse(start, originUrl);
  return target !== null && target.host === originUrl.host;
}
