import { randomUUID } from "node:crypto";
import { type AwsAccess, createContactOwners } from "../../adapters/describe-contact.ts";
import { type Log } from "../../adapters/log.ts";
import { type Snippet } from "../../core/widget/snippet.ts";
import { sendRequest } from "../site/request.ts";

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
  let reason = "unknown";
  // The reason goes to the log only.
  const warn: Log["warn"] = (_event, fields) => {
    reason = String(fields?.["reason"]);
  };
  const log = { debug: silent, info: silent, warn, error: silent };
  const owners = createContactOwners(access, "persistentChatVisitor", { fetch, log });
  const ownership = await owners.check(randomUUID(), "nobody", Math.floor(Date.now() / 1000));
  return ownership === "unknown" ? reason : null;
}
