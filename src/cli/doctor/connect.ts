import { randomUUID } from "node:crypto";
import {
  type AwsAccess,
  type ConnectAction,
  type ConnectApi,
  createConnectApi,
  type Patience,
  type Reply,
} from "../../adapters/connect-api.ts";
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
const noLog = { debug: silent, info: silent, warn: silent, error: silent };

/** An action of Connect's API that the doctor has tried. */
export interface TriedAction {
  readonly action: ConnectAction;
  /** `null` where the key may take the action; else why Amazon did not answer, such as `status-403`. */
  readonly reason: string | null;
}

/** Calls that change nothing: there are no contacts of these ids. */
const CALLS: Readonly<Record<ConnectAction, (connect: ConnectApi, patience: Patience) => Promise<Reply<unknown>>>> = {
  DescribeContact: (connect, patience) => connect.describeContact(randomUUID(), patience),
  GetContactAttributes: (connect, patience) => connect.getContactAttributes(randomUUID(), patience),
  ListAssociatedContacts: (connect, patience) => connect.listAssociatedContacts(randomUUID(), patience),
  CreatePersistentContactAssociation: (connect, patience) =>
    connect.createPersistentContactAssociation(randomUUID(), randomUUID(), randomUUID(), patience),
  StopContact: (connect, patience) => connect.stopContact(randomUUID(), patience),
};

/**
 * Takes each action as the Worker does, but with contacts that do not exist: Amazon refuses the contacts of a key that may
 * take the action, and the action of another key.
 */
export function askAmazon(
  access: AwsAccess,
  actions: readonly ConnectAction[],
  fetch: (request: Request) => Promise<Response> = globalThis.fetch,
): Promise<readonly TriedAction[]> {
  return Promise.all(
    actions.map(async (action) => {
      // One API for each: the Worker's makes no calls for a while after one that got no answer.
      const connect = createConnectApi(access, { fetch, log: noLog });
      const patience = { now: Math.floor(Date.now() / 1000), signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) };
      const reply = await CALLS[action](connect, patience);
      return { action, reason: reply.outcome === "silent" ? reply.reason : null };
    }),
  );
}
