import { readCookie, setCookie, showBanner } from "./stand-in.ts";

/**
 * Like Didomi's loader.js: the site's callbacks wait in two arrays, also before the loader has come. It also answers the
 * IAB's call.
 *
 * Source: Didomi, "API" (getCurrentUserStatus, didomiOnReady), "Events", "Cookies and storage"; IAB, "CMP API v2".
 */
const SETTINGS_MS = 50;
const TOKEN = "didomi_token";
const PURPOSES = ["cookies", "functional"];
const TCF_PURPOSES = [1, 2, 3, 4];

interface Queue {
  push(...items: readonly unknown[]): unknown;
}

function isGiven(): boolean {
  const token = readCookie(TOKEN);
  return token !== null && atob(token).includes('"enabled":["cookies"');
}

function write(agreed: boolean): void {
  const purposes = { enabled: agreed ? PURPOSES : [], disabled: agreed ? [] : PURPOSES };
  setCookie(TOKEN, btoa(JSON.stringify({ user_id: crypto.randomUUID(), purposes, version: 2 })));
}

const Didomi = {
  getCurrentUserStatus: () => ({
    regulation: "gdpr",
    purposes: Object.fromEntries(PURPOSES.map((id) => [id, { id, enabled: isGiven() }])),
  }),
};

/** Takes what waits in one of the site's arrays, and all that the site puts there later. */
function takeOver(name: string, take: (item: unknown) => void): void {
  const waiting: unknown = Reflect.get(window, name);
  const queue: Queue = { push: (...items) => items.forEach((item) => take(item)) };
  Object.assign(window, { [name]: queue });
  if (Array.isArray(waiting)) waiting.forEach((item) => take(item));
}

const listeners: (() => void)[] = [];
const tcfListeners: ((data: unknown, success: boolean) => void)[] = [];

function describeTcf(eventStatus: string) {
  const consents = Object.fromEntries(TCF_PURPOSES.map((purpose) => [purpose, isGiven()]));
  return { cmpStatus: "loaded", eventStatus, gdprApplies: true, tcString: "CPX", purpose: { consents } };
}

function tcfapi(command: string, _version: number, callback: (data: unknown, success: boolean) => void): void {
  if (command !== "addEventListener") return callback(null, false);
  tcfListeners.push(callback);
  callback(describeTcf(readCookie(TOKEN) === null ? "cmpuishown" : "tcloaded"), true);
}

setTimeout(() => {
  Object.assign(window, { Didomi, __tcfapi: tcfapi });
  takeOver("didomiOnReady", (item) => {
    if (typeof item === "function") item(Didomi);
  });
  takeOver("didomiEventListeners", (item) => {
    const { event, listener } = Object(item);
    if (event === "consent.changed") listeners.push(listener);
  });
  showBanner((agreed) => {
    write(agreed);
    for (const listener of listeners) listener();
    for (const listener of tcfListeners) listener(describeTcf("useractioncomplete"), true);
  });
}, SETTINGS_MS);
