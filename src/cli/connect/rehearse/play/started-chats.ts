import { StopContactCommand } from "@aws-sdk/client-connect";
import { isNotFound } from "../../aws/aws-problem.ts";
import { type Asking, listSession } from "./describe.ts";

/** A chat that the rehearsal has started, or may have started. */
export interface StartedChat {
  readonly startedAt: Date;
  /** `null`: Connect's answer was lost, so that nobody knows whether there is a chat. */
  contactId: string | null;
  isOver: boolean;
  /** Closes the customer's connection, which would keep the command alive. */
  hangUp: () => void;
}

export type StartedChats = StartedChat[];

/**
 * Ends the session of a chat: the contact that is open, also after a transfer.
 *
 * @throws {AwsProblem} Where Connect does not take it.
 */
export async function stopChat({ aws, instanceId }: Asking, chat: StartedChat): Promise<void> {
  chat.hangUp();
  if (chat.isOver || chat.contactId === null) return;
  const session = await listSession({ aws, instanceId }, chat.contactId).catch(() => null);
  const open = (session ?? []).filter(({ isOpen }) => isOpen).map(({ contactId }) => contactId);
  // A list that lags behind must not leave a chat open.
  for (const contactId of new Set([...open, ...(open.length === 0 ? [chat.contactId] : [])])) {
    try {
      await aws.connect.send(new StopContactCommand({ InstanceId: instanceId, ContactId: contactId }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  // Without the list, a transferred chat may go on in another contact.
  chat.isOver = session !== null;
}

/** The chats that could not be ended, for the owner: an agent may find them. */
export function describeLeft(chats: readonly StartedChat[], name: string): string[] {
  return chats
    .filter(({ isOver }) => !isOver)
    .map(({ contactId, startedAt }) => {
      const began = `that began at ${startedAt.toTimeString().slice(0, 5)}`;
      return contactId === null
        ? `A chat named ${name} ${began} may have started, although no answer came: it may still wait for an agent.`
        : `A chat named ${name} ${began} may still wait for an agent: let one accept it and end it.`;
    });
}
