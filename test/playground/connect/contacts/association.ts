import type { Contact, Link } from "./contact.ts";
import type { Contacts } from "./contacts.ts";
import type { Switches } from "../switches.ts";

export interface AssociationRules {
  transcriptDelaySeconds: number;
  /** Whether Connect fails, for any source. */
  isSpoilt: boolean;
  switches: Pick<Switches, "liveSource" | "earlySource" | "emptySource" | "segmentSource" | "secondLink">;
  now: number;
}

/**
 * Decides what the block Create persistent contact association does (ENTIRE_PAST_SESSION).
 *
 * It links a past session that has ended, whose transcript is ready, and that is named by its initial contact. The
 * branch that other sources take is not documented: switches decide.
 */
export function decideAssociation(contacts: Contacts, contact: Contact, source: string, rules: AssociationRules): Link {
  const { switches, now } = rules;
  const fail = (reason: string): Link => ({ source, outcome: "error", rehydrated: false, reason });
  const branch = (position: "error" | "success", reason: string): Link =>
    position === "error"
      ? fail(reason)
      : { source, outcome: "linked", rehydrated: false, reason: `${reason}: Success, but nothing is rehydrated` };

  if (rules.isSpoilt) return fail("the agent page has spoilt this link");
  if (contact.session?.claimedRelatedContactId) return fail("this chat was started with a relatedContactId");
  if (contact.links.some(({ outcome }) => outcome === "linked"))
    return fail("this chat has linked a past session before");
  if (contact.links.length > 0 && switches.secondLink === "refused") return fail("a second link is refused");
  if (source === "" || source === "none") return branch(switches.emptySource, "there is no source");
  const past = contacts.find(source, now);
  if (past === null) return branch(switches.emptySource, "no contact of this id exists here");
  const endedAt = contacts.sessionEndedAt(past);
  if (endedAt === null) return branch(switches.liveSource, "the past session is still live");
  const missingSeconds = endedAt + rules.transcriptDelaySeconds - now;
  if (missingSeconds > 0) {
    return branch(switches.earlySource, `its transcript is not ready for another ${Math.ceil(missingSeconds)} s`);
  }
  if (past.contactId !== past.initialContactId && switches.segmentSource === "error") {
    return fail("the source is a later segment, not the initial contact of its session");
  }
  return { source, outcome: "linked", rehydrated: true, reason: "the past session came along" };
}
