import { toArn } from "../../console/access.ts";
import type { Contact } from "../../contacts/contact.ts";
import { fail, succeed } from "../answer.ts";
import { type Operation, readText, refuseContactId, type Service } from "../operation.ts";

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
    Arn: toArn(service.access, "contact", contactId),
    Id: contactId,
    ...toPlace(contact, service),
    ...(customerId !== null && { CustomerId: customerId }),
    LastUpdateTimestamp: endedAt ?? initiatedAt,
    ...(hasAttributes && Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ...toRecordings(contact, service),
  };
}

/** The transcript's file, once it is there. Its name begins with the contact id. */
function toRecordings({ contactId, endedAt, initiatedAt }: Contact, service: Service): Record<string, unknown> {
  const { console, transcriptDelaySeconds } = service;
  const [bucket] = console.transcriptBuckets;
  if (bucket === undefined || endedAt === null || service.now() < endedAt + transcriptDelaySeconds) return {};
  const time = new Date(initiatedAt * 1000).toISOString();
  const [day, minute] = [time.slice(0, 10).replaceAll("-", "/"), time.slice(0, 16).replaceAll("-", "")];
  const Location = `${bucket}/connect/shop/ChatTranscripts/${day}/${contactId}_${minute}_UTC.json`;
  return { Recordings: [{ StorageType: "S3", Location, Status: "AVAILABLE" }] };
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
