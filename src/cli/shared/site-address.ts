import { Misuse } from "./command-line.ts";

/**
 * The site that someone names: an address, a host alone, or a Route such as `www.example.com/*`.
 *
 * @returns `null` where it names none.
 */
export function toSiteUrl(text: string): URL | null {
  const address = text.trim().replace(/\*$/, "");
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(address);
  const url = URL.parse(hasScheme ? address : `https://${address}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "") return null;
  if (!/^[^*]+\.[^*]+$/.test(url.hostname) && !isLocal(url)) return null;
  if (!hasScheme && isLocal(url)) url.protocol = "http:";
  url.hash = "";
  return url;
}

/** @throws {Misuse} Where a command's arguments are something else than one site. */
export function parseSite([text = "", ...rest]: readonly string[]): URL {
  const url = rest.length === 0 ? toSiteUrl(text) : null;
  if (url !== null) return url;
  const found = rest.length > 0 ? "more than one" : text === "" ? "nothing" : text;
  throw new Misuse(`Expected the address of the site, such as https://www.example.com, found ${found}.`);
}

/** Whether it is on a machine of the owner's own. */
export function isLocal({ hostname }: URL): boolean {
  return /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
