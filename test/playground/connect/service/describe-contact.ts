import type { Contact } from "../contacts/contact.ts";
import { fail, succeed } from "./answer.ts";
import { type Operation, readText, refuseContactId, type Service, toContactArn } from "./operation.ts";

/** Source: Amazon Connect API Reference, "DescribeContact"; Administrator Guide, "API throttling quotas". */
export const describeContact: Operation = {
  method: "GET",
  path: /^\/contacts\/(?<InstanceId>[^/]+)\/(?<ContactId>[^/]+)$/,
  perSecond: 10,
  burst: 15,
  run(parameters, service) {
    const refusal = refuseContactId(parameters, "ContactId");
    if (refusal !== null) return refusal;
    const contact = service.contacts.find(readText(parameters, "ContactId"), service.now());
    if (contact === null) return fail("ResourceNotFoundException", "Contact not found.");
    return succeed({ Contact: toDescription(contact, service) });
  },
};

function toDescription(contact: Contact, service: Service): Record<string, unknown> {
  const { attributes, contactId, customerId, endedAt, initiatedAt } = contact;
  const { contacts, switches } = service;
  const hasAttributes = switches.attributesWhileLive === "yes" || contacts.openSegment(contact) === null;
  return {
    Arn: toContactArn(service.access, contactId),
    Id: contactId,
    ...toPlace(contact, service),
    ...(customerId !== null && { CustomerId: customerId }),
    LastUpdateTimestamp: endedAt ?? initiatedAt,
    ...(hasAttributes && Object.keys(attributes).length > 0 && { Attributes: attributes }),
  };
}

/** What every description of a contact says of its place among the others. */
export function toPlace(contact: Contact, { contacts }: Service): Record<string, unknown> {
  const { endedAt, initialContactId, initiatedAt, kind } = contact;
  const previous = contacts.segmentBefore(contact);
  const { relatedContactId } = contacts.view(contact);
  return {
    ...(previous !== null && { InitialContactId: initialContactId, PreviousContactId: previous.contactId }),
    ...(relatedContactId !== null && { RelatedContactId: relatedContactId }),
    Channel: "CHAT",
    InitiationMethod: { start: "API", transfer: "TRANSFER", survey: "DISCONNECT" }[kind],
    InitiationTimestamp: initiatedAt,
    ...(endedAt !== null && { DisconnectTimestamp: endedAt }),
  };
}
