import type { Contact } from "../contacts/contact.ts";
import { fail, succeed } from "./answer.ts";
import { toPlace } from "./describe-contact.ts";
import { type Operation, type Parameters, readText, refuseContactId, type Service, toContactArn } from "./operation.ts";

const DEFAULT_RESULTS = 25;
const MAX_RESULTS = 100;

/**
 * Its rate is not on the list of quotas: it has the rate of the actions that are not.
 *
 * Source: Amazon Connect API Reference, "ListAssociatedContacts"; Administrator Guide, "API throttling quotas".
 */
export const listAssociatedContacts: Operation = {
  method: "GET",
  path: /^\/contact\/associated\/(?<InstanceId>[^/]+)$/,
  query: { contactId: "ContactId", maxResults: "MaxResults", nextToken: "NextToken" },
  perSecond: 2,
  burst: 5,
  run(parameters, service) {
    const refusal = refuseContactId(parameters, "ContactId");
    if (refusal !== null) return refusal;
    const contact = service.contacts.find(readText(parameters, "ContactId"), service.now());
    if (contact === null) return fail("ResourceNotFoundException", "Contact not found.");
    const size = readPageSize(parameters);
    if (size === null) return fail("InvalidParameterException", `MaxResults is not 1 to ${MAX_RESULTS}.`);
    const start = readStart(parameters, contact);
    if (start === null) return fail("InvalidParameterException", "The NextToken is not valid.");
    const tree = findTree(contact, service);
    const end = start + size;
    return succeed({
      ContactSummaryList: tree.slice(start, end).map((one) => toSummary(one, service)),
      ...(end < tree.length && { NextToken: toNextToken(contact, end) }),
    });
  },
};

function findTree(contact: Contact, { contacts, switches }: Service): Contact[] {
  const all = contacts.records();
  const sessions = new Set([contact.initialContactId]);
  for (let known = 0; switches.contactTree === "linked" && known < sessions.size;) {
    known = sessions.size;
    for (const { initialContactId, session } of all) {
      const past = all.find(({ contactId }) => contactId === session?.rehydratedFrom)?.initialContactId;
      if (past === undefined || (!sessions.has(past) && !sessions.has(initialContactId))) continue;
      sessions.add(past).add(initialContactId);
    }
  }
  return all.filter(({ initialContactId }) => sessions.has(initialContactId));
}

function toSummary(contact: Contact, service: Service): Record<string, unknown> {
  const { contactId } = contact;
  return { ContactId: contactId, ContactArn: toContactArn(service.access, contactId), ...toPlace(contact, service) };
}

function readPageSize(parameters: Parameters): number | null {
  if (parameters["MaxResults"] === undefined) return DEFAULT_RESULTS;
  const text = readText(parameters, "MaxResults");
  const size = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return size >= 1 && size <= MAX_RESULTS ? size : null;
}

function readStart(parameters: Parameters, contact: Contact): number | null {
  if (parameters["NextToken"] === undefined) return 0;
  const [contactId, start] = Buffer.from(readText(parameters, "NextToken"), "base64").toString("utf8").split(":");
  return contactId === contact.contactId && /^\d+$/.test(start ?? "") ? Number(start) : null;
}

/** Opaque, and with characters that a query has to encode. */
function toNextToken({ contactId }: Contact, start: number): string {
  return Buffer.from(`${contactId}:${start}`).toString("base64");
}
