import { type Link, type LinkRequest, rehydrationTypes } from "../../contacts/contact.ts";
import { type Answer, fail, succeed } from "../answer.ts";
import { type Operation, type Parameters, readText, refuseContactId, type Service } from "../operation.ts";

const MAX_CLIENT_TOKEN_CHARACTERS = 500;

/**
 * A refused link is tried again under the same ClientToken: only a link that was made is kept under it. For how long
 * is not documented; here: as long as the contact.
 *
 * Source: Amazon Connect API Reference, "CreatePersistentContactAssociation"; Administrator Guide, "API throttling quotas".
 */
export const createPersistentContactAssociation: Operation = {
  method: "POST",
  path: /^\/contact\/persistent-contact-association\/(?<InstanceId>[^/]+)\/(?<InitialContactId>[^/]+)$/,
  body: ["RehydrationType", "SourceContactId", "ClientToken"],
  perSecond: 5,
  burst: 8,
  run(parameters, service) {
    const { associate, contacts, now } = service;
    const refusal = refuseContactId(parameters, "InitialContactId") ?? refuseContactId(parameters, "SourceContactId");
    if (refusal !== null) return refusal;
    const request = readRequest(parameters);
    if ("status" in request) return request;
    const initialContactId = readText(parameters, "InitialContactId");
    const repeated = repeat(initialContactId, request, service);
    if (repeated !== null) return repeated;
    const contact = contacts.find(initialContactId, now());
    if (contact === null) return fail("ResourceNotFoundException", "The InitialContactId was not found.");
    if (contacts.openSegment(contact) === null) return fail("InvalidRequestException", "The contact is not active.");
    return toAnswer(associate(contacts.initialOf(initialContactId), request));
  },
};

function readRequest(parameters: Parameters): LinkRequest | Answer {
  const rehydrationType = rehydrationTypes.find((type) => type === parameters["RehydrationType"]);
  if (rehydrationType === undefined) {
    return fail("InvalidParameterException", `The RehydrationType is not ${rehydrationTypes.join(" or ")}.`);
  }
  const clientToken = parameters["ClientToken"] ?? null;
  if (clientToken !== null && (typeof clientToken !== "string" || clientToken.length > MAX_CLIENT_TOKEN_CHARACTERS)) {
    return fail("InvalidParameterException", "The ClientToken is not valid.");
  }
  return { source: readText(parameters, "SourceContactId"), rehydrationType, clientToken };
}

/** @returns The answer to a call whose ClientToken was used before; `null` for a new one. */
function repeat(initialContactId: string, request: LinkRequest, { contacts }: Service): Answer | null {
  if (request.clientToken === null) return null;
  for (const { contactId, links } of contacts.records()) {
    const link = links.find(({ clientToken, outcome }) => clientToken === request.clientToken && outcome === "linked");
    if (link === undefined) continue;
    return contactId === initialContactId && isSame(link, request)
      ? toAnswer(link)
      : fail("InvalidRequestException", "The ClientToken was used with other parameters.");
  }
  return null;
}

function isSame(one: LinkRequest, other: LinkRequest): boolean {
  return one.source === other.source && one.rehydrationType === other.rehydrationType;
}

function toAnswer({ continuedFrom, reason, refusal }: Link): Answer {
  if (refusal === "unknown-source") return fail("ResourceNotFoundException", "The SourceContactId was not found.");
  if (refusal !== null) return fail("InvalidRequestException", `The contact cannot be linked: ${reason}.`);
  return succeed(continuedFrom === null ? {} : { ContinuedFromContactId: continuedFrom });
}
