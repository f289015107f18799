import { type KnownContext } from "./context.ts";
import { toReadablePath } from "./readable-path.ts";

/** What a request tells of its visitor. */
export interface RequestFacts {
  /** Host that was called. */
  readonly host: string;
  /** Country by Cloudflare. */
  readonly country: string | undefined;
  readonly header: (name: string) => string | undefined;
}

/** Reads what the request itself tells, of every visitor and without a script of the page. */
export function readRequestContext({ host, country = "", header }: RequestFacts): KnownContext {
  return {
    page: readRefererPath(header("referer"), host),
    language: readLanguage(header("accept-language")),
    country: readCountry(country),
    device: readDevice(header("user-agent"), header("sec-ch-ua-mobile")),
  };
}

/** The address of the page that sent a request, as its path; empty for a page of another host. */
function readRefererPath(referer: string | undefined, host: string): string {
  const url = URL.parse(referer ?? "");
  return url?.host === host ? toReadablePath(url.pathname) : "";
}

/** The language that the browser names first. Source: RFC 9110 §12.5.4, RFC 5646 §2.1. */
function readLanguage(accepted = ""): string {
  return /^\s*([a-z]{1,8}(?:-[a-z\d]{1,8}){0,4})\s*(?:[,;]|$)/i.exec(accepted)?.[1] ?? "";
}

/** Source: Cloudflare Workers documentation, "Request", `cf.country`: ISO 3166-1 alpha-2, or T1 for Tor; XX: not known. */
function readCountry(country: string): string {
  return /^[A-Z][A-Z1]$/.test(country) && country !== "XX" ? country : "";
}

/** A tablet that asks for the pages of a desktop, as every iPad does, counts as one. */
function readDevice(userAgent = "", mobile = ""): string {
  if (userAgent === "" && mobile === "") return "";
  const isMobile = mobile === "?1" || /Mobi|iPhone|iPod/.test(userAgent);
  if (/iPad|Tablet(?! PC)|PlayBook/.test(userAgent)) return "tablet";
  if (isMobile) return "phone";
  return userAgent.includes("Android") ? "tablet" : "desktop";
}
