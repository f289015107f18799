import { type SaidKind } from "../../core/chat/context/context.ts";
import { type CONTEXT_HEADER } from "../../core/chat/context/said-context.ts";
import { MAX_SAID_CHARS, MAX_TRAIL_PATH_CHARS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import { consent, isConsentGiven, readAgreementMark } from "./consent.ts";
import { onCookieChange } from "./cookies.ts";
import { isChosenPage } from "./excluded-paths.ts";
import { onNavigation } from "./navigation.ts";
import { clearOwn, tabStorage } from "./storage.ts";
import { ofDocument } from "./unclobbered.ts";

const { context } = config;

/** Notes from now on what a call for a token says, as far as the owner wants it. */
export function followContext(): void {
  if (!context) return;
  note();
  onNavigation(note);
  // The browser may have kept this page, and shows it again.
  addEventListener("pageshow", note);
  addEventListener("error", note);
  if (consent) onCookieChange(note);
}

/** The headers in which a call for a token says where the visitor is; without consent, none. */
export function describeContext(): Record<typeof CONTEXT_HEADER, string> | undefined {
  if (!context || !isConsentGiven()) return undefined;
  note();
  const known = {
    page: location.pathname,
    title: ofDocument("title"),
    trail: `${Date.now()} ${recall("trail")}`,
    referrer: ofDocument("referrer"),
    error: recall("error"),
  };
  const said = context.map((kind) => [kind, known[kind].slice(0, MAX_SAID_CHARS)]);
  // Written out, the name takes fewer bytes.
  return { "x-chat-context": `${new URLSearchParams(said)}` };
}

/**
 * Notes the page that is shown, or a script error.
 *
 * @param event Has no message unless it is a script error.
 */
function note({ message, filename }: Partial<ErrorEvent> = {}): void {
  // Two paths of a site differ more at their ends. Some sites write a session's id after a semicolon.
  const path = `${location.pathname.replace(/;.*/, "").slice(-MAX_TRAIL_PATH_CHARS)} `;
  const kept = recall("trail");
  if (message) keep("error", `${message}\n${filename}`);
  else keep("trail", isChosenPage() && !kept.startsWith(path) ? `${path}${Date.now()} ${kept}` : kept);
}

/** Keeps a text if the owner wants this kind; without consent, removes all that was kept. */
function keep(kind: SaidKind, text: string): void {
  if (!isConsentGiven()) context?.forEach((each) => clearOwn(tabStorage, [], each));
  else if (context?.includes(kind)) tabStorage.set(toKey(kind), text.slice(0, MAX_SAID_CHARS));
}

/**
 * The last error, or the trail: each path and the time when the visitor came there, newest first, all separated by spaces.
 * Any script of the page can write there.
 */
function recall(kind: SaidKind): string {
  return tabStorage.get(toKey(kind)) ?? "";
}

/** What was kept before a refusal in another tab does not come back with a later yes. */
function toKey(kind: SaidKind): string {
  return `persistent-chat:${kind}${readAgreementMark()}`;
}
