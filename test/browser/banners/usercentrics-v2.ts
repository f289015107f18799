import { send, showBanner } from "./stand-in.ts";

/**
 * Like Usercentrics' loader.js, version 2, with the window event "ucEvent" set in its Admin Interface.
 *
 * Source: Usercentrics, "Web CMP v2 Events".
 */
const SETTINGS_MS = 50;
const KEY = "uc_settings";

function tell(action: string): void {
  const stored = localStorage.getItem(KEY);
  const isGiven = stored?.includes("true") === true;
  const status = {
    action,
    event: "consent_status",
    type: stored === null ? "implicit" : "explicit",
    ucCategory: { essential: true, functional: isGiven, marketing: isGiven },
  };
  const layer: unknown = Reflect.get(window, "dataLayer");
  if (Array.isArray(layer)) layer.push(status);
  send(window, "ucEvent", status);
}

setTimeout(() => {
  tell("onInitialPageLoad");
  showBanner((agreed) => {
    localStorage.setItem(KEY, JSON.stringify({ services: [{ status: agreed }] }));
    tell(agreed ? "onAcceptAllServices" : "onDenyAllServices");
  });
}, SETTINGS_MS);
