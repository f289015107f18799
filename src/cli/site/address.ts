import { Misuse } from "../shared/command-line.ts";

/**
 * The site in a text: an address, a host, or a Route such as `www.example.com/*`.
 *
 * @returns `null` where the text names no site.
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

/** @throws {Misuse} Where a command's arguments are not exactly one site. */
export function parseSite([text = "", ...rest]: readonly string[]): URL {
  const url = rest.length === 0 ? toSiteUrl(text) : null;
  if (url !== null) return url;
  const found =
    rest.length > 0
      ? "more than one (options come behind --: npm run <command> -- <address> --option)"
      : text === ""
        ? "nothing"
        : text;
  throw new Misuse(`Expected the address of the site, such as https://www.example.com, found ${found}.`);
}

/** Whether a site is on the owner's own machine. */
export function isLocal({ hostname }: URL): boolean {
  return /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
