import { MAX_CONTEXT_HEADER_CHARS, MAX_SAID_CHARS, MAX_TRAIL_PATH_CHARS, MAX_TRAIL_PATHS } from "../../../limits.ts";
import { type ChosenPaths, isChosenPath } from "../../settings/chosen-paths.ts";
import { type SaidKind } from "./context.ts";
import { toReadablePath } from "./readable-path.ts";
import { dropSecrets } from "./without-secrets.ts";

/**
 * The header of a token call in which the page says where the visitor is, encoded as a form. Not in the body: an older
 * version of the Worker would refuse it.
 */
export const CONTEXT_HEADER = "x-chat-context";

/** Longest time on a trail, in minutes: about a week. */
const MAX_TRAIL_MINUTES = 9999;

interface SaidSite {
  readonly host: string;
  readonly paths: ChosenPaths;
}

/**
 * Reads what the page says, without trust: any script of the page can say anything.
 *
 * @param header As received.
 * @param site The called host, and the pages of it that the owner wants with the chat.
 * @returns Empty texts where the page says nothing that can be read. Paths alone are cleaned.
 */
export function readSaidContext(header: string, site: SaidSite): Readonly<Record<SaidKind, string>> {
  const said = new URLSearchParams(header.length > MAX_CONTEXT_HEADER_CHARS ? "" : header);
  const read = (kind: SaidKind) => said.get(kind) ?? "";
  return {
    page: read("page").startsWith("/") ? toReadablePath(read("page")) : "",
    title: read("title"),
    trail: toTrail(read("trail")),
    referrer: toAddress(read("referrer"), site),
    error: toError(read("error")),
  };
}

/**
 * An address without credentials, query and fragment; empty for another text, and for a page that the owner wants without
 * the chat: its path may hold a secret.
 */
function toAddress(text: string, { host, paths }: SaidSite): string {
  const url = parseAddress(text);
  const isHidden = url?.host === host && !isChosenPath(paths, url.pathname);
  return url === null || isHidden ? "" : url.origin + toReadablePath(url.pathname);
}

function parseAddress(text: string): URL | null {
  const url = URL.parse(text);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : null;
}

/**
 * Such as `/cart 2m, /tea/green 5m`: newest first, each with the minutes since the visitor came there.
 *
 * @param text When it was sent, then paths and times, separated by spaces: in milliseconds of the browser's clock.
 */
function toTrail(text: string): string {
  const [now, ...words] = text.split(" ", 1 + 2 * MAX_TRAIL_PATHS);
  const visits: string[] = [];
  for (let index = 0; index < words.length; index += 2) {
    const word = words[index] ?? "";
    const path = toReadablePath(word);
    const minutes = Math.floor((Number(now) - Number(words[index + 1] || NaN)) / 60_000);
    if (path !== "" && !Number.isNaN(minutes)) visits.push(`${shorten(path, word.length)} ${limitMinutes(minutes)}m`);
  }
  return visits.join(", ");
}

/** The browser part sends the end of a longer path, which may begin within an encoded character. */
function shorten(path: string, saidChars: number): string {
  if (saidChars < MAX_TRAIL_PATH_CHARS) return path;
  return `…${path.replace(/^[\dA-F]{0,2}(?:%[89AB][\dA-F])+/i, "").slice(1 - MAX_TRAIL_PATH_CHARS)}`;
}

/** The browser's clock may have been set. */
function limitMinutes(minutes: number): number {
  return Math.min(Math.max(0, minutes), MAX_TRAIL_MINUTES);
}

/** @param text A script's message and, on its last line, the address of the file. */
function toError(text: string): string {
  const end = text.lastIndexOf("\n");
  const message = end === -1 ? text : text.slice(0, end);
  const told = dropSecrets(message, text.length >= MAX_SAID_CHARS);
  const file = parseAddress(text.slice(end + 1))?.pathname;
  return told === "" || file === undefined ? told : `${told} (${toReadablePath(file)})`;
}
