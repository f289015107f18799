import { type Attributes, mergeAttributes, readAttributes } from "../contacts/attributes.ts";
import type { Switches } from "../switches.ts";
import { checkToken, type TokenClaims } from "../signing/token.ts";

/** Source: Amazon Connect Administrator Guide, "Customize your chat widget" (customerDisplayName, chatDurationInMinutes). */
const MAX_DISPLAY_NAME_CHARACTERS = 256;
const DEFAULT_DURATION_MINUTES = 1_500;
const MIN_DURATION_MINUTES = 60;
const MAX_DURATION_MINUTES = 10_080;

/** A widget's settings; its owner may change them while it runs. */
export interface WidgetSettings {
  widgetId: string;
  snippetId: string;
  securityKeys: readonly string[];
  allowedOrigins: readonly string[];
}

export interface StartCall {
  widgetId: string;
  origin: string | null;
  snippetId: string | null;
  token: string | null;
  body: unknown;
}

export interface StartGrant {
  attributes: Attributes;
  customerId: string | null;
  relatedContactId: string | null;
  displayName: string;
  pageOrigin: string;
  durationSeconds: number;
}

export type StartDecision =
  | { start: true; grant: StartGrant }
  | { start: false; status: 400 | 401 | 404; message: string };

/**
 * Decides whether a start call becomes a chat, and with which attributes.
 *
 * @param now Seconds.
 */
export function decideStart(
  call: StartCall,
  widget: WidgetSettings,
  switches: Pick<Switches, "nullToken" | "handMadeAttributes">,
  now: number,
): StartDecision {
  if (call.widgetId !== widget.widgetId) return refuse(404, "There is no widget of this id.");
  const page = decidePage(call, widget);
  if ("message" in page) return refuse(400, page.message);
  if (call.token === null && switches.nullToken === "fails") return refuse(401, "The JWT is missing.");
  const token = call.token === null ? null : checkToken(call.token, { ...widget, now });
  if (token?.accepted === false) return refuse(401, `The JWT ${token.reason}.`);
  return decideContent(call.body, token?.claims ?? null, page.origin, switches);
}

/** Decides whether a page may use this widget, for a start and for a resumption. */
export function decidePage(
  call: Pick<StartCall, "origin" | "snippetId">,
  widget: WidgetSettings,
): { origin: string } | { message: string } {
  if (call.origin === null || !widget.allowedOrigins.includes(call.origin)) {
    return { message: "The domain of this page is not on the widget's allow-list." };
  }
  if (call.snippetId !== widget.snippetId) return { message: "The snippet was changed: its snippetId is not known." };
  return { origin: call.origin };
}

function decideContent(
  value: unknown,
  claims: TokenClaims | null,
  pageOrigin: string,
  switches: Pick<Switches, "handMadeAttributes">,
): StartDecision {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(400, "The body of the start call is no JSON object.");
  }
  const body: Record<string, unknown> = { ...value };
  const signed = readAttributes(claims?.attributes, "the JWT");
  if ("problem" in signed) return refuse(400, signed.problem);
  const handMade = readAttributes(body["contactAttributes"], "the start call");
  if ("problem" in handMade) return refuse(400, handMade.problem);
  const attributes = mergeAttributes(signed.attributes, handMade.attributes, switches.handMadeAttributes);
  const displayName = body["displayName"] ?? "Customer";
  if (typeof displayName !== "string" || displayName === "" || displayName.length > MAX_DISPLAY_NAME_CHARACTERS) {
    return refuse(400, `The display name is not text of 1 to ${MAX_DISPLAY_NAME_CHARACTERS} characters.`);
  }
  const minutes = body["chatDurationInMinutes"] ?? DEFAULT_DURATION_MINUTES;
  if (typeof minutes !== "number" || !(minutes >= MIN_DURATION_MINUTES && minutes <= MAX_DURATION_MINUTES)) {
    return refuse(400, `chatDurationInMinutes is not ${MIN_DURATION_MINUTES} to ${MAX_DURATION_MINUTES}.`);
  }
  return {
    start: true,
    grant: {
      attributes,
      customerId: claims?.customerId ?? null,
      relatedContactId: claims?.relatedContactId ?? null,
      displayName,
      pageOrigin,
      durationSeconds: minutes * 60,
    },
  };
}

function refuse(status: 400 | 401 | 404, message: string): StartDecision {
  return { start: false, status, message };
}
