import { randomUUID } from "node:crypto";
import { type AwsAccess, createConnectApi } from "../../adapters/connect-api.ts";
import { type Snippet } from "../../core/widget/snippet.ts";
import { sendRequest } from "../site/request.ts";

/** How long one check waits for Amazon, in milliseconds. */
const CHECK_TIMEOUT_MS = 5000;

/**
 * The body of the widget's start call: Amazon answers 400 to another form, as it does to a site that is not allowed.
 *
 * Source: the widget's calls as seen in use; Amazon Connect API, StartChatContact.
 */
const START_BODY = JSON.stringify({
  // An agent reads this, where Connect starts the chat.
  ParticipantDetails: { DisplayName: "persistent-chat-edge doctor" },
  Attributes: {},
  SupportedMessagingContentTypes: ["text/plain"],
});

/**
 * Asks Connect to start a chat, as a page does, but without a token.
 *
 * @param snippet The owner's snippet.
 * @param origin The site's origin.
 * @returns Status of the answer: 401 where security is enforced, 200 where a chat was started, 400 where the site is not
 *   allowed or the snippet was changed, 404 where the widget or its flow is missing. `null` where nothing answers, or the
 *   snippet does not say where chats start.
 */
export async function startWithoutToken(
  { scriptUrl, snippetId, widgetId }: Snippet,
  origin: string,
): Promise<number | null> {
  const api = new URL(scriptUrl).origin;
  if (api.endsWith(".cloudfront.net")) return null;
  const url = new URL(`${api}/connectwidget/api/${widgetId}/start`);
  const headers = { origin, "content-type": "application/json", "x-amz-snippet-id": snippetId };
  const answer = await sendRequest(url, { method: "POST", headers, body: START_BODY }).catch(() => null);
  return answer?.status ?? null;
}

const silent = () => undefined;

/**
 * Asks Amazon about a contact that does not exist, as the Worker asks about others.
 *
 * @returns `null` where the key may ask; else the reason, such as `status-403`.
 */
export async function askAmazon(
  access: AwsAccess,
  fetch: (request: Request) => Promise<Response> = globalThis.fetch,
): Promise<string | null> {
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const connect = createConnectApi(access, { fetch, log });
  const patience = { now: Math.floor(Date.now() / 1000), signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) };
  const reply = await connect.describeContact(randomUUID(), patience);
  return reply.outcome === "silent" ? reply.reason : null;
}
