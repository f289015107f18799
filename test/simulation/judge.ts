import { claimsOf } from "../worker/visitor-client.ts";
import { CAUGHT_UP_MS } from "./world/kv.ts";
import { type Answer, type Sender, type Session } from "./world/messages.ts";
import { isCustomer, THIEF } from "./people/people.ts";
import { type Breach } from "./report.ts";
import { type Contact } from "./world/truth.ts";
import { RETENTION_DAYS, type Traffic, type World } from "./world/world.ts";

interface Judged {
  readonly sender: Sender;
  readonly answer: Answer;
  readonly traffic: Traffic;
}

/** Compares the contact ids of a token with what really happened. */
export function judgeToken(world: World, judged: Judged & { readonly location: number }): void {
  const { answer, location, sender, traffic } = judged;
  const { amazon, figures, truth } = world;
  figures.mostReadsPerToken = Math.max(figures.mostReadsPerToken, traffic.reads);
  if (traffic.reads > 1) breach(world, "too much KV");
  if (answer.status !== 200) return;
  figures.tokens += 1;
  const { attributes } = claimsOf(JSON.parse(answer.text).token);
  const { contactId = "none", contactIdFallback = "none" } = attributes;
  const offered = [contactId, contactIdFallback].flatMap((id) => truth.contacts.get(id) ?? []);
  figures.contactIdsOffered += offered.length;

  for (const contact of offered) {
    if (contact.person !== sender.person) judgeForeign(world, contact, sender);
    else if (isErased(world, contact, traffic)) breach(world, "erased chat");
  }
  const visitorKey = attributes["persistentChatVisitor"];
  const isTempted = (contact: Contact) => contact.visitorKey === visitorKey && isErased(world, contact, traffic);
  if ([...truth.contacts.values()].some(isTempted)) figures.erasedTempted += 1;
  if (sender.isFresh === true) return;
  judgeNewest(world, judged, offered[0] ?? null);
  if (!traffic.hasFailed && !amazon.isSilentAt(location)) judgeElsewhere(world, judged, offered[0] ?? null);
}

function judgeForeign(world: World, { id }: Contact, { person }: Sender): void {
  const isExpected = person === THIEF && !world.hasAws && world.truth.wasTakenEarly(id, person);
  if (isExpected) world.figures.offersTakenEarly += 1;
  else breach(world, "another's chat");
}

function isErased({ truth }: World, contact: Contact, { beganAt }: Traffic): boolean {
  const since = truth.erasedSince(contact);
  return since !== null && beganAt > since + CAUGHT_UP_MS;
}

function judgeNewest(
  world: World,
  { sender, traffic, location }: Judged & { readonly location: number },
  offered: Contact | null,
): void {
  const { amazon, figures } = world;
  const mayBeOffered = ({ contactId, issuedAt }: Session) => {
    const contact = world.truth.contacts.get(contactId);
    return contact !== undefined && world.truth.erasedSince(contact) === null && issuedAt > oldestOffered(traffic);
  };
  const ownVisit = (sender.acknowledged ?? []).filter(
    (session) => session.person === sender.person && session.visit === sender.visit && mayBeOffered(session),
  );
  const newest = ownVisit.toSorted((a, b) => b.issuedAt - a.issuedAt)[0];
  if (newest === undefined) return;
  // A later chat of the same person may be offered even before its report is answered.
  const isOffered = offered !== null && offered.person === sender.person && offered.issuedAt >= newest.issuedAt;
  if (!isOffered && (traffic.hasFailed || amazon.isSilentAt(location))) {
    figures.newestUnanswered += 1;
    return;
  }
  figures.newestExpected += 1;
  if (isOffered) figures.newestOffered += 1;
  else breach(world, "newest chat lost");
}

/** A customer's chats from other browsers. Not promised: browsers that report at once may overwrite each other's record. */
function judgeElsewhere({ figures, truth }: World, { sender, traffic }: Judged, offered: Contact | null): void {
  const recorded = [...truth.contacts.values()].filter(
    (contact) =>
      contact.person === sender.person &&
      contact.recordedAt !== null &&
      traffic.beganAt > contact.recordedAt + CAUGHT_UP_MS &&
      truth.erasedSince(contact) === null &&
      contact.issuedAt > oldestOffered(traffic),
  );
  if (recorded.length === 0 || !isCustomer(sender.person)) return;
  figures.elsewhereExpected += 1;
  if (offered !== null && recorded.every(({ issuedAt }) => offered.issuedAt >= issuedAt)) figures.elsewhereOffered += 1;
}

/** Counts the KV writes of a report. */
export function judgeReport(
  world: World,
  { sender, body, answer, traffic }: Judged & { readonly body: object | undefined },
): void {
  const { figures, truth } = world;
  const { contactId = "", event = "" }: { contactId?: string; event?: string } = body ?? {};
  if (event === "ended" && sender.isStartKnown === true) {
    figures.mostWritesPerEnd = Math.max(figures.mostWritesPerEnd, traffic.writes);
    if (traffic.writes > 1) breach(world, "too much KV");
  } else {
    figures.mostWritesPerStart = Math.max(figures.mostWritesPerStart, traffic.writes);
    if (traffic.writes > 2) breach(world, "too much KV");
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

function breach({ figures }: World, kind: Breach): void {
  figures.breaches[kind] += 1;
}
