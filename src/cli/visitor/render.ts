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
    sessions: (record?.sessions ?? []).map((session) => ({
      contactId: session.contactId,
      startedAt: toIso(session.startedAt),
      endedAt: toIsoOrNull(session.endedAt),
      verifiedAt: toIsoOrNull(session.verifiedAt),
      linkedTo: session.linkedTo ?? null,
      unlinkableAt: toIsoOrNull(session.unlinkableAt),
      takenFrom: session.takenFrom ?? null,
    })),
    guests: visitor.guests.map((guest) => guest.visitorKey),
    owned: contactHashes.length,
    kvKeys: listKvKeys(visitor),
  };
}

/** The output of `show`. */
export function renderStoredVisitor(visitor: StoredVisitor): string {
  const { visitorKey, record, contactHashes, guests } = visitor;
  const sessions = record?.sessions ?? [];
  const width = Math.max(...sessions.map(({ contactId }) => contactId.length), "Contact id".length);
  const rows = sessions.flatMap(({ contactId, startedAt, endedAt, linkedTo, takenFrom }) => [
    renderRow(
      width,
      toPrintableLine(contactId),
      toReadable(startedAt),
      endedAt === undefined ? "not known" : toReadable(endedAt),
    ),
    ...(linkedTo === undefined ? [] : [`    continues ${toPrintableLine(linkedTo)}`]),
    ...(takenFrom === undefined ? [] : [`    from before the sign-in, as guest ${takenFrom}`]),
  ]);
  return [
    `Visitor      ${visitorKey}`,
    ...guests.map((guest) => `Guest before ${guest.visitorKey}`),
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

function toIsoOrNull(seconds: number | undefined): string | null {
  return seconds === undefined ? null : toIso(seconds);
}

/** Seconds since 1970 as UTC, such as `2026-11-23T21:02:11Z`. */
export function toIso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function toReadable(seconds: number): string {
  return toIso(seconds).slice(0, 19).replace("T", " ");
}
