import { type Patience } from "../../../adapters/connect-api.ts";
import {
  type ContactAttributes,
  decideOwnership,
  isLinked,
  type Ownership,
  readContinuedFrom,
} from "../../../core/chat/ownership.ts";
import { type SessionEnd } from "../../../core/chat/session-end.ts";
import { type Session } from "../../../core/chat/visitor-record.ts";
import { type ChatServices } from "../services.ts";

export interface OwnerAnswer {
  readonly ownership: Ownership;
  /** Whether this contact is still open. A session may go on although its first contact is over. */
  readonly isOpen: boolean;
  /** Whether the contact is the first of its session. A transfer makes more contacts of one chat. */
  readonly isFirst: boolean;
  /** The contact that this chat was continued from. */
  readonly continuedFrom: string | null;
}

const NO_ANSWER: OwnerAnswer = { ownership: "unknown", isFirst: true, isOpen: false, continuedFrom: null };

/** What one request asks Amazon Connect: all questions share its patience. */
export interface Inquiry {
  /** Calls of Connect's API so far. */
  readonly calls: number;
  /** @param session A guest's chat that a customer has taken over names the guest, and nobody else. */
  askOwner(session: Pick<Session, "contactId" | "takenFrom">): Promise<OwnerAnswer>;
  askEnd(contactId: string): Promise<SessionEnd>;
  /** @returns The contact that the chat continues from, or why there is none. */
  link(
    contactId: string,
    sourceContactId: string,
    clientToken: string,
  ): Promise<{ from: string } | "refused" | "silent">;
  /** @returns Whether Connect has ended the contact. */
  stop(contactId: string): Promise<boolean>;
}

/** @returns `null` without the AWS settings. */
export function createInquiry(
  { config, connect, log }: ChatServices,
  { now, timeoutMs, visitorKey }: { readonly now: number; readonly timeoutMs: number; readonly visitorKey: string },
): Inquiry | null {
  if (connect === null) return null;
  let patience: Patience | null = null;
  // Begins with the first question.
  const bePatient = () => (patience ??= { now, signal: AbortSignal.timeout(timeoutMs) });
  let calls = 0;
  let mayAskForAttributes = true;

  /** Every token sets some attributes: where the description has none, that tells nothing. */
  const readAttributes = async (
    contactId: string,
    described: ContactAttributes | null | undefined,
  ): Promise<ContactAttributes | null> => {
    if (Object.keys(described ?? {}).length > 0) return described ?? null;
    if (!mayAskForAttributes) return null;
    mayAskForAttributes = false;
    calls += 1;
    const reply = await connect.getContactAttributes(contactId, bePatient());
    return reply.outcome === "answered" ? reply.value : null;
  };

  return {
    get calls() {
      return calls;
    },
    async askOwner({ contactId, takenFrom }) {
      calls += 1;
      const reply = await connect.describeContact(contactId, bePatient());
      if (reply.outcome !== "answered") return NO_ANSWER;
      const contact = reply.value?.Contact;
      const attributes = contact?.Channel === "CHAT" ? await readAttributes(contactId, contact.Attributes) : null;
      const named = takenFrom ?? visitorKey;
      const ownership = decideOwnership(reply.value, attributes, named, config.visitorAttribute);
      if (ownership === "confirmed" && reply.value !== null && attributes !== null) {
        const linked = isLinked(reply.value, attributes);
        if (linked !== null) log.info("chat.linked", { outcome: linked ? "linked" : "not-linked" });
      }
      return {
        ownership,
        isFirst: (contact?.InitialContactId ?? contactId) === contactId,
        isOpen: contact !== undefined && typeof contact.DisconnectTimestamp !== "number",
        continuedFrom: readContinuedFrom(contact?.RelatedContactId),
      };
    },
    async askEnd(contactId) {
      calls += 1;
      const reply = await connect.listAssociatedContacts(contactId, bePatient());
      return reply.outcome === "answered" ? reply.value : { state: "unknown" };
    },
    async link(contactId, sourceContactId, clientToken) {
      calls += 1;
      const reply = await connect.createPersistentContactAssociation(
        contactId,
        sourceContactId,
        clientToken,
        bePatient(),
      );
      return reply.outcome === "answered" ? { from: reply.value } : reply.outcome;
    },
    async stop(contactId) {
      calls += 1;
      const isStopped = (await connect.stopContact(contactId, bePatient())).outcome === "answered";
      if (isStopped) log.info("chat.stopped");
      return isStopped;
    },
  };
}
