import { callStart } from "../../../site/start-call.ts";
import { joinChat, type Participant } from "./participant.ts";
import { CUSTOMER_NAME } from "./plan.ts";
import { type Stage } from "./stage.ts";
import { type StartedChat } from "./started-chats.ts";

/** A chat that runs, with its customer. */
export interface RunningChat {
  readonly chat: StartedChat;
  readonly contactId: string;
  readonly customer: Participant;
}

/**
 * Starts a chat as the widget does.
 *
 * @param attributes Attributes without a signature, as a call made by hand can have.
 * @throws {Error} Where Connect starts none, with what is wrong and what to do.
 */
export async function startChat(
  stage: Stage,
  token: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<RunningChat> {
  stage.signal.throwIfAborted();
  const { chats, site, snippet } = stage;
  // Known before the call: its answer may be lost.
  const chat: StartedChat = { startedAt: new Date(), contactId: null, isOver: false, hangUp: () => undefined };
  chats.push(chat);
  const request = { origin: site.origin, displayName: CUSTOMER_NAME, token, attributes };
  const answer = await callStart(snippet, request);
  if (answer === null)
    throw new Error("The network broke off while Connect started a chat: check the connection and repeat.");
  if (answer.chat === null) {
    // Of another answer nobody knows whether a chat began.
    chat.isOver = answer.status >= 400 && answer.status < 500;
    throw new Error(explainNoStart(answer.status, site.origin));
  }
  chat.contactId = answer.chat.contactId;
  const customer = await joinChat(stage.aws, answer.chat.participantToken);
  chat.hangUp = () => customer.close();
  return { chat, contactId: chat.contactId, customer };
}

/** Why Connect starts no chat, and what to do. */
export function explainNoStart(status: number, origin: string): string {
  switch (status) {
    case 400:
      return `Connect refuses to start a chat (400): add ${origin} to the widget's allowed domains, or copy the widget's snippet from the console again.`;
    case 401:
      return "Connect refuses the Worker's token (401): the Worker's WIDGET_SECURITY_KEY is not the widget's key. Copy the key from the console, and set it with npx wrangler secret put WIDGET_SECURITY_KEY.";
    case 404:
      return "Connect knows no such widget, or the widget has no flow (404): copy the snippet again, and choose a flow in the widget's settings.";
    default:
      return `Connect answers the start of a chat with ${status}: wait a minute and repeat.`;
  }
}
