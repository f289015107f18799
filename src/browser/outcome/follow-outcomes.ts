import { CLIENT_FAILED_MS, WIDGET_READY_MS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import { callWorker } from "../chat/call-worker.ts";
import { isConsentGiven } from "../page/consent.ts";
import { ofDocument, onDocument } from "../page/unclobbered.ts";
import { findWidgets } from "../page/widget-element.ts";
import { noteLostConnection } from "./connection.ts";
import { note, outcomes } from "./outcomes.ts";
import { noteRefusedStart } from "./refused-start.ts";

/**
 * A policy that is enforced, and a script or call of the chat that it blocked: of the client's host, of the chats' own hosts
 * (participant, transport), or the client's script. Not the client's measurements (telemetry), which no
 * chat needs, and no pictures: other visitors may have put any address into the page.
 */
const CHAT_BLOCKED =
  /^enforce (script|connect)[^?]*((my|t)\.connect\.([\w-]+\.amazon)?aws|\/amazon-connect-chat-interface-client\.js)/;

let mayBeAway = false;
let isTold = false;

/** Must be called where there may be no widget although nothing failed: the page opens it by itself, or we took it away. */
export function widgetMayBeAway(): void {
  mayBeAway = true;
}

/** Notes from now on what happens to the chat in this page, and tells it, as far as the owner wants that. */
export function followOutcomes(): void {
  if (!config.outcomes) return;
  onDocument("securitypolicyviolation", noteViolation);
  // In the capture phase: these events do not bubble.
  onDocument("error", onScript, true);
  onDocument("load", onScript, true);
  onDocument("visibilitychange", () => {
    if (ofDocument("hidden")) tell();
  });
}

function noteViolation({
  disposition,
  effectiveDirective,
  blockedURI,
}: Event & Partial<SecurityPolicyViolationEvent>): void {
  if (CHAT_BLOCKED.test(`${disposition} ${effectiveDirective} ${blockedURI}`)) note("policy-blocked");
}

function onScript({ type, target }: Event): void {
  const element: Partial<Element> = Object(target);
  if (!element.matches?.("script[src*='/amazon-connect-chat-interface-client.js']")) return;
  if (type === "load") setTimeout(lookForWidget, WIDGET_READY_MS);
  // Later: a browser that leaves the page may stop its scripts before.
  else setTimeout(() => note("client-failed"), CLIENT_FAILED_MS);
}

function lookForWidget(): void {
  // A page that nobody sees may draw nothing.
  if (!mayBeAway && !ofDocument("hidden") && !findWidgets()[0]) note("never-ready");
}

/** Tells the Worker, once in a page view and only if something happened, when the page is hidden or left. */
function tell(): void {
  noteRefusedStart();
  noteLostConnection();
  const words = Object.keys(outcomes);
  if (isTold || !words[0] || !isConsentGiven()) return;
  isTold = true;
  void callWorker("outcomes", { outcomes: words, version: config.outcomes });
}
