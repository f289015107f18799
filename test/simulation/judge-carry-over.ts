import { isCustomer, THIEF } from "./people/people.ts";
import { type Breach, breach } from "./report.ts";
import { endOf } from "./world/amazon/chats.ts";
import { CAUGHT_UP_MS } from "./world/kv.ts";
import { type ReceivedCall } from "./world/messages.ts";
import { CARRY_OVER_MINUTES, RETENTION_DAYS } from "./world/setups.ts";
import { type Contact, type Handover, newestFirst } from "./world/truth.ts";
import { type World, type WrittenRecord } from "./world/world.ts";

/** From the first write of a carry-over until every location of KV shows all of it, in milliseconds. */
const SEEN_MS = CAUGHT_UP_MS + 5000;
const CARRY_OVER_MS = CARRY_OVER_MINUTES * 60_000;
/** A browser's word of an end may arrive late. */
const TOLERANCE_MS = 60_000;

/** Whether a chat is a person's: they had it, or took it over. */
export function isOf({ person, takenAt }: Contact, someone: string): boolean {
  return person === someone || takenAt.has(someone);
}

/** The visitor key under which a person has a chat. */
export function keyFor({ takenAt, visitorKey }: Contact, person: string): string {
  return takenAt.get(person)?.customerKey ?? visitorKey;
}

/** Whether others had taken a chat over so long before a call that every location of KV knew. */
export function isTakenAway({ takenAt }: Contact, person: string, { traffic }: ReceivedCall): boolean {
  return !takenAt.has(person) && [...takenAt.values()].some(({ at }) => traffic.beganAt > at + SEEN_MS);
}

/** Notes that somebody signed in, in a browser with the cookie of somebody who was not. */
export function noteHandover(world: World, call: ReceivedCall, visitorKey: string): void {
  const handover = toHandover(world, call, visitorKey);
  if (handover !== null) world.truth.handedOver(handover);
}

/** @param customerKey The visitor key of the customer who asks for the token. */
function toHandover({ customers }: World, call: ReceivedCall, customerKey: string): Handover | null {
  const { body, cookieKey, sender, traffic } = call;
  const { device, guest, person: customer, sitter } = sender;
  if (body.token === undefined || cookieKey === null || customers.has(cookieKey)) return null;
  const { beganAt: at, hasFailed } = traffic;
  return { guestKey: cookieKey, guest, customer, customerKey, sitter, device, at, hasFailed };
}

/** Judges the chats in a customer's record. */
export function judgeRecord(world: World, { visitorKey, contactIds }: WrittenRecord, call: ReceivedCall): void {
  const { clock, customers, setup, truth } = world;
  const { body, cookieKey, sender } = call;
  // The first token of a customer.
  const isSignIn = body.token !== undefined && visitorKey !== cookieKey;
  const customer = customers.get(visitorKey) ?? (isSignIn ? sender.person : THIEF);
  if (!setup.carriesOver || !isCustomer(customer)) return;
  // Before the call is answered, other calls may find the chats moved.
  if (isSignIn) noteHandover(world, call, visitorKey);
  for (const contact of contactIds.flatMap((id) => truth.contacts.get(id) ?? [])) {
    if (contact.person === customer) continue;
    judgeTakeOver(world, contact, { customer, customerKey: visitorKey }, call);
    const taken = contact.takenAt.get(customer);
    if (taken !== undefined) taken.recordedAt ??= clock.now();
  }
}

/** How often a token may write to KV: only where chats move. */
export function mostWrites(world: World, call: ReceivedCall, visitorKey: string): number {
  return toHandover(world, call, visitorKey) === null ? mostWritesLater(world, call) : 2;
}

/** The same for a call with the customer's cookie: where KV failed before, or a chat was not reported yet. */
export function mostWritesLater({ truth }: World, { body, cookieKey }: ReceivedCall): number {
  const contact = truth.contacts.get(body.contactId ?? "");
  const isDue = ({ customerKey, guestKey, hasFailed }: Handover) =>
    customerKey === cookieKey && (hasFailed || guestKey === contact?.visitorKey);
  return truth.handovers.some(isDue) ? 2 : 0;
}

interface Taker {
  readonly customer: string;
  readonly customerKey: string;
}

/** Judges that a customer has a chat of somebody else's. */
export function judgeTakeOver(world: World, contact: Contact, taker: Taker, call: ReceivedCall): void {
  const { clock, figures, truth } = world;
  const { customer, customerKey } = taker;
  if (contact.takenAt.has(customer)) return;
  if (isCustomer(contact.person) || contact.person === THIEF) return breach(world, "another's chat carried over");
  const own = toHandover(world, call, customerKey);
  const handovers = [...(own === null ? [] : [own]), ...truth.handovers].filter(
    (handover) =>
      handover.guestKey === contact.visitorKey &&
      handover.customer === customer &&
      handover.at + SEEN_MS > contact.issuedAt * 1000,
  );
  const problems = handovers.map((handover) => findProblem(world, contact, handover, call));
  const index = problems.indexOf(null);
  const rightly = handovers[index];
  if (rightly === undefined) return breach(world, problems[0] ?? "another's chat carried over");
  if (contact.takenAt.size > 0) figures.takenTwiceEarly += 1;
  contact.takenAt.set(customer, { customerKey, at: clock.now(), recordedAt: null });
  figures.chatsTaken += 1;
  if (contact.sitter !== rightly.sitter) figures.takenFromOthers += 1;
}

/**
 * Why a customer may not take this chat over; `null`: they may.
 *
 * @param call The call with which the chat moves: the sign-in, or a later one.
 */
function findProblem(world: World, contact: Contact, handover: Handover, call: ReceivedCall): Breach | null {
  const { truth } = world;
  const { at, customer, customerKey, device, guest } = handover;
  const { sender, traffic } = call;
  // After a sign-out, somebody else uses the browser.
  const isSameVisit = contact.person === guest && (sender.device !== device || sender.guest === guest);
  if (!isSameVisit) return "carried over after a sign-out";
  if (findLastChat(world, contact.visitorKey, at) < at - CARRY_OVER_MS - TOLERANCE_MS) return "carried over too late";
  if (isTakenAway(contact, customer, call) && !isNotedFor(contact, customerKey)) return "carried over twice";
  const erasures = [contact.visitorKey, customerKey].map((key) => truth.erasedSince(contact, key));
  return erasures.some((since) => since !== null && traffic.beganAt > since + SEEN_MS)
    ? "forgotten chat carried over"
    : null;
}

/** Whether KV says that this customer has the chat, and did so before it could show that another one has it. */
function isNotedFor({ moved, takenAt }: Contact, customerKey: string): boolean {
  return moved?.customerKey === customerKey && [...takenAt.values()].every(({ at }) => moved.at <= at + SEEN_MS);
}

/** When a visitor last began or ended a chat, in milliseconds. */
function findLastChat({ amazon, truth }: World, visitorKey: string, before: number): number {
  const times = [...truth.contacts.values()]
    .filter((contact) => contact.visitorKey === visitorKey)
    .flatMap(({ contactId, issuedAt, lastReportedEndAt }) => {
      const chat = amazon.chats.find(contactId);
      return [issuedAt * 1000, lastReportedEndAt, chat === undefined ? null : endOf(chat)];
    });
  return Math.max(...times.filter((time) => time !== null).filter((time) => time <= before + TOLERANCE_MS));
}

/** Judges whether a customer goes on with what this browser's visitor chatted before signing in. */
export function judgeContinued(world: World, call: ReceivedCall, offered: Contact | null, customerKey: string): void {
  const { figures } = world;
  const newest = findDue(world, call, customerKey);
  if (newest === undefined) return;
  figures.carryOverExpected += 1;
  if (offered !== null && isOf(offered, call.sender.person) && offered.issuedAt >= newest.issuedAt)
    figures.carriedOver += 1;
}

/** The newest chat that a customer must take over with this call. */
function findDue(world: World, call: ReceivedCall, customerKey: string): Contact | undefined {
  const { truth } = world;
  const { sender, traffic } = call;
  const handover = toHandover(world, call, customerKey);
  if (handover === null || !isCustomer(sender.person)) return undefined;
  const oldest = traffic.beganAt - Math.min(CARRY_OVER_MS, RETENTION_DAYS * 86_400_000) + TOLERANCE_MS;
  const isDue = (contact: Contact) =>
    contact.visitorKey === handover.guestKey &&
    contact.person === handover.guest &&
    contact.issuedAt * 1000 > oldest &&
    [...contact.takenAt.keys()].every((taker) => taker === sender.person) &&
    truth.erasedSince(contact) === null &&
    truth.erasedSince(contact, customerKey) === null;
  return sender.acknowledged
    .flatMap(({ contactId }) => truth.contacts.get(contactId) ?? [])
    .filter(isDue)
    .toSorted(newestFirst)[0];
}
