import type { Contact, Link, LinkRequest } from "./contact.ts";
import type { Contacts } from "./contacts.ts";
import type { Switches } from "../switches.ts";

type AssociationSwitches = Pick<
  Switches,
  "liveSource" | "earlySource" | "emptySource" | "segmentSource" | "secondLink"
>;

export interface AssociationRules {
  transcriptDelaySeconds: number;
  /** Whether Connect fails, for any source. */
  isSpoilt: boolean;
  switches: AssociationSwitches;
  now: number;
}

/** Links a chat with a past session, or records why not. The contact is the initial one of a live session. */
export type Associate = (contact: Contact, request: LinkRequest) => Link;

/** The one way to a link, for the flow's block and for the service API. */
export function createAssociate(deps: {
  contacts: Contacts;
  switches: AssociationSwitches;
  faults: { isNextLinkSpoilt: boolean };
  transcriptDelaySeconds: number;
  now: () => number;
}): Associate {
  const { contacts, faults, now, switches, transcriptDelaySeconds } = deps;
  return (contact, request) => {
    const rules = { transcriptDelaySeconds, isSpoilt: faults.isNextLinkSpoilt, switches, now: now() };
    faults.isNextLinkSpoilt = false;
    const link = decideAssociation(contacts, contact, request, rules);
    contacts.recordLink(contact, link, now());
    return link;
  };
}

/**
 * Decides what a persistent contact association does: for the block of the flow, and for the service API.
 *
 * It links a past session that has ended, whose transcript is ready, and that is named by its initial contact
 * (ENTIRE_PAST_SESSION) or by any of its contacts (FROM_SEGMENT). What becomes of other sources is not documented:
 * switches decide.
 *
 * Source: Amazon Connect API Reference, "CreatePersistentContactAssociation"; Administrator Guide, persistent chat.
 */
export function decideAssociation(
  contacts: Contacts,
  contact: Contact,
  request: LinkRequest,
  rules: AssociationRules,
): Link {
  const { rehydrationType, source } = request;
  const { switches, now } = rules;
  const fail = (reason: string, refusal: Link["refusal"] = "refused"): Link => ({
    ...request,
    outcome: "error",
    refusal,
    rehydrated: false,
    continuedFrom: null,
    reason,
  });
  const branch = (position: "error" | "success", reason: string, refusal: Link["refusal"] = "refused"): Link =>
    position === "error"
      ? fail(reason, refusal)
      : { ...fail(`${reason}: Success, but nothing is rehydrated`, null), outcome: "linked" };

  if (rules.isSpoilt) return fail("the agent page has spoilt this link");
  if (contact.session?.claimedRelatedContactId) return fail("this chat was started with a relatedContactId");
  if (contact.links.some(({ outcome }) => outcome === "linked"))
    return fail("this chat has linked a past session before");
  if (contact.links.length > 0 && switches.secondLink === "refused") return fail("a second link is refused");
  if (source === "" || source === "none") return branch(switches.emptySource, "there is no source", "unknown-source");
  const past = contacts.find(source, now);
  if (past === null) return branch(switches.emptySource, "no contact of this id exists here", "unknown-source");
  const endedAt = contacts.sessionEndedAt(past);
  if (endedAt === null) return branch(switches.liveSource, "the past session is still live");
  const missingSeconds = endedAt + rules.transcriptDelaySeconds - now;
  if (missingSeconds > 0) {
    return branch(switches.earlySource, `its transcript is not ready for another ${Math.ceil(missingSeconds)} s`);
  }
  const isWhole = rehydrationType === "ENTIRE_PAST_SESSION";
  if (isWhole && past.contactId !== past.initialContactId && switches.segmentSource === "error") {
    return fail("the source is a later segment, not the initial contact of its session");
  }
  return {
    ...request,
    outcome: "linked",
    refusal: null,
    rehydrated: true,
    continuedFrom: (isWhole ? contacts.latestSegment(past) : past).contactId,
    reason: isWhole ? "the past session came along" : "the past session came along up to this contact",
  };
}
