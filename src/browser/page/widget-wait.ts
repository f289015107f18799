import { config } from "../browser-config.ts";
import { consent, isConsentGiven } from "./consent.ts";
import { onCookieChange } from "./cookies.ts";
import { ofDocument, ofWindow, onDocument } from "./unclobbered.ts";

/** The first signs that a visitor uses the page. */
const SIGNS = ["pointermove", "pointerdown", "keydown", "focusin"];

/** Longest wait for an idle moment, in milliseconds: some pages are never idle, and Chromium may tell late. */
const IDLE_PATIENCE_MS = 2000;

/** The wait in browsers that tell of no idle moment, such as Safari, in milliseconds. */
const UNTOLD_IDLE_MS = 200;

const { loadWidget: moment } = config;

let isWanted = moment === "now";
let load = (): void => undefined;

/** Ends the wait of LOAD_WIDGET. */
export function wantWidget(): void {
  isWanted = true;
  loadWidget();
}

/** Must be called when the visitor may have agreed. */
export function loadWidget(): void {
  if (!isWanted || (consent?.load && !isConsentGiven())) return;
  const action = load;
  load = () => undefined;
  action();
}

/**
 * Runs an action, once, at the moment that LOAD_WIDGET names, or when the widget is wanted earlier; with CONSENT_LOAD, not
 * before the visitor agrees.
 *
 * @param isNeeded Whether this browser may have a live chat, which the page must show.
 */
export function whenWidgetIsWanted(isNeeded: () => boolean, action: () => void): void {
  load = action;
  if (consent?.load) onCookieChange(loadWidget);
  if (isWanted || isNeeded()) return wantWidget();
  const check = () => {
    if (isNeeded()) wantWidget();
    else if (moment === "idle") whenIdle(wantWidget);
  };
  // Comes after the load event, and again when the visitor comes back by the back button, maybe with a chat.
  addEventListener("pageshow", check);
  if (ofDocument("readyState") === "complete") check();
  if (moment === "interaction") onFirstSign(wantWidget);
}

function onFirstSign(action: () => void): void {
  let place: string | undefined;
  const onSign = ({ type, screenX, screenY }: Event & Partial<PointerEvent>) => {
    const last = place;
    place = `${screenX} ${screenY}`;
    // Chromium also tells a new page of a pointer that rests on it: only a second place is a movement.
    if (type === "pointermove" && (!last || last === place)) return;
    for (const sign of SIGNS) ofDocument("removeEventListener").call(document, sign, onSign, true);
    action();
  };
  // In the capture phase: the site may stop the event later.
  for (const sign of SIGNS) onDocument(sign, onSign, true);
}

function whenIdle(action: () => void): void {
  const tellIdle = ofWindow("requestIdleCallback");
  if (tellIdle) tellIdle(action, { timeout: IDLE_PATIENCE_MS });
  else setTimeout(action, UNTOLD_IDLE_MS);
}
