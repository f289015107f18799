import { UNREADABLE_RECORD, type VisitorRecord } from "../../core/chat/visitor-record.ts";
import { toPrintableLine } from "../shared/printable.ts";
import { listKvKeys, type StoredVisitor } from "./stored-visitor.ts";

/** The output of `show --json`. */
export function buildListing(visitor: StoredVisitor) {
  const { visitorKey, record, contactIds, contactHashes } = visitor;
  return {
    visitorKey,
    forgottenAt: record?.erasedAt === undefined ? null : toIso(record.erasedAt),
    updatedAt: record === null || record === UNREADABLE_RECORD ? null : toIso(record.updatedAt),
    contactIds,
    sessions: (record?.sessions ?? []).map(({ contactId, startedAt, endedAt, verifiedAt }) => ({
      contactId,
      startedAt: toIso(startedAt),
      endedAt: endedAt === undefined ? null : toIso(endedAt),
      verifiedAt: verifiedAt === undefined ? null : toIso(verifiedAt),
    })),
    owned: contactHashes.length,
    kvKeys: listKvKeys(visitor),
  };
}

/** The output of `show`. */
export function renderStoredVisitor(visitor: StoredVisitor): string {
  const { visitorKey, record, contactHashes } = visitor;
  const sessions = record?.sessions ?? [];
  const width = Math.max(...sessions.map(({ contactId }) => contactId.length), "Contact id".length);
  const rows = sessions.map(({ contactId, startedAt, endedAt }) =>
    renderRow(
      width,
      toPrintableLine(contactId),
      toReadable(startedAt),
      endedAt === undefined ? "not known" : toReadable(endedAt),
    ),
  );
  return [
    `Visitor      ${visitorKey}`,
    `State        ${renderState(record)}`,
    `Chats        ${sessions.length} stored with their contact id, ${contactHashes.length} known by their hash`,
    "",
    ...(rows.length === 0 ? [] : [renderRow(width, "Contact id", "Started (UTC)", "Ended (UTC)"), ...rows, ""]),
    "Keys in KV",
    ...listKvKeys(visitor).map((entry) => `  ${toPrintableLine(entry)}`),
    "",
  ].join("\n");
}

function renderRow(width: number, contactId: string, started: string, ended: string): string {
  return `  ${contactId.padEnd(width)}  ${started.padEnd(19)}  ${ended}`;
}

function renderState(record: VisitorRecord | null): string {
  if (record === null) return "the record has expired; KV still has the owner of the contact";
  if (record === UNREADABLE_RECORD) return "the record cannot be read; it counts as empty";
  const changed = `last change ${toReadable(record.updatedAt)} UTC`;
  return record.erasedAt === undefined ? changed : `forgotten ${toReadable(record.erasedAt)} UTC; ${changed}`;
}

/**
 * What Amazon still holds, and how to erase it there.
 *
 * Source: Amazon Connect Administrator Guide, "Output file locations for Contact Lens", "Search for contacts"; Amazon
 * Connect API, UpdateContactAttributes, ListAssociatedContacts.
 */
export function renderAmazonSteps({ visitorKey, contactIds, contactHashes }: StoredVisitor): string {
  const unnamed = contactHashes.length - contactIds.length;
  return [
    "Amazon keeps its data until you erase it there:",
    ...contactIds.map((contactId) => `  contact id ${toPrintableLine(contactId)}`),
    ...(unnamed > 0
      ? [
          `  and ${unnamed} older, whose ids are no longer stored here: search Connect's contacts for the visitor attribute`,
          `  (persistentChatVisitor, unless you named it otherwise) = ${visitorKey}`,
        ]
      : []),
    '- Transcripts and attachments: in the S3 buckets under "Data storage" of your instance; a transcript\'s file has the',
    "  contact id in its name. Contact Lens keeps copies under Analysis/Chat and Analysis/Chat/Redacted.",
    "- Transfers and surveys make more contacts. To list them: aws connect list-associated-contacts",
    "- Contact records cannot be deleted; they expire after 24 months. To empty the attributes you set in them:",
    "  aws connect update-contact-attributes",
    "",
  ].join("\n");
}

/** Seconds since 1970 as UTC, such as `2026-11-23T21:02:11Z`. */
export function toIso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function toReadable(seconds: number): string {
  return toIso(seconds).slice(0, 19).replace("T", " ");
}
