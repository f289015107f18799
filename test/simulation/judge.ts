import { claimsOf } from "../worker/visitor-client.ts";
import { CAUGHT_UP_MS } from "./world/kv.ts";
import { type Answer, type ReceivedCall, type Session, type Traffic } from "./world/messages.ts";
import { isCustomer, THIEF } from "./people/people.ts";
import {
  isOf,
  isTakenAway,
  keyFor,
  judgeContinued,
  judgeTakeOver,
  mostWrites,
  mostWritesLater,
  noteHandover,
} from "./judge-carry-over.ts";
import { breach } from "./report.ts";
import { type Contact, newestFirst } from "./world/truth.ts";
import { RETENTION_DAYS } from "./world/setups.ts";
import { type World } from "./world/world.ts";

/** Compares the contact ids of a token with what really happened. */
export function judgeToken(world: World, call: ReceivedCall, answer: Answer): void {
  const { location, sender, traffic } = call;
  const { amazon, figures, truth } = world;
  figures.mostReadsPerToken = Math.max(figures.mostReadsPerToken, traffic.reads);
  figures.mostWritesPerToken = Math.max(figures.mostWritesPerToken, traffic.writes);
  if (traffic.reads > 1) breach(world, "too much KV");
  figures.mostAskedPerToken = Math.max(figures.mostAskedPerToken, traffic.asked.length);
  if (traffic.asked.length > 2) breach(world, "too many questions");
  if (answer.status !== 200) return;
  figures.tokens += 1;
  const { attributes } = claimsOf(JSON.parse(answer.text).token);
  const { contactId = "none", contactIdFallback = "none" } = attributes;
  const offered = [contactId, contactIdFallback].flatMap((id) => truth.contacts.get(id) ?? []);
  figures.contactIdsOffered += offered.length;

  const { persistentChatVisitor: visitorKey = "none" } = attributes;
  if (traffic.writes > mostWrites(world, call, visitorKey)) breach(world, "too much KV");
  if (world.setup.carriesOver) noteHandover(world, call, visitorKey);
  for (const contact of offered) {
    if (contact.person !== sender.person) judgeForeign(world, contact, call, visitorKey);
    else if (isTakenAway(contact, sender.person, call)) breach(world, "offered to the old cookie");
    if (isOf(contact, sender.person) && isErased(world, contact, call)) breach(world, "erased chat");
  }
  const isTempted = (contact: Contact) => contact.visitorKey === visitorKey && isErased(world, contact, call);
  if ([...truth.contacts.values()].some(isTempted)) figures.erasedTempted += 1;
  if (sender.isFresh === true) return;
  const [newest = null] = offered;
  judgeNewest(world, call, newest);
  if (traffic.hasFailed || amazon.isSilentAt(location)) return;
  judgeElsewhere(world, call, newest);
  if (world.setup.carriesOver) judgeContinued(world, call, newest, visitorKey);
}

function judgeForeign(world: World, contact: Contact, call: ReceivedCall, visitorKey: string): void {
  const { contactId } = contact;
  const { person } = call.sender;
  if (world.setup.carriesOver && isCustomer(person))
    return judgeTakeOver(world, contact, { customer: person, customerKey: visitorKey }, call);
  const isExpected = person === THIEF && !world.setup.hasKeys && world.truth.wasTakenEarly(contactId, person);
  if (isExpected) world.figures.offersTakenEarly += 1;
  else breach(world, "another's chat");
}

/** Whether a chat was forgotten so long before a call that every location of KV knew. */
export function isErased({ truth }: World, contact: Contact, { sender, traffic }: ReceivedCall): boolean {
  const since = truth.erasedSince(contact, keyFor(contact, sender.person));
  return since !== null && traffic.beganAt > since + CAUGHT_UP_MS;
}

/** The chats of this browser and this visit that the Worker must know, newest first. */
export function listKnown({ truth }: World, { sender, traffic }: ReceivedCall): Contact[] {
  const isTaken = ({ moved, takenAt }: Contact) =>
    moved !== null || [...takenAt.keys()].some((taker) => taker !== sender.person);
  const isKept = (contact: Contact) =>
    truth.erasedSince(contact) === null && contact.issuedAt > oldestOffered(traffic) && !isTaken(contact);
  const isOwn = ({ person, visit }: Session) => person === sender.person && visit === sender.visit;
  const own = sender.acknowledged.filter(isOwn).flatMap(({ contactId }) => truth.contacts.get(contactId) ?? []);
  return [...new Set(own)].filter(isKept).toSorted(newestFirst);
}

function judgeNewest(world: World, call: ReceivedCall, offered: Contact | null): void {
  const { sender, traffic, location } = call;
  const { amazon, figures } = world;
  const [newest] = listKnown(world, call);
  if (newest === undefined) return;
  // A later chat of the same person may be offered even before its report is answered.
  const isOffered = offered !== null && isOf(offered, sender.person) && offered.issuedAt >= newest.issuedAt;
  if (!isOffered && (traffic.hasFailed || amazon.isSilentAt(location) || isUnknown(world, newest, traffic))) {
    figures.newestUnanswered += 1;
    return;
  }
  figures.newestExpected += 1;
  if (isOffered) figures.newestOffered += 1;
  else breach(world, "newest chat lost");
}

/** Whether some of Amazon's servers do not know this chat yet, or a later one of the visitor. */
function isUnknown({ amazon, truth }: World, newest: Contact, { beganAt }: Traffic): boolean {
  const isOwn = ({ takenAt, visitorKey }: Contact) => visitorKey === newest.visitorKey || takenAt.has(newest.person);
  const isNew = (contact: Contact) => isOwn(contact) && newestFirst(contact, newest) <= 0;
  return [...truth.contacts.values()].some(
    (contact) => isNew(contact) && (amazon.chats.find(contact.contactId)?.settledAt ?? 0) > beganAt,
  );
}

/** A customer's chats from other browsers. Not promised: browsers that report at once may overwrite each other's record. */
function judgeElsewhere({ figures, truth }: World, { sender, traffic }: ReceivedCall, offered: Contact | null): void {
  const recordedAt = ({ person, recordedAt: at, takenAt }: Contact) =>
    (person === sender.person ? at : takenAt.get(sender.person)?.recordedAt) ?? Infinity;
  const recorded = [...truth.contacts.values()].filter(
    (contact) =>
      traffic.beganAt > recordedAt(contact) + CAUGHT_UP_MS &&
      truth.erasedSince(contact, keyFor(contact, sender.person)) === null &&
      contact.issuedAt > oldestOffered(traffic),
  );
  if (recorded.length === 0 || !isCustomer(sender.person)) return;
  figures.elsewhereExpected += 1;
  if (offered !== null && recorded.every(({ issuedAt }) => offered.issuedAt >= issuedAt)) figures.elsewhereOffered += 1;
}

/** Counts the KV writes of a report, and the calls of Amazon. */
export function judgeReport(world: World, call: ReceivedCall, answer: Answer): void {
  const { sender, body, traffic } = call;
  const { figures, truth } = world;
  const { contactId = "", event } = body;
  // A question about attributes comes on top.
  const asked = traffic.asked.filter((action) => action !== "GetContactAttributes").length;
  figures.mostAskedPerReport = Math.max(figures.mostAskedPerReport, traffic.asked.length);
  if (asked > 3 || traffic.asked.length > asked + 1) breach(world, "too many questions");
  if (event === "ended" && sender.isStartKnown === true) {
    figures.mostWritesPerEnd = Math.max(figures.mostWritesPerEnd, traffic.writes);
    if (traffic.writes > 1 + mostWritesLater(world, call)) breach(world, "too much KV");
  } else {
    figures.mostWritesPerStart = Math.max(figures.mostWritesPerStart, traffic.writes);
    if (traffic.writes > 2 + mostWritesLater(world, call)) breach(world, "too much KV");
  }
  const contact = truth.contacts.get(contactId);
  if (contact !== undefined && contact.person !== sender.person) figures.thefts += 1;
  else if (answer.text.includes("CONTACT_NOT_YOURS")) figures.ownersLockedOut += 1;
  if (answer.status === 201) figures.reportsRecorded += 1;
}

/** In seconds. In the minute before the end of retention, a chat may be offered or not. */
function oldestOffered({ beganAt }: Traffic): number {
  return beganAt / 1000 - RETENTION_DAYS * 86_400 + 60;
}
