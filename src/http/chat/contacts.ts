import { type Context } from "hono";
import { type Opened } from "../../adapters/seal.ts";
import { hashContactId, sha256Hex } from "../../adapters/web-crypto.ts";
import { contactReportSchema, decideReport, type Ticket } from "../../core/chat/contact-report.ts";
import { hasConsent } from "../../core/chat/consent.ts";
import { type OpenedVisitorCookie } from "../../core/chat/visitor.ts";
import { buildRecord, mergeSessions, oldestKept, recordLifeSeconds } from "../../core/chat/visitor-record.ts";
import { ChatError } from "../../errors.ts";
import { MAX_REPORT_BODY_BYTES } from "../../limits.ts";
import { type ChatServices } from "./services.ts";
import { readJsonBody } from "./json-body.ts";

/** `POST /_chat/contacts`: records that a chat of this visitor started or ended. A repeated report changes nothing. */
export async function postContacts(c: Context, services: ChatServices): Promise<Response> {
  const { config, cookies, log, store, tickets } = services;
  if (!hasConsent(config.consentCookie, c.req.header("cookie") ?? null)) {
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

  switch (decision.outcome) {
    case "refuse":
      throw new ChatError(decision.code, `Refused the report of a contact that ${report.event}`);
    case "known":
      await cookies.write(c, { ...cookie, sessions }, now);
      return c.json({ status: "known" }, 200);
    case "record": {
      if (decision.isNew) await claimContact(services, contactHash, visitorKey);
      const merged = mergeSessions([[decision.session], sessions], oldest);
      const contactHashes = await Promise.all(merged.map(({ contactId }) => hashContactId(contactId)));
      const updated = buildRecord(record, merged, [...contactHashes, contactHash], now);
      await store.recordVisitor(visitorKey, updated, recordLifeSeconds(updated, config.retentionDays));
      await cookies.write(c, { ...cookie, sessions: merged }, now);
      log.info("contact.recorded", { state: report.event });
      return c.json({ status: "recorded" }, 201);
    }
  }
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

/** The first visitor who reports a contact id owns it for ever. */
async function claimContact({ store }: ChatServices, contactHash: string, visitorKey: string): Promise<void> {
  const owner = await store.readOwner(contactHash);
  if (owner === null) return store.recordOwner(contactHash, visitorKey);
  if (owner !== visitorKey) throw new ChatError("CONTACT_NOT_YOURS", "Refused a contact: it is another visitor's");
}
