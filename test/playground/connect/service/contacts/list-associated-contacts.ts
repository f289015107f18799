import { toArn } from "../../console/access.ts";
import type { Contact } from "../../contacts/contact.ts";
import { fail, succeed } from "../answer.ts";
import { toPlace } from "./describe-contact.ts";
import { type Operation, readText, refuseContactId, type Service, USUAL_RATE } from "../operation.ts";
import { paginate } from "../paginate.ts";

/**
 * Its rate is not on the list of quotas: it has the rate of the actions that are not.
 *
 * Source: Amazon Connect API Reference, "ListAssociatedContacts"; Administrator Guide, "API throttling quotas".
 */
export const listAssociatedContacts: Operation = {
  method: "GET",
  path: /^\/contact\/associated\/(?<InstanceId>[^/]+)$/,
  query: { contactId: "ContactId", maxResults: "MaxResults", nextToken: "NextToken" },
  ...USUAL_RATE,
  run(parameters, service) {
    const refusal = refuseContactId(parameters, "ContactId");
    if (refusal !== null) return refusal;
    const contact = service.contacts.find(readText(parameters, "ContactId"), service.now());
    if (contact === null) return fail("ResourceNotFoundException", "Contact not found.");
    const items = findTree(contact, service);
    const page = paginate(parameters, { items, defaultResults: 25, maxResults: 100, list: contact.contactId });
    if ("status" in page) return page;
    return succeed({ ContactSummaryList: page.items.map((one) => toSummary(one, service)), ...page.next });
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
  return {
    ContactId: contactId,
    ContactArn: toArn(service.access, "contact", contactId),
    ...toPlace(contact, service),
  };
}
