import { type Context } from "hono";
import { type Opened } from "../../adapters/seal.ts";
import { sha256Hex } from "../../adapters/web-crypto.ts";
import { isFromVisit, takeFrom, toGuestMark } from "../../core/chat/carry-over.ts";
import { type Ticket } from "../../core/chat/contact-report.ts";
import { type Guest, listHeld, listSettled, type VisitorCookie } from "../../core/chat/visitor.ts";
import { mergeSessions, oldestKept, type Session, type VisitorRecord } from "../../core/chat/visitor-record.ts";
import { ChatError } from "../../errors.ts";
import { type Move, type News, planCarryOver } from "./carry-over.ts";
import { type ChatServices } from "./services.ts";

/** Whose report it is, and what is known of that visitor. */
export interface Reporter {
  readonly visitorKey: string;
  readonly isCustomer: boolean;
  readonly record: VisitorRecord | null;
  /** Newest first. */
  readonly sessions: readonly Session[];
  /** The earliest start of a session that may be kept. */
  readonly oldest: number;
  readonly ticket: Ticket & { readonly issuedAt: number };
  /** The content of the answer's cookie, but for its sessions; `null`: the browser keeps the cookie that it has. */
  readonly cookie: VisitorCookie | null;
  /** Set for the ticket of a guest whose customer has signed in since. */
  readonly guest: ReportingGuest | null;
  /** What KV has to note before sessions of a guest that are among these are the customer's; `null`: nothing. */
  readonly move: Move | null;
  /** Set where the record lacks sessions that are taken over with this report. */
  readonly news: News | null;
}

interface ReportingGuest {
  readonly visitorKey: string;
  /** SHA-256 of the guest's contact ids. */
  readonly owned: readonly string[];
  /** Whether the ticket may bring a chat of which nothing is known yet. */
  readonly mayBegin: boolean;
  /** What KV has to note before such a chat becomes the customer's; `null`: nothing. */
  readonly move: Move | null;
}

type OpenedTicket = Opened<Ticket>;

const NOTHING_MOVES = { move: null, news: null };

/**
 * Reads who makes a report: a ticket counts only with the cookie of its own visitor, which page script cannot read. With
 * `CARRY_OVER`, a guest's ticket also counts with the cookie of the customer that this guest has become, and a report goes
 * to where the guest's sessions are now.
 */
export async function readReporter(
  c: Context,
  services: ChatServices,
  sealedTicket: string,
  now: number,
): Promise<Reporter> {
  const { config, cookies, store, tickets } = services;
  const opened = await cookies.read(c, now);
  const ticket = await tickets.open(sealedTicket, now);
  if (ticket === null) throw new ChatError("TICKET_INVALID", "Refused a report: its ticket does not open");
  if (opened === null) throw toNotYours();
  const cookie = opened.content;
  const visitorKey = await sha256Hex(cookie.visitorId);
  if (ticket.content.visitorId !== cookie.visitorId) return readSignedIn(services, cookie, visitorKey, ticket, now);
  const { guest } = cookie;
  if (config.carryOverSeconds !== null && guest?.isOpen === true) {
    return readHolding(services, { cookie, guest, visitorKey }, ticket, now);
  }

  const record = await store.readVisitor(visitorKey);
  const movedAt = config.carryOverSeconds === null || record?.movedTo === undefined ? null : record.erasedAt;
  if (record !== null && movedAt !== undefined && movedAt !== null && ticket.issuedAt <= movedAt) {
    return readMoved(services, { cookie, movedAt, record, visitorKey }, ticket, now);
  }
  const known = listKnown(services, record, listSettled(cookie), now);
  const { isCustomer } = cookie;
  return { visitorKey, ...known, isCustomer, ...toProof(ticket), cookie, guest: null, ...NOTHING_MOVES };
}

interface Holding {
  readonly cookie: VisitorCookie;
  readonly guest: Guest;
  readonly visitorKey: string;
}

/** A customer's cookie holds sessions of a guest. Where KV has noted that they moved, only the customer's record lacks them. */
async function readHolding(
  services: ChatServices,
  { cookie, guest, visitorKey }: Holding,
  ticket: OpenedTicket,
  now: number,
): Promise<Reporter> {
  const [record = null, guestRecord = null] = await services.store.readVisitors([visitorKey, guest.visitorKey]);
  const known = listKnown(services, record, listSettled(cookie), now);
  const reporter = { visitorKey, ...known, isCustomer: true, ...toProof(ticket), guest: null };
  // The sign-in itself is for the next token.
  if (guestRecord?.movedTo !== visitorKey) return { ...reporter, cookie, ...NOTHING_MOVES };
  const held = { ...guest, sessions: listHeld(cookie) };
  const { move, news, sessions } = planCarryOver(services, held, guestRecord, { visitorKey, ...known }, now);
  return { ...reporter, sessions, cookie: { ...cookie, guest: toGuestMark(guest, false) }, move, news };
}

/** The ticket is a guest's, and the cookie is the one of the customer who has signed in since. */
async function readSignedIn(
  services: ChatServices,
  cookie: VisitorCookie,
  visitorKey: string,
  ticket: OpenedTicket,
  now: number,
): Promise<Reporter> {
  const { config, store } = services;
  const guestKey = await sha256Hex(ticket.content.visitorId);
  if (config.carryOverSeconds === null || cookie.guest?.visitorKey !== guestKey) throw toNotYours();
  const [record = null, guestRecord = null] = await store.readVisitors([visitorKey, guestKey]);
  const { erasedAt: forgottenAt, movedTo } = guestRecord ?? {};
  if (movedTo !== undefined && movedTo !== visitorKey) throw toNotYours();
  if (forgottenAt !== undefined && movedTo === undefined) {
    throw new ChatError("TICKET_EXPIRED", "Refused a report: the visitor of its ticket has been forgotten");
  }
  const known = listKnown(services, record, listSettled(cookie), now);
  // Also where that was decided before: the location of the sign-in may have known less of the guest.
  const guest = { ...cookie.guest, sessions: listHeld(cookie) };
  const { move, news, sessions } = planCarryOver(services, guest, guestRecord, { visitorKey, ...known }, now);
  const erasedAt = Math.max(now, guest.signedInAt, ticket.issuedAt);
  return {
    visitorKey,
    ...known,
    sessions,
    isCustomer: true,
    ...toProof(ticket),
    cookie: { ...cookie, guest: toGuestMark(cookie.guest, false) },
    guest: {
      visitorKey: guestKey,
      owned: guestRecord?.owned ?? [],
      mayBegin: isFromVisit(ticket.issuedAt, cookie.guest.signedInAt, config.carryOverSeconds),
      move: movedTo === undefined ? { guestKey, erasedAt, movedTo: visitorKey } : null,
    },
    move,
    news,
  };
}

interface Moved {
  readonly cookie: VisitorCookie;
  readonly movedAt: number;
  readonly record: VisitorRecord;
  readonly visitorKey: string;
}

/** Cookie and ticket are a guest's whose sessions have moved: the browser has missed the answer, or sent this before. */
async function readMoved(
  services: ChatServices,
  { cookie, movedAt, record: { movedTo = "", owned }, visitorKey: guestKey }: Moved,
  ticket: OpenedTicket,
  now: number,
): Promise<Reporter> {
  const { config, store } = services;
  const taken = takeFrom(guestKey, cookie.sessions);
  const known = listKnown(services, await store.readVisitor(movedTo), taken, now);
  const mayBegin = isFromVisit(ticket.issuedAt, movedAt, config.carryOverSeconds ?? 0);
  return {
    visitorKey: movedTo,
    ...known,
    isCustomer: true,
    ...toProof(ticket),
    cookie: null,
    guest: { visitorKey: guestKey, owned, mayBegin, move: null },
    ...NOTHING_MOVES,
  };
}

function listKnown(
  { config }: ChatServices,
  record: VisitorRecord | null,
  inCookie: readonly Session[],
  now: number,
): Pick<Reporter, "oldest" | "record" | "sessions"> {
  const oldest = oldestKept(now, config.retentionDays, record?.erasedAt);
  return { record, oldest, sessions: mergeSessions([inCookie, record?.sessions ?? []], oldest) };
}

function toProof({ content, issuedAt }: OpenedTicket): Pick<Reporter, "ticket"> {
  return { ticket: { ...content, issuedAt } };
}

function toNotYours(): ChatError {
  return new ChatError("TICKET_NOT_YOURS", "Refused a report: its ticket was issued to another visitor");
}
