import { createHash } from "node:crypto";
import type { Contact, TranscriptEntry } from "../contacts/contact.ts";
import type { Contacts } from "../contacts/contacts.ts";
import { type Page, paginate } from "../service/paginate.ts";

const DEFAULT_RESULTS = 10;
const MAX_RESULTS = 100;
const NOBODY = { displayName: "Customer", participantId: "" };
const NAMES = { agent: "Agent", system: "SYSTEM_MESSAGE" } as const;

/** One message, as the models of the Participant Service have it. */
export type TranscriptItem = Readonly<Record<string, string>> & { readonly Id: string; readonly AbsoluteTime: string };

/** The messages of a chat, oldest first: those of a linked chat come before its own. */
export function toTranscriptItems(contacts: Contacts, { contactId }: Contact): TranscriptItem[] {
  const { displayName, participantId } = contacts.initialOf(contactId).session ?? NOBODY;
  const counts = new Map<string, number>();
  return contacts.transcript(contactId).map((entry) => {
    // A link puts the past chat's messages before these: their number in the whole is not theirs alone.
    const number = (counts.get(entry.contactId) ?? 0) + 1;
    counts.set(entry.contactId, number);
    return toItem(entry, toId(`${entry.contactId} ${number}`), displayName, participantId);
  });
}

/**
 * Reads one page of a transcript: the newest messages first, unless the caller asks otherwise.
 *
 * @returns `null` where the call is badly formed. `StartPosition` is not known here.
 * Source: Amazon Connect Participant Service API Reference, "GetTranscript", "Item".
 */
export function readTranscript(
  contacts: Contacts,
  contact: Contact,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  const { ContactId, ScanDirection = "BACKWARD", SortOrder = "DESCENDING", StartPosition } = body;
  if (StartPosition !== undefined || (ContactId !== undefined && !isOfSession(contacts, contact, ContactId)))
    return null;
  if (ScanDirection !== "BACKWARD" && ScanDirection !== "FORWARD") return null;
  if (SortOrder !== "ASCENDING" && SortOrder !== "DESCENDING") return null;
  const oldestFirst = toTranscriptItems(contacts, contact);
  const items = ScanDirection === "FORWARD" ? oldestFirst : oldestFirst.toReversed();
  const list = `${contact.contactId} ${ScanDirection}`;
  const page = paginate(body, { items, defaultResults: DEFAULT_RESULTS, maxResults: MAX_RESULTS, list });
  if ("status" in page) return null;
  return { InitialContactId: contact.contactId, Transcript: sort(page, ScanDirection, SortOrder), ...page.next };
}

function sort({ items }: Page<TranscriptItem>, scan: string, order: string): readonly TranscriptItem[] {
  return (scan === "FORWARD") === (order === "ASCENDING") ? items : items.toReversed();
}

function isOfSession(contacts: Contacts, contact: Contact, contactId: unknown): boolean {
  return contacts
    .records()
    .some((one) => one.contactId === contactId && one.initialContactId === contact.initialContactId);
}

function toItem(entry: TranscriptEntry, Id: string, customer: string, participantId: string): TranscriptItem {
  const { at, contactId, from, rehydrated, text } = entry;
  return {
    AbsoluteTime: new Date(at * 1000).toISOString(),
    Content: text,
    ContentType: "text/plain",
    Id,
    Type: "MESSAGE",
    ParticipantId: from === "customer" && !rehydrated ? participantId : toId(`${contactId} ${from}`),
    DisplayName: from === "customer" ? customer : NAMES[from],
    ParticipantRole: from.toUpperCase(),
    ...(rehydrated ? { RelatedContactId: contactId } : { ContactId: contactId }),
  };
}

/** The same text gives the same id, in the form of a UUID. */
function toId(text: string): string {
  const hash = createHash("sha256").update(text).digest("hex");
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
