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
  /** Each covers its subdomains too, with the same protocol and port. */
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
  // Connect reads the body first: a badly formed call says nothing about the token.
  const body = readBody(call.body);
  if ("message" in body) return refuse(400, body.message);
  if (call.token === null && switches.nullToken === "fails") return refuse(401, "The JWT is missing.");
  const token = call.token === null ? null : checkToken(call.token, { ...widget, now });
  if (token?.accepted === false) return refuse(401, `The JWT ${token.reason}.`);
  return decideAttributes(body, token?.claims ?? null, page.origin, switches);
}

/** Decides whether a page may use this widget, for a start and for a resumption. */
export function decidePage(
  call: Pick<StartCall, "origin" | "snippetId">,
  widget: WidgetSettings,
): { origin: string } | { message: string } {
  const { origin } = call;
  if (origin === null || !widget.allowedOrigins.some((allowed) => covers(allowed, origin))) {
    return { message: "The domain of this page is not on the widget's allow-list." };
  }
  if (call.snippetId !== widget.snippetId) return { message: "The snippet was changed: its snippetId is not known." };
  return { origin };
}

function covers(allowed: string, origin: string): boolean {
  if (allowed === origin) return true;
  const [listed, asked] = [new URL(allowed), URL.parse(origin)];
  if (asked === null || listed.protocol !== asked.protocol || listed.port !== asked.port) return false;
  return asked.hostname.endsWith(`.${listed.hostname}`);
}

/** What a start call says beside its token. */
interface StartBody {
  displayName: string;
  durationSeconds: number;
  attributes: Attributes;
}

/**
 * Reads the body of a start call.
 *
 * Source: the open chat interface of Amazon, which sends a body of the same form to an owner's own back end.
 */
function readBody(value: unknown): StartBody | { message: string } {
  if (!isObject(value)) return { message: "The body of the start call is no JSON object." };
  const { ParticipantDetails, SupportedMessagingContentTypes: types, ChatDurationInMinutes, Attributes } = value;
  const displayName = isObject(ParticipantDetails) ? ParticipantDetails["DisplayName"] : null;
  if (typeof displayName !== "string" || displayName === "" || displayName.length > MAX_DISPLAY_NAME_CHARACTERS) {
    return { message: `ParticipantDetails has no DisplayName of 1 to ${MAX_DISPLAY_NAME_CHARACTERS} characters.` };
  }
  if (!Array.isArray(types) || types.length === 0 || types.some((type) => typeof type !== "string")) {
    return { message: "SupportedMessagingContentTypes is no list of content types." };
  }
  const minutes = ChatDurationInMinutes ?? DEFAULT_DURATION_MINUTES;
  if (typeof minutes !== "number" || !(minutes >= MIN_DURATION_MINUTES && minutes <= MAX_DURATION_MINUTES)) {
    return { message: `ChatDurationInMinutes is not ${MIN_DURATION_MINUTES} to ${MAX_DURATION_MINUTES}.` };
  }
  const handMade = readAttributes(Attributes, "the start call");
  if ("problem" in handMade) return { message: handMade.problem };
  return { displayName, durationSeconds: minutes * 60, attributes: handMade.attributes };
}

function decideAttributes(
  { attributes: handMade, ...body }: StartBody,
  claims: TokenClaims | null,
  pageOrigin: string,
  switches: Pick<Switches, "handMadeAttributes">,
): StartDecision {
  const signed = readAttributes(claims?.attributes, "the JWT");
  if ("problem" in signed) return refuse(400, signed.problem);
  return {
    start: true,
    grant: {
      ...body,
      attributes: mergeAttributes(signed.attributes, handMade, switches.handMadeAttributes),
      customerId: claims?.customerId ?? null,
      relatedContactId: claims?.relatedContactId ?? null,
      pageOrigin,
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(status: 400 | 401 | 404, message: string): StartDecision {
  return { start: false, status, message };
}
