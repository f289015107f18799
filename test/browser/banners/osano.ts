import { readCookie, setCookie, showBanner } from "./stand-in.ts";

/**
 * Like Osano's osano.js: it keeps the choice in a form of its own, and calls a late listener of "osano-cm-initialized" at
 * once.
 *
 * Source: Osano, "CMP JavaScript API".
 */
const KEY = "osano_consentmanager";
const KINDS = ["STORAGE", "MARKETING", "PERSONALIZATION", "ANALYTICS"];

type Consent = Readonly<Record<string, "ACCEPT" | "DENY">>;
type Listener = (consent: Consent | undefined) => void;

const listeners = new Map<string, Listener[]>();

/** @returns `undefined` where the visitor has not chosen. */
function readConsent(): Consent | undefined {
  const stored = readCookie(KEY);
  if (stored === null) return undefined;
  const word = atob(stored) === "all" ? "ACCEPT" : "DENY";
  return { ESSENTIAL: "ACCEPT", ...Object.fromEntries(KINDS.map((kind) => [kind, word])), OPT_OUT: "DENY" };
}

function addEventListener(type: string, listener: Listener): void {
  listeners.set(type, [...(listeners.get(type) ?? []), listener]);
  if (type === "osano-cm-initialized") listener(readConsent());
}

Object.assign(window, { Osano: { cm: { addEventListener, getConsent: readConsent } } });
showBanner((agreed) => {
  setCookie(KEY, btoa(agreed ? "all" : "none"));
  for (const listener of listeners.get("osano-cm-consent-saved") ?? []) listener(readConsent());
});
