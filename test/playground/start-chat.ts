import { type Playground, snippetId, widgetId } from "./playground.ts";

/**
 * Starts a chat at Connect, as the widget does with our token.
 *
 * @returns Its contact id.
 */
export async function startChat({ connect, worker }: Playground, token: string): Promise<string> {
  const response = await fetch(`${connect.origin}/connectwidget/api/${widgetId}/start`, {
    method: "POST",
    headers: {
      origin: worker.origin,
      "content-type": "application/json",
      "x-amz-snippet-id": snippetId,
      "x-amz-security-token": token,
    },
    body: JSON.stringify({
      ParticipantDetails: { DisplayName: "Customer" },
      SupportedMessagingContentTypes: ["text/plain"],
    }),
  });
  const { data } = await response.json();
  return data.startChatResult.ContactId;
}
