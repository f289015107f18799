import type { StartGrant } from "../api/start-call.ts";
import {
  type Author,
  buildContact,
  buildSegment,
  type Change,
  type Contact,
  type ContactView,
  type Link,
  type Message,
  type TranscriptEntry,
} from "./contact.ts";

/** Connect keeps contact records for 24 months: an older contact is unknown. Source: Amazon Connect Administrator Guide. */
const RECORD_LIFE_SECONDS = 730 * 24 * 3600;

/** Contacts, their segments and sessions, as Connect keeps them. No I/O and no clock: `now` is passed in, in seconds. */
export class Contacts {
  readonly #byId = new Map<string, Contact>();
  readonly #onChange: (change: Change) => void;

  constructor(records: readonly Contact[], onChange: (change: Change) => void) {
    for (const record of records) this.#byId.set(record.contactId, record);
    this.#onChange = onChange;
  }

  start(grant: StartGrant, now: number): Contact {
    const contact = buildContact(grant, now);
    this.#byId.set(contact.contactId, contact);
    this.#onChange({ type: "noted", initialContactId: contact.contactId });
    return contact;
  }

  /** @returns The contact; `null` where Connect has no record, or none any more. */
  find(contactId: string, now: number): Contact | null {
    const contact = this.#byId.get(contactId);
    return contact === undefined || now - contact.initiatedAt > RECORD_LIFE_SECONDS ? null : contact;
  }

  findByParticipantToken(token: string): Contact | null {
    return this.#sessions().find(({ session }) => session?.participantToken === token) ?? null;
  }

  findByPersistedSession(value: string): Contact | null {
    return this.#sessions().find(({ session }) => session?.persistedChatSession === value) ?? null;
  }

  /** Sessions whose flow was cut off by a restart of this stand-in. */
  unfinishedFlows(): Contact[] {
    return this.#sessions().filter((contact) => contact.session?.flowEnded === false && this.openSegment(contact));
  }

  /** @throws {Error} When the contact is unknown. */
  initialOf(contactId: string): Contact {
    const contact = this.#byId.get(contactId);
    const initial = contact && this.#byId.get(contact.initialContactId);
    if (!initial) throw new Error(`Cannot find contact "${contactId}"`);
    return initial;
  }

  /** @returns The open segment of the session; `null` after its end. */
  openSegment(contact: Contact): Contact | null {
    return this.#segments(contact.initialContactId).find(({ endedAt }) => endedAt === null) ?? null;
  }

  /** The segment that an event of this session names: the open one, or the last one. */
  latestSegment(contact: Contact): Contact {
    return this.openSegment(contact) ?? this.#segments(contact.initialContactId).at(-1) ?? contact;
  }

  /** @returns The segment out of which a later one was made; `null` for an initial contact. */
  segmentBefore(contact: Contact): Contact | null {
    const segments = this.#segments(contact.initialContactId);
    return segments[segments.indexOf(contact) - 1] ?? null;
  }

  /** @returns The end of the session's last segment; `null` while a segment is open. */
  sessionEndedAt(contact: Contact): number | null {
    const ends = this.#segments(contact.initialContactId).map(({ endedAt }) => endedAt ?? Infinity);
    const last = Math.max(...ends);
    return last === Infinity ? null : last;
  }

  say(contactId: string, from: Author, text: string, now: number): void {
    const segment = this.#requireOpen(contactId, "speak in");
    if (from === "agent" && !segment.agentJoined) {
      segment.agentJoined = true;
      this.#add(segment, "system", "The agent has joined the chat.", now);
      this.#tell("agent-joined", segment, now);
    }
    this.#add(segment, from, text, now);
  }

  transfer(contactId: string, now: number): Contact {
    return this.#addSegment(this.#requireOpen(contactId, "transfer"), "transfer", now);
  }

  survey(contactId: string, now: number): Contact {
    return this.#addSegment(this.#requireOpen(contactId, "send to the survey"), "survey", now);
  }

  /** The customer leaves a session that is open, which stays open. */
  leave(contactId: string, now: number): void {
    const { session } = this.initialOf(contactId);
    const segment = this.#requireOpen(contactId, "leave");
    if (session) session.customerLeft = true;
    this.#tell("customer-left", segment, now);
  }

  /** Ends the session of this contact; nothing happens when it has ended. */
  end(contactId: string, words: string, now: number): void {
    const segment = this.openSegment(this.initialOf(contactId));
    if (segment === null) return;
    this.#add(segment, "system", words, now);
    this.#leave(segment, now);
    segment.endedAt = now;
    this.#tell("ended", segment, now);
  }

  /**
   * Drops the record of a session that has ended, as if Connect had never had it.
   *
   * @throws {Error} When the session is still live.
   */
  forget(contactId: string): void {
    const { contactId: initialContactId } = this.initialOf(contactId);
    const segments = this.#segments(initialContactId);
    if (segments.some(({ endedAt }) => endedAt === null)) {
      throw new Error(`Cannot forget contact "${contactId}": its session is live`);
    }
    for (const segment of segments) this.#byId.delete(segment.contactId);
    this.#onChange({ type: "noted", initialContactId });
  }

  /** Ends the sessions that have lasted longer than their chat duration. */
  expire(now: number): void {
    for (const { contactId, session } of this.#sessions()) {
      if (session && session.expiresAt <= now) this.end(contactId, "The chat has reached its longest duration.", now);
    }
  }

  note(contact: Contact, step: string): void {
    contact.flowLog.push(step);
    this.#onChange({ type: "noted", initialContactId: contact.initialContactId });
  }

  recordLink(contact: Contact, link: Link, now: number): void {
    contact.links.push(link);
    if (link.continuedFrom === null || contact.session === null) return;
    contact.session.rehydratedFrom = link.continuedFrom;
    this.#tell("rehydrated", this.latestSegment(contact), now);
  }

  endFlow(contact: Contact): void {
    if (contact.session) contact.session.flowEnded = true;
    this.#onChange({ type: "noted", initialContactId: contact.initialContactId });
  }

  /** The whole conversation of a session, oldest first: a linked past session comes with its own past. */
  transcript(contactId: string): TranscriptEntry[] {
    return this.#transcriptUpTo(this.latestSegment(this.initialOf(contactId)));
  }

  /** All contacts, later segments too, newest first. */
  views(): ContactView[] {
    return [...this.#byId.values()].toReversed().map((contact) => this.view(contact));
  }

  view(contact: Contact): ContactView {
    const initial = this.initialOf(contact.contactId);
    const related = contact.session?.rehydratedFrom ?? contact.session?.claimedRelatedContactId ?? null;
    return {
      contactId: contact.contactId,
      initialContactId: contact.initialContactId,
      kind: contact.kind,
      relatedContactId: related,
      initiatedAt: contact.initiatedAt,
      endedAt: contact.endedAt,
      live: this.openSegment(contact) !== null,
      attributes: { ...contact.attributes },
      customerId: contact.customerId,
      displayName: initial.session?.displayName ?? "Customer",
      pageOrigin: contact.pageOrigin,
      flowLog: [...contact.flowLog],
      links: contact.links.map((link) => ({ ...link })),
      transcript: this.transcript(contact.contactId),
    };
  }

  records(): Contact[] {
    return [...this.#byId.values()];
  }

  #sessions(): Contact[] {
    return this.records().filter(({ session }) => session !== null);
  }

  #segments(initialContactId: string): Contact[] {
    return this.records().filter((contact) => contact.initialContactId === initialContactId);
  }

  #transcriptUpTo(last: Contact): TranscriptEntry[] {
    const { initialContactId } = last;
    const source = this.#byId.get(this.initialOf(initialContactId).session?.rehydratedFrom ?? "");
    const past = source === undefined ? [] : this.#transcriptUpTo(source);
    for (const entry of past) entry.rehydrated = true;
    const segments = this.#segments(initialContactId);
    const present = segments
      .slice(0, segments.indexOf(last) + 1)
      .flatMap(({ messages }) => messages.map((message) => ({ ...message, initialContactId, rehydrated: false })));
    return [...past, ...present];
  }

  #requireOpen(contactId: string, action: string): Contact {
    const segment = this.openSegment(this.initialOf(contactId));
    if (segment === null) throw new Error(`Cannot ${action} contact "${contactId}": its session has ended`);
    return segment;
  }

  #addSegment(previous: Contact, kind: "transfer" | "survey", now: number): Contact {
    const words =
      kind === "transfer" ? "The chat is transferred to another agent." : "How did we do? Answer with 1 to 5.";
    this.#leave(previous, now);
    previous.endedAt = now;
    const next = buildSegment(previous, kind, now);
    this.#byId.set(next.contactId, next);
    this.#tell("moved", next, now);
    this.#add(next, "system", words, now);
    return next;
  }

  #leave(segment: Contact, now: number): void {
    if (!segment.agentJoined) return;
    segment.agentJoined = false;
    this.#tell("agent-left", segment, now);
  }

  #add(segment: Contact, from: Author, text: string, now: number): void {
    const message: Message = { contactId: segment.contactId, from, text, at: now };
    segment.messages.push(message);
    this.#onChange({ type: "message", initialContactId: segment.initialContactId, message });
  }

  #tell(type: Exclude<Change["type"], "message" | "noted">, segment: Contact, at: number): void {
    this.#onChange({ type, initialContactId: segment.initialContactId, contactId: segment.contactId, at });
  }
}
