import { CLIENT_FAILED_MS, WIDGET_READY_MS } from "../../limits.ts";
import { config } from "../browser-config.ts";
import { callWorker } from "../chat/call-worker.ts";
import { isConsentGiven } from "../page/consent.ts";
import { ofDocument, onDocument } from "../page/unclobbered.ts";
import { findWidgets } from "../page/widget-element.ts";
import { noteLostConnection } from "./connection.ts";
import { outcomes } from "./outcomes.ts";
import { noteRefusedStart } from "./refused-start.ts";

/**
 * A policy that is enforced, and a script or call of the chat that it blocked: of the client's host, of the chats' own hosts
 * (participant, transport), of the client's API, or the client's script. Not the client's measurements (telemetry), which no
 * chat needs, and no pictures: other visitors may have put any address into the page.
 */
const CHAT_BLOCKED =
  /^enforce (script|connect).*((my|t)\.connect\..*aws|\/connectwidget\/|\/amazon-connect-chat-interface-client\.js)/;

let launchesItself = false;
let isTold = false;

/** Must be called when the page says how it opens the widget: there may be no element before. */
export function launchChanged(): void {
  launchesItself = true;
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
  if (CHAT_BLOCKED.test(`${disposition} ${effectiveDirective} ${blockedURI}`)) outcomes.add("policy-blocked");
}

function onScript({ type, target }: Event): void {
  if (!(target instanceof HTMLScriptElement) || !/\/amazon-connect-chat-interface-client\.js/.test(target.src)) return;
  if (type === "load") setTimeout(lookForWidget, WIDGET_READY_MS);
  // Later: a browser that leaves the page may stop its scripts before.
  else setTimeout(() => outcomes.add("client-failed"), CLIENT_FAILED_MS);
}

function lookForWidget(): void {
  // A page that nobody sees may draw nothing.
  if (!launchesItself && !ofDocument("hidden") && !findWidgets()[0]) outcomes.add("never-ready");
}

/** Tells the Worker, once in a page view and only if something happened, when the page is hidden or left. */
function tell(): void {
  noteRefusedStart();
  noteLostConnection();
  if (isTold || !outcomes.size || !isConsentGiven()) return;
  isTold = true;
  void callWorker("outcomes", { outcomes: [...outcomes], version: config.outcomes });
}
