import { type Context } from "hono";
import { hashContactId } from "../../adapters/web-crypto.ts";
import { withSessions } from "../../core/chat/carry-over.ts";
import { type ContactReport, contactReportSchema, decideReport } from "../../core/chat/contact-report.ts";
import { hasConsent } from "../../core/chat/consent.ts";
import { mergeSessions, type Session } from "../../core/chat/visitor-record.ts";
import { ChatError } from "../../errors.ts";
import { MAX_REPORT_BODY_BYTES } from "../../limits.ts";
import { recordMove, recordSessions } from "./carry-over.ts";
import { type Reporter, readReporter } from "./reporter.ts";
import { type ChatServices } from "./services.ts";
import { readJsonBody } from "./call/json-body.ts";
import { sentCookies } from "./call/sent-cookies.ts";
import { linkChat, type LinkResult } from "./link/link-chat.ts";

/**
 * `POST /_chat/contacts`: records that a chat of this visitor started or ended, and links a started one where this Worker
 * does. A repeated report records nothing twice.
 */
export async function postContacts(c: Context, services: ChatServices): Promise<Response> {
  const { config, cookies, log, store } = services;
  if (!hasConsent(config.consentCookie, sentCookies(c))) {
    cookies.deleteAfterRefusal(c);
    throw new ChatError("NO_CONSENT", "Refused a report: this visitor has not given consent");
  }
  const report = await readJsonBody(c.req, contactReportSchema, MAX_REPORT_BODY_BYTES);
  const now = services.now();
  const reporter = await readReporter(c, services, report.ticket, now);
  const { guest, oldest, record, sessions, ticket, visitorKey } = reporter;
  const contactHash = await hashContactId(report.contactId);
  const wasOwned = [...(record?.owned ?? []), ...(guest?.owned ?? [])].includes(contactHash);
  const rules = { now, oldest, wasOwned, takenFrom: guest?.visitorKey };
  const decision = decideReport(report, ticket, sessions, rules);

  if (decision.outcome === "refuse") {
    throw new ChatError(decision.code, `Refused the report of a contact that ${report.event}`);
  }
  const isNew = decision.outcome === "record" && decision.isNew;
  if (isNew && guest?.mayBegin === false) {
    throw new ChatError(
      "TICKET_EXPIRED",
      "Refused a contact: its ticket is not of the visit in which its visitor signed in",
    );
  }
  const reported = decision.outcome === "record" ? mergeSessions([[decision.session], sessions], oldest) : sessions;
  // Amazon is not asked about a chat that is not kept: nobody may claim one in this way.
  if (isNew && config.linkBy === "worker" && !reported.some(({ contactId }) => contactId === report.contactId)) {
    return c.json({ status: "known" }, 200);
  }
  const owner = isNew ? await readOwner(services, contactHash, reporter) : visitorKey;
  const isLinkDue = decision.outcome === "record" || report.event === "started";
  // After every refusal: who may not report must not move chats either.
  const move = reporter.move ?? (isNew ? (guest?.move ?? null) : null);
  const noteMove = once(() => recordMove(services, move));
  const link = isLinkDue
    ? await linkReported(c, services, { report, reporter, sessions: reported, noteMove, now })
    : null;
  if (isNew && link?.isForeign === true) {
    throw new ChatError("CONTACT_NOT_YOURS", "Refused a contact: Amazon says that it is no new chat of this visitor's");
  }
  // First, so that no other customer can take these chats over.
  await noteMove();
  if (owner === null) await store.recordOwner(contactHash, visitorKey);

  const learnt = link?.sessions ?? reported;
  const { news } = reporter;
  if (learnt !== sessions || news !== null) {
    await recordSessions(services, reporter, { sessions: learnt, contactHashes: [contactHash], news }, now);
  }
  if (reporter.cookie !== null) await cookies.write(c, withSessions(reporter.cookie, learnt), now);
  if (decision.outcome === "record") log.info("contact.recorded", { state: report.event });
  const status = decision.outcome === "record" ? "recorded" : "known";
  const answer = link && { link: link.status, askAgainSeconds: link.askAgainSeconds };
  return c.json({ status, ...answer }, decision.outcome === "record" ? 201 : 200);
}

interface Reported {
  readonly report: ContactReport;
  readonly reporter: Reporter;
  readonly sessions: readonly Session[];
  readonly noteMove: () => Promise<void>;
  readonly now: number;
}

/** KV takes one write of a key in a second. */
function once(call: () => Promise<void>): () => Promise<void> {
  let called: Promise<void> | null = null;
  return () => (called ??= call());
}

/** @returns `null` where this Worker links no chats. */
async function linkReported(c: Context, services: ChatServices, reported: Reported): Promise<LinkResult | null> {
  const { noteMove, now, report, reporter, sessions } = reported;
  const { endAbandoned, linkBy } = services.config;
  if (linkBy !== "worker") return null;
  const isOn = await services.isOnFor(c, now);
  return linkChat(services, {
    contactId: report.contactId,
    sessions,
    visitorKey: reporter.visitorKey,
    mayLink: isOn && reporter.ticket.mayLink === true,
    // Another device of a customer may be in that chat.
    mayStop: isOn && endAbandoned && c.req.query("alone") === "1" && !reporter.isCustomer,
    beforeLink: noteMove,
    now,
  });
}

/**
 * The first visitor who reports a contact id owns it for ever.
 *
 * @returns `null` where nobody has reported it yet.
 * @throws {ChatError} `CONTACT_NOT_YOURS` where another visitor has.
 */
async function readOwner(
  { store }: ChatServices,
  contactHash: string,
  { guest, visitorKey }: Reporter,
): Promise<string | null> {
  const owner = await store.readOwner(contactHash);
  if (owner === null || owner === visitorKey || owner === guest?.visitorKey) return owner;
  throw new ChatError("CONTACT_NOT_YOURS", "Refused a contact: it is another visitor's");
}
