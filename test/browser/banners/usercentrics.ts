import { send, showBanner } from "./stand-in.ts";

/**
 * Like Usercentrics' loader.js, version 3: it keeps the choice in localStorage, and is ready once its settings have come.
 *
 * Source: Usercentrics, "Browser UI integration", "Control Functionality" (isInitialized, getConsentDetails) and
 * "Communicating consent information to third-party applications".
 */
const SETTINGS_MS = 50;
const KEY = "ucString";

const KINDS = { all: "ALL_ACCEPTED", none: "ALL_DENIED" };

let isInitialized = false;

/** Before the settings have come, nothing counts as accepted. */
function describeConsent() {
  const stored = isInitialized ? localStorage.getItem(KEY) : null;
  const state = stored === "all" ? KINDS.all : KINDS.none;
  return {
    consent: { status: state, type: stored === null ? "IMPLICIT" : "EXPLICIT" },
    services: {},
    categories: { essential: { state: KINDS.all }, functional: { state }, marketing: { state } },
  };
}

function tell(): void {
  send(window, "UC_CONSENT", describeConsent());
}

Object.assign(window, {
  __ucCmp: {
    isInitialized: () => Promise.resolve(isInitialized),
    getConsentDetails: () => Promise.resolve(describeConsent()),
  },
});
setTimeout(() => {
  isInitialized = true;
  send(window, "UC_UI_INITIALIZED");
  tell();
  showBanner((agreed) => {
    // This event comes before the choice is stored.
    send(window, "UC_UI_CMP_EVENT", { source: "button", type: agreed ? "ACCEPT_ALL" : "DENY_ALL" });
    localStorage.setItem(KEY, agreed ? "all" : "none");
    tell();
  });
}, SETTINGS_MS);
