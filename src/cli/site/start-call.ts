import * as v from "valibot";
import { type Snippet } from "../../core/widget/snippet.ts";
import { parseJson, readText, sendRequest } from "./request.ts";

/** What a page says when it starts a chat. */
export interface StartRequest {
  /** The site's origin. */
  readonly origin: string;
  /** An agent reads this, where Connect starts the chat. */
  readonly displayName: string;
  /** The widget's JWT; absent: the call has none. */
  readonly token?: string;
  /** Attributes beside those of the token, as a call made by hand can have. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface StartAnswer {
  /**
   * 200 where a chat was started, 400 where the site is not allowed or the snippet was changed, 401 where the token is
   * missing or wrong, 404 where the widget or its flow is missing.
   */
  readonly status: number;
  /** `null` where no chat was started, or the answer has another form. */
  readonly chat: { readonly contactId: string; readonly participantToken: string } | null;
}

const answerSchema = v.object({
  data: v.object({ startChatResult: v.object({ ContactId: v.string(), ParticipantToken: v.string() }) }),
});

/** The same widget at a stand-in for AWS: no test may start a chat at the real one. */
export function moveTo(endpoint: string | null, snippet: Snippet): Snippet {
  if (endpoint === null) return snippet;
  return { ...snippet, scriptUrl: new URL(new URL(snippet.scriptUrl).pathname, endpoint).href };
}

/**
 * Asks Connect to start a chat, as the widget does in a page.
 *
 * @returns `null` where nothing answers, or the snippet does not say where chats start.
 * Source: the widget's calls as seen in use; Amazon Connect API, StartChatContact.
 */
export async function callStart(
  { scriptUrl, snippetId, widgetId }: Snippet,
  { attributes = {}, displayName, origin, token }: StartRequest,
): Promise<StartAnswer | null> {
  const api = new URL(scriptUrl).origin;
  if (api.endsWith(".cloudfront.net")) return null;
  const url = new URL(`${api}/connectwidget/api/${widgetId}/start`);
  const headers = {
    origin,
    "content-type": "application/json",
    "x-amz-snippet-id": snippetId,
    ...(token !== undefined && { "x-amz-security-token": token }),
  };
  // Amazon answers 400 to another form, as it does to a site that is not allowed.
  const body = JSON.stringify({
    ParticipantDetails: { DisplayName: displayName },
    Attributes: attributes,
    SupportedMessagingContentTypes: ["text/plain"],
  });
  const answer = await sendRequest(url, { method: "POST", headers, body }).catch(() => null);
  if (answer === null) return null;
  const started = v.safeParse(answerSchema, parseJson(readText(answer)));
  if (!started.success) return { status: answer.status, chat: null };
  const { ContactId, ParticipantToken } = started.output.data.startChatResult;
  return { status: answer.status, chat: { contactId: ContactId, participantToken: ParticipantToken } };
}
