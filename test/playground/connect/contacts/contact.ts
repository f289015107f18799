import { randomBytes, randomUUID } from "node:crypto";
import type { StartGrant } from "../api/start-call.ts";
import type { Attributes } from "./attributes.ts";

export type Author = "customer" | "agent" | "system";

export interface Message {
  contactId: string;
  from: Author;
  text: string;
  at: number;
}

export interface TranscriptEntry extends Message {
  /** The initial contact of the message's session. */
  initialContactId: string;
  rehydrated: boolean;
}

/** Source: Amazon Connect API Reference, "CreatePersistentContactAssociation" (RehydrationType). */
export const rehydrationTypes = ["ENTIRE_PAST_SESSION", "FROM_SEGMENT"] as const;

export interface LinkRequest {
  source: string;
  rehydrationType: (typeof rehydrationTypes)[number];
  /** Makes a call of the service API repeatable; `null` for the flow's block, and for a call without one. */
  clientToken: string | null;
}

export interface Link extends LinkRequest {
  /** The branch that the link block took. */
  outcome: "linked" | "error";
  /** `null` unless the outcome is `error`. */
  refusal: "unknown-source" | "refused" | null;
  /** Whether the past transcript is in the new chat. */
  rehydrated: boolean;
  /** The contact whose transcript came along, with all before it; `null` where nothing came along. */
  continuedFrom: string | null;
  reason: string;
}

/** One contact record. A session is its initial contact and the later segments; `session` is on the initial one only. */
export interface Contact {
  contactId: string;
  initialContactId: string;
  kind: "start" | "transfer" | "survey";
  initiatedAt: number;
  endedAt: number | null;
  attributes: Attributes;
  customerId: string | null;
  pageOrigin: string;
  agentJoined: boolean;
  flowLog: string[];
  links: Link[];
  messages: Message[];
  session: SessionRecord | null;
}

export interface SessionRecord {
  displayName: string;
  participantId: string;
  participantToken: string;
  persistedChatSession: string;
  expiresAt: number;
  claimedRelatedContactId: string | null;
  /** The contact whose transcript came along, with all before it. */
  rehydratedFrom: string | null;
  flowEnded: boolean;
  /** Connect takes nothing more from the customer, and tells the customer nothing more. */
  customerLeft: boolean;
}

export interface ContactView {
  contactId: string;
  initialContactId: string;
  kind: Contact["kind"];
  relatedContactId: string | null;
  initiatedAt: number;
  endedAt: number | null;
  /** Whether a segment of its session is open. */
  live: boolean;
  attributes: Attributes;
  customerId: string | null;
  displayName: string;
  pageOrigin: string;
  flowLog: string[];
  links: Link[];
  transcript: TranscriptEntry[];
}

/** A change, as the customer's client learns of it; `noted` is for the agent page only. */
export type Change =
  | { type: "message"; initialContactId: string; message: Message }
  | { type: "agent-joined" | "agent-left" | "customer-left"; initialContactId: string; contactId: string; at: number }
  | { type: "rehydrated" | "ended"; initialContactId: string; contactId: string; at: number }
  | { type: "moved"; initialContactId: string; contactId: string; at: number }
  | { type: "noted"; initialContactId: string };

/** The initial contact of a new session. */
export function buildContact(grant: StartGrant, now: number): Contact {
  const contactId = randomUUID();
  return {
    contactId,
    initialContactId: contactId,
    kind: "start",
    initiatedAt: now,
    endedAt: null,
    attributes: grant.attributes,
    customerId: grant.customerId,
    pageOrigin: grant.pageOrigin,
    agentJoined: false,
    flowLog: [],
    links: [],
    messages: [],
    session: {
      displayName: grant.displayName,
      participantId: randomUUID(),
      participantToken: randomBytes(96).toString("base64url"),
      persistedChatSession: randomBytes(48).toString("base64url"),
      expiresAt: now + grant.durationSeconds,
      claimedRelatedContactId: grant.relatedContactId,
      rehydratedFrom: null,
      flowEnded: false,
      customerLeft: false,
    },
  };
}

/** The contact in which a session goes on after `previous`. */
export function buildSegment(previous: Contact, kind: "transfer" | "survey", now: number): Contact {
  return {
    ...previous,
    contactId: randomUUID(),
    kind,
    initiatedAt: now,
    endedAt: null,
    attributes: { ...previous.attributes },
    agentJoined: false,
    flowLog: [`A ${kind} made this contact out of ${previous.contactId}.`],
    links: [],
    messages: [],
    session: null,
  };
}
