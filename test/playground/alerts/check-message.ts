import * as v from "valibot";

/** Where a message goes. */
export type AlertService = "slack" | "teams" | "pagerduty";

/** A message that the service takes, as a person reads it; or why the service refuses it. */
export type CheckedMessage = { readonly text: string } | { readonly refusal: string };

/** Slack cuts longer texts at 40,000 characters, and asks for no more than these. Source: Slack API, chat.postMessage. */
const MAX_SLACK_CHARACTERS = 4_000;
/** Source: Microsoft Teams documentation, "Create incoming webhooks with Workflows", size of a message. */
const MAX_TEAMS_BYTES = 28 * 1024;
/** Source: PagerDuty, Events API v2, "Size Limits". */
const MAX_PAGERDUTY_BYTES = 512 * 1024;

const words = v.pipe(v.string(), v.trim(), v.nonEmpty());
/** Newest version of Adaptive Cards that Teams shows on every device. */
const cardVersion = v.picklist(["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"]);

/** Fields of a message for an incoming webhook. An unknown field is a slip. */
const slackMessage = v.strictObject({
  text: words,
  blocks: v.optional(v.array(v.looseObject({ type: words }))),
  mrkdwn: v.optional(v.boolean()),
  unfurl_links: v.optional(v.boolean()),
  unfurl_media: v.optional(v.boolean()),
});

const textBlock = v.looseObject({ type: v.literal("TextBlock"), text: words });
const factSet = v.looseObject({
  type: v.literal("FactSet"),
  facts: v.pipe(v.array(v.strictObject({ title: words, value: words })), v.minLength(1)),
});

/** Source: Microsoft Teams documentation, "Create incoming webhooks with Workflows"; Adaptive Cards schema. */
const teamsMessage = v.strictObject({
  type: v.literal("message"),
  attachments: v.pipe(
    v.array(
      v.strictObject({
        contentType: v.literal("application/vnd.microsoft.card.adaptive"),
        contentUrl: v.optional(v.null()),
        content: v.looseObject({
          $schema: v.optional(
            v.pipe(v.string(), v.regex(/^https?:\/\/adaptivecards\.io\/schemas\/adaptive-card\.json$/)),
          ),
          type: v.literal("AdaptiveCard"),
          version: cardVersion,
          body: v.pipe(v.array(v.variant("type", [textBlock, factSet])), v.minLength(1)),
        }),
      }),
    ),
    v.minLength(1),
  ),
});

const eventPayload = v.strictObject({
  summary: v.pipe(words, v.maxLength(1024)),
  source: words,
  severity: v.picklist(["critical", "error", "warning", "info"]),
  timestamp: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  component: v.optional(v.string()),
  group: v.optional(v.string()),
  class: v.optional(v.string()),
  custom_details: v.optional(v.union([v.record(v.string(), v.unknown()), v.string()])),
});

const ofEveryEvent = {
  routing_key: v.pipe(v.string(), v.regex(/^\w{32}$/)),
  images: v.optional(v.array(v.looseObject({ src: words }))),
  links: v.optional(v.array(v.looseObject({ href: words }))),
  client: v.optional(v.string()),
  client_url: v.optional(v.string()),
};
const dedupKey = v.pipe(words, v.maxLength(255));

/** Source: PagerDuty, Events API v2, "Send an Alert Event". */
const pagerDutyEvent = v.variant("event_action", [
  v.strictObject({
    ...ofEveryEvent,
    event_action: v.literal("trigger"),
    dedup_key: v.optional(dedupKey),
    payload: eventPayload,
  }),
  v.strictObject({
    ...ofEveryEvent,
    event_action: v.picklist(["acknowledge", "resolve"]),
    dedup_key: dedupKey,
    payload: v.optional(eventPayload),
  }),
]);

/** Checks a message as strictly as the service's documentation describes it. */
export function checkMessage(service: AlertService, body: string): CheckedMessage {
  const json = parseJson(body);
  if (service === "slack") return checkSlack(json);
  const limit = service === "teams" ? MAX_TEAMS_BYTES : MAX_PAGERDUTY_BYTES;
  if (Buffer.byteLength(body) > limit) return { refusal: `the message has more than ${limit} bytes` };
  return service === "teams" ? checkTeams(json) : checkPagerDuty(json);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function checkSlack(json: unknown): CheckedMessage {
  const result = v.safeParse(slackMessage, json);
  if (!result.success)
    return { refusal: `${isTextless(json) ? "no_text" : "invalid_payload"}: ${describe(result.issues)}` };
  const { text } = result.output;
  if (text.length > MAX_SLACK_CHARACTERS) return { refusal: `msg_too_long: ${text.length} characters` };
  // Slack reads these three as its own markup. Source: Slack API, "Formatting text for app surfaces".
  const withoutMarkup = text.replaceAll(/<(?:https?:|mailto:|#|@|!)[^<>]*>/g, "");
  if (/[<>]|&(?!(?:amp|lt|gt);)/.test(withoutMarkup)) return { refusal: "invalid_payload: &, < or > is not escaped" };
  return { text };
}

const isTextless = (json: unknown) => typeof json === "object" && json !== null && !("text" in json);

function checkTeams(json: unknown): CheckedMessage {
  const result = v.safeParse(teamsMessage, json);
  if (!result.success) return { refusal: describe(result.issues) };
  const parts = result.output.attachments.flatMap(({ content }) => content.body);
  const lines = parts.flatMap((part) =>
    part.type === "TextBlock" ? part.text : part.facts.map(({ title, value }) => `${title}: ${value}`),
  );
  return { text: lines.join("\n") };
}

function checkPagerDuty(json: unknown): CheckedMessage {
  const result = v.safeParse(pagerDutyEvent, json);
  if (!result.success) return { refusal: describe(result.issues) };
  const { dedup_key, event_action, payload } = result.output;
  return { text: [event_action, dedup_key ?? "", payload?.summary ?? ""].join(" ").trim() };
}

function describe(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .map((issue) => [v.getDotPath(issue), issue.message].filter((part) => part !== null).join(": "))
    .join("; ");
}
