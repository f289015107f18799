import { type Context } from "hono";
import { type Opened } from "../../adapters/seal.ts";
import { hashContactId, sha256Hex } from "../../adapters/web-crypto.ts";
import { type ContactReport, contactReportSchema, decideReport, type Ticket } from "../../core/chat/contact-report.ts";
import { hasConsent } from "../../core/chat/consent.ts";
import { type OpenedVisitorCookie, type VisitorCookie } from "../../core/chat/visitor.ts";
import {
  buildRecord,
  mergeSessions,
  oldestKept,
  recordLifeSeconds,
  type Session,
} from "../../core/chat/visitor-record.ts";
import { ChatError } from "../../errors.ts";
import { MAX_REPORT_BODY_BYTES } from "../../limits.ts";
import { type ChatServices } from "./services.ts";
import { readJsonBody } from "./json-body.ts";
import { linkChat, type LinkResult } from "./link/link-chat.ts";

/**
 * `POST /_chat/contacts`: records that a chat of this visitor started or ended, and links a started one where this Worker
 * does. A repeated report records nothing twice.
 */
export async function postContacts(c: Context, services: ChatServices): Promise<Response> {
  const { config, cookies, log, store, tickets } = services;
  if (!hasConsent(config.consentCookie, c.req.header("cookie") ?? null)) {
    cookies.deleteAfterRefusal(c);
    throw new ChatError("NO_CONSENT", "Refused a report: this visitor has not given consent");
  }
  const report = await readJsonBody(c.req, contactReportSchema, MAX_REPORT_BODY_BYTES);
  const now = services.now();
  const { cookie, ticket } = requireOwnTicket(await cookies.read(c, now), await tickets.open(report.ticket, now));

  const visitorKey = await sha256Hex(cookie.visitorId);
  const record = await store.readVisitor(visitorKey);
  const oldest = oldestKept(now, config.retentionDays, record?.erasedAt);
  const sessions = mergeSessions([cookie.sessions, record?.sessions ?? []], oldest);
  const contactHash = await hashContactId(report.contactId);
  const wasOwned = record?.owned.includes(contactHash) === true;
  const decision = decideReport(report, ticket, sessions, { now, oldest, wasOwned });

  if (decision.outcome === "refuse") {
    throw new ChatError(decision.code, `Refused the report of a contact that ${report.event}`);
  }
  const isNew = decision.outcome === "record" && decision.isNew;
  const reported = decision.outcome === "record" ? mergeSessions([[decision.session], sessions], oldest) : sessions;
  // Amazon is not asked about a chat that is not kept: nobody may claim one in this way.
  if (isNew && config.linkBy === "worker" && !reported.some(({ contactId }) => contactId === report.contactId)) {
    return c.json({ status: "known" }, 200);
  }
  const owner = isNew ? await readOwner(services, contactHash, visitorKey) : visitorKey;
  const isLinkDue = decision.outcome === "record" || report.event === "started";
  const link = isLinkDue
    ? await linkReported(c, services, { report, cookie, ticket, sessions: reported, visitorKey, now })
    : null;
  if (isNew && link?.isForeign === true) {
    throw new ChatError("CONTACT_NOT_YOURS", "Refused a contact: Amazon says that it is no new chat of this visitor's");
  }
  if (owner === null) await store.recordOwner(contactHash, visitorKey);

  const learnt = link?.sessions ?? reported;
  if (learnt !== sessions) {
    const contactHashes = await Promise.all(learnt.map(({ contactId }) => hashContactId(contactId)));
    const updated = buildRecord(record, learnt, [...contactHashes, contactHash], now);
    await store.recordVisitor(visitorKey, updated, recordLifeSeconds(updated, config.retentionDays));
  }
  await cookies.write(c, { ...cookie, sessions: [...learnt] }, now);
  if (decision.outcome === "record") log.info("contact.recorded", { state: report.event });
  const status = decision.outcome === "record" ? "recorded" : "known";
  const answer = link && { link: link.status, askAgainSeconds: link.askAgainSeconds };
  return c.json({ status, ...answer }, decision.outcome === "record" ? 201 : 200);
}

interface Reported {
  readonly report: ContactReport;
  readonly cookie: VisitorCookie;
  readonly ticket: Ticket;
  readonly sessions: readonly Session[];
  readonly visitorKey: string;
  readonly now: number;
}

/** @returns `null` where this Worker links no chats. */
async function linkReported(c: Context, services: ChatServices, reported: Reported): Promise<LinkResult | null> {
  const { cookie, now, report, sessions, ticket, visitorKey } = reported;
  const { endAbandoned, linkBy } = services.config;
  if (linkBy !== "worker") return null;
  const isOn = await services.isOnFor(c, now);
  return linkChat(services, {
    contactId: report.contactId,
    sessions,
    visitorKey,
    mayLink: isOn && ticket.mayLink === true,
    // Another device of a customer may be in that chat.
    mayStop: isOn && endAbandoned && c.req.query("alone") === "1" && !cookie.isCustomer,
    now,
  });
}

/** A ticket counts only with the cookie of its own visitor, which page script cannot read. */
function requireOwnTicket(opened: OpenedVisitorCookie | null, ticket: Opened<Ticket> | null) {
  const cookie = opened?.content;
  if (ticket === null) throw new ChatError("TICKET_INVALID", "Refused a report: its ticket does not open");
  if (ticket.content.visitorId !== cookie?.visitorId) {
    throw new ChatError("TICKET_NOT_YOURS", "Refused a report: its ticket was issued to another visitor");
  }
  return { cookie, ticket: { ...ticket.content, issuedAt: ticket.issuedAt } };
}

/**
 * The first visitor who reports a contact id owns it for ever.
 *
 * @returns `null` where nobody has reported it yet.
 * @throws {ChatError} `CONTACT_NOT_YOURS` where another visitor has.
 */
async function readOwner({ store }: ChatServices, contactHash: string, visitorKey: string): Promise<string | null> {
  const owner = await store.readOwner(contactHash);
  if (owner === null || owner === visitorKey) return owner;
  throw new ChatError("CONTACT_NOT_YOURS", "Refused a contact: it is another visitor's");
}
