import { type TroubleMessage } from "./trouble-message.ts";

/** What is posted for a message. */
export interface AlertRequest {
  readonly url: string;
  /** JSON. */
  readonly body: string;
}

/** Which Worker a message is from. Both are no secrets: the id is in every page. */
export interface AlertSource {
  readonly widgetId: string;
  /** The name of the dataset of Analytics Engine. */
  readonly dataset: string;
}

/** The service regions of PagerDuty's Events API. Source: PagerDuty developer documentation, "Events API v2 Overview". */
const PAGERDUTY_HOSTS = new Set(["events.pagerduty.com", "events.eu.pagerduty.com"]);

/** Incoming webhooks, and workflows of Power Automate under its older and its newer address. */
const TEAMS_HOST = /\.(?:webhook\.office\.com|logic\.azure\.com|powerplatform\.com)$/;

/**
 * Whether an address can take alerts: https, and for PagerDuty with its key. Plain http counts on this machine only, for
 * tests.
 */
export function isWebhook(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  if (url.protocol === "http:") return url.hostname === "localhost" || url.hostname === "127.0.0.1";
  return url.protocol === "https:" && (!isPagerDuty(url) || readRoutingKey(url) !== "");
}

/**
 * The request for a message, in the form that the address's host takes: PagerDuty's Events API v2, which also ends what it has
 * begun; a card of Microsoft Teams; or else `{"text"}`, as Slack, Mattermost and Google Chat take it.
 *
 * @param address A webhook for which `isWebhook()` holds.
 */
export function buildAlertRequest(address: URL, message: TroubleMessage, from: AlertSource): AlertRequest {
  if (isPagerDuty(address)) {
    // The key goes into the body: an address with a key in it stands in the logs of others.
    const event = buildEvent(readRoutingKey(address), message, from);
    return { url: `${address.origin}/v2/enqueue`, body: JSON.stringify(event) };
  }
  const text = formatText(message, from);
  const body = TEAMS_HOST.test(address.hostname) ? buildCard(text) : { text };
  return { url: address.href, body: JSON.stringify(body) };
}

function isPagerDuty({ hostname }: URL): boolean {
  return PAGERDUTY_HOSTS.has(hostname);
}

/** @returns Empty where there is none. */
function readRoutingKey({ searchParams }: URL): string {
  const key = searchParams.get("routing_key") ?? "";
  return /^\w{32}$/.test(key) ? key : "";
}

function formatText({ summary, todo }: TroubleMessage, { widgetId, dataset }: AlertSource): string {
  const lines = [`Chat: ${summary}`, ...(todo === "" ? [] : [`What to do: ${todo}`])];
  return [...lines, `Widget ${widgetId}, dataset ${dataset}.`].join("\n");
}

/** Source: PagerDuty developer documentation, "Send an Alert Event". */
function buildEvent(routingKey: string, message: TroubleMessage, { widgetId, dataset }: AlertSource) {
  const { trouble, isOver, summary, todo } = message;
  const source = `persistent-chat-edge/${widgetId}/${dataset}`;
  // Two Workers with one key, such as of staging and production, have incidents of their own.
  const dedup_key = `${source}/${trouble}`;
  if (isOver) return { routing_key: routingKey, event_action: "resolve", dedup_key };
  return {
    routing_key: routingKey,
    event_action: "trigger",
    dedup_key,
    payload: {
      summary: `Chat: ${summary}`,
      source,
      severity: "error",
      custom_details: { "what to do": todo },
    },
  };
}

/** Source: Microsoft Teams documentation, "Create and send messages", Adaptive Cards by an incoming webhook. */
function buildCard(message: string) {
  const paragraphs = message.split("\n");
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: paragraphs.map((text) => ({ type: "TextBlock", text, wrap: true })),
        },
      },
    ],
  };
}
