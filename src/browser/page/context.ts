import { CONTEXT_HEADER } from "../../core/chat/said-context.ts";
import { isChosenPath } from "../../core/settings/chosen-paths.ts";
import { MAX_SAID_CHARS, MAX_TRAIL_PATH_CHARS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import { isConsentGiven } from "./consent.ts";
import { onCookieChange } from "./cookies.ts";
import { onNavigation } from "./navigation.ts";
import { tabStorage } from "./storage.ts";
import { ofDocument } from "./unclobbered.ts";

/**
 * The trail: each path and the time when the visitor came there, newest first, all separated by spaces. Any script of the
 * page can write there.
 */
const KEY = "persistent-chat:trail";

const { consent, context = [], paths } = config;

let lastError = "";

/** Notes from now on what a call for a token says, as far as the owner wants it. */
export function followContext(): void {
  if (context.includes("error"))
    addEventListener("error", ({ message, filename }) => {
      lastError = `${message}\n${filename}`;
    });
  if (!context.includes("trail")) return;
  noteVisit();
  onNavigation(noteVisit);
  // The browser may show a page again that it kept.
  addEventListener("pageshow", noteVisit);
  if (consent) onCookieChange(noteVisit);
}

/** The headers in which a call for a token says where the visitor is; without consent, none. */
export function describeContext(): Record<string, string> {
  if (!context[0] || !isConsentGiven()) return {};
  const known = {
    page: location.pathname,
    title: ofDocument("title"),
    trail: context.includes("trail") ? `${Date.now()} ${noteVisit()}` : "",
    referrer: ofDocument("referrer"),
    error: lastError,
  };
  const said = context.map((kind) => [kind, known[kind].slice(0, MAX_SAID_CHARS)]);
  return { [CONTEXT_HEADER]: String(new URLSearchParams(said)) };
}

/** @returns The trail, with the page that is shown. */
function noteVisit(): string {
  const { pathname } = location;
  // Two paths of a site differ more at their ends.
  const path = `${pathname.slice(-MAX_TRAIL_PATH_CHARS)} `;
  const kept = tabStorage.get(KEY) ?? "";
  const isNew = isChosenPath(paths, pathname) && !kept.startsWith(path);
  const trail = isNew ? `${path}${Date.now()} ${kept}`.slice(0, MAX_SAID_CHARS) : kept;
  if (isConsentGiven()) tabStorage.set(KEY, trail);
  else tabStorage.remove(KEY);
  return trail;
}
