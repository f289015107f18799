import { createHash } from "node:crypto";
import type { Contact } from "../contacts/contact.ts";
import type { Contacts } from "../contacts/contacts.ts";

/** Source: Amazon Connect Participant Service API Reference, "CreateParticipantConnection". */
const LIFE_SECONDS = 24 * 3600;

export interface ConnectionCredentials {
  ConnectionToken: string;
  Expiry: string;
}

/** The token with which a customer's client talks in a chat. It is the same after a restart of this stand-in. */
export function buildCredentials({ session }: Contact, now: number): ConnectionCredentials {
  const Expiry = new Date((now + LIFE_SECONDS) * 1000).toISOString();
  return { ConnectionToken: toConnectionToken(session?.participantToken ?? ""), Expiry };
}

/** @returns The initial contact of the chat; `null` where no chat has this token. */
export function findByConnectionToken(contacts: Contacts, token: string): Contact | null {
  const found = contacts
    .records()
    .find(({ session }) => session !== null && toConnectionToken(session.participantToken) === token);
  return found ?? null;
}

function toConnectionToken(participantToken: string): string {
  return createHash("sha512").update(`connection ${participantToken}`).digest("base64url");
}
