import { isErased, listKnown } from "./judge.ts";
import { isOf, isTakenAway, judgeTakeOver, keyFor } from "./judge-carry-over.ts";
import { breach } from "./report.ts";
import { isCustomer, THIEF } from "./people/people.ts";
import { type Chat, endOf, isReady } from "./world/amazon/chats.ts";
import { type Effect } from "./world/amazon/service-api.ts";
import { type Answer, type ReceivedCall } from "./world/messages.ts";
import { type Contact, newestFirst } from "./world/truth.ts";
import { type World } from "./world/world.ts";

/** How long an open past session may be waited for, in seconds. */
const OPEN_PAST_SECONDS = 180;
/** From when on a past session may be given up that Amazon refuses, in milliseconds after its end. */
const GIVEN_UP_MS = 600_000;
/** How old a chat may be when it is linked, in seconds. */
const LINK_SECONDS = 1800;
/** When a transcript is expected, in milliseconds after the end. */
const READY_AFTER_MS = 60_000;
/** Sessions in the cookie. */
const COOKIE_SESSIONS = 3;
/** Each question goes on where the last one ended. */
const MOST_ASKS_IN_VAIN = 5;
/** The pauses between the questions grow to two minutes. */
const MOST_ASKS = 50;

/** Compares what Amazon was made to do with what really happened. */
export function judgeEffect(world: World, effect: Effect, call: ReceivedCall): void {
  switch (effect.kind) {
    case "linked":
      return judgeLink(world, effect, call);
    case "refused":
      return noteRefusal(world, effect.source);
    case "stopped":
      return judgeStop(world, effect.chat, call);
  }
}

function judgeLink(
  world: World,
  { chat, source }: { readonly chat: Chat; readonly source: Chat },
  call: ReceivedCall,
): void {
  const { figures, truth } = world;
  const contact = truth.contacts.get(chat.id);
  const past = truth.contacts.get(source.id);
  if (contact === undefined || past === undefined) throw new Error("Amazon has linked a chat that nobody started");
  figures.links += 1;
  if (chat.sources.length > 1) breach(world, "linked twice");
  const isTakenToo = [...contact.takenAt.keys()].some((taker) => past.takenAt.has(taker));
  if (!isTakenToo && isTakenAway(past, contact.person, call)) breach(world, "offered to the old cookie");
  if (!isSameOwner(contact, past)) {
    const isCustomers = world.setup.carriesOver && isCustomer(contact.person);
    if (!isCustomers) return breach(world, "another's chat linked");
    judgeTakeOver(world, past, { customer: contact.person, customerKey: contact.visitorKey }, call);
  }
  if (isErased(world, past, call)) breach(world, "erased chat linked");

  const known = listPast(world, call, contact);
  if (known.length === 0) return;
  const ageSeconds = ageOf(contact, call);
  const isPassedOver = (other: Contact) =>
    newestFirst(other, past) < 0 &&
    other.givenUpAt === null &&
    (ageSeconds < OPEN_PAST_SECONDS || isOverAt(world, other, call.traffic.beganAt));
  figures.newestLinkExpected += 1;
  if (known.some(isPassedOver)) breach(world, "not linked to the newest");
  else figures.newestLinked += 1;
}

/** Whether both chats are one person's. */
function isSameOwner(chat: Contact, past: Contact): boolean {
  return [chat.person, ...chat.takenAt.keys()].some((owner) => isOf(past, owner));
}

function noteRefusal({ clock, truth }: World, source: Chat): void {
  const contact = truth.contacts.get(source.id);
  if (contact === undefined) return;
  const endedAt = Math.min(contact.reportedEndAt ?? Infinity, endOf(source) ?? Infinity);
  if (clock.now() > endedAt + GIVEN_UP_MS) contact.givenUpAt ??= clock.now();
}

function judgeStop(world: World, { id }: Chat, call: ReceivedCall): void {
  const { body, sender, traffic } = call;
  const { devices, figures, truth } = world;
  const contact = truth.contacts.get(id);
  const person = contact?.person ?? "nobody";
  figures.abandonedEnded += 1;
  const isForeign = sender.person === THIEF && person !== THIEF;
  if (isForeign || truth.contacts.get(body.contactId ?? "")?.person !== person) return breach(world, "live chat ended");
  // A thief says of its own chats what it likes.
  if (person === THIEF) return;
  // A tab that took the chat up later could not be known.
  const lookedAt = sender.lookedAt ?? traffic.beganAt;
  const live = devices.filter(({ tabs }) =>
    [...tabs.values()].some(({ session, since }) => session.contactId === id && since <= lookedAt),
  );
  const isCustomers = isCustomer(person) || (contact !== undefined && isTakenAway(contact, person, call));
  if (live.includes(sender.device) || (live.length > 0 && isCustomers)) breach(world, "live chat ended");
  else if (live.length > 0) figures.endedFromCopies += 1;
}

/** Judges what the browser is told about the link of its own new chat. */
export function judgeLinkAnswer(world: World, call: ReceivedCall, answer: Answer): void {
  const { body, location, sender, traffic } = call;
  const { amazon, truth } = world;
  const { contactId = "", event } = body;
  const contact = truth.contacts.get(contactId);
  const chat = amazon.chats.find(contactId);
  if (world.setup.linkBy !== "worker" || event !== "started" || answer.status >= 300) return;
  // Nothing is promised to a thief.
  if (contact === undefined || chat === undefined || contact.person !== sender.person || sender.person === THIEF)
    return;
  const { link }: { readonly link: "linked" | "waiting" | "none" } = JSON.parse(answer.text);
  contact.asks += 1;
  if (contact.asks > MOST_ASKS) breach(world, "too many questions");
  noteTemptation(world, contact, call);
  if (link === "linked") return judgeLinked(world, contact, chat);

  const isOver = contact.reportedEndAt !== null || isOverAt(world, contact, traffic.beganAt);
  const wasHeard = !traffic.hasFailed && !traffic.wasAmazonSilent && !amazon.isSilentAt(location);
  if (contact.isFresh || isOver || !wasHeard) return;
  if (hasGivenUpTooEarly(world, contact, call, link)) return breach(world, "not linked");
  if (hasSource(world, contact, call) && traffic.beganAt > chat.settledAt) contact.asksInVain += 1;
  if (contact.asksInVain > MOST_ASKS_IN_VAIN) breach(world, "not linked");
}

function judgeLinked(world: World, contact: Contact, { sources }: Chat): void {
  if (sources.length === 0) return breach(world, "not linked");
  if (!contact.isKnownLinked) world.figures.chatsLinked += 1;
  contact.isKnownLinked = true;
}

function hasGivenUpTooEarly(world: World, contact: Contact, call: ReceivedCall, link: string): boolean {
  if (link !== "none") return false;
  if (ageOf(contact, call) > LINK_SECONDS) return contact.asksInVain > 2;
  return listPast(world, call, contact).some(({ givenUpAt }) => givenUpAt === null);
}

/**
 * Whether this chat should be linked now: the newest session that is not passed over is ready.
 *
 * The Worker may know more sessions than it must.
 */
function hasSource(world: World, contact: Contact, call: ReceivedCall): boolean {
  const { beganAt } = call.traffic;
  const known = listPast(world, call, contact);
  for (const past of listBefore(world, contact)) {
    const isOpen = !isOverAt(world, past, beganAt);
    if (past.givenUpAt !== null || (isOpen && ageOf(contact, call) > OPEN_PAST_SECONDS)) continue;
    const chat = world.amazon.chats.find(past.contactId);
    if (chat === undefined || isOpen || !isReady(chat, beganAt)) return false;
    if (beganAt <= (endOf(chat) ?? 0) + READY_AFTER_MS + 1000) return false;
    if (known.includes(past)) return true;
  }
  return false;
}

/** All of the visitor's sessions from before a chat, newest first. */
function listBefore({ truth }: World, chat: Contact): Contact[] {
  const isBefore = (other: Contact) => isSameVisitors(chat, other) && newestFirst(chat, other) < 0;
  return [...truth.contacts.values()]
    .filter((other) => isBefore(other) && truth.erasedSince(other, keyFor(other, chat.person)) === null)
    .toSorted(newestFirst);
}

/** The visitor's sessions from before a chat that the Worker must know, newest first. */
function listPast(world: World, call: ReceivedCall, chat: Contact): Contact[] {
  if (chat.person !== call.sender.person || chat.visit !== call.sender.visit) return [];
  const all = [...world.truth.contacts.values()].filter((other) => isSameVisitors(chat, other));
  const isInCookie = (past: Contact) => all.filter((other) => newestFirst(other, past) <= 0).length <= COOKIE_SESSIONS;
  return listKnown(world, call).filter((past) => newestFirst(chat, past) < 0 && isInCookie(past));
}

function isSameVisitors(chat: Contact, { takenAt, visitorKey }: Contact): boolean {
  return visitorKey === chat.visitorKey || takenAt.has(chat.person);
}

function isOverAt({ amazon }: World, { contactId }: Contact, time: number): boolean {
  const chat = amazon.chats.find(contactId);
  const endedAt = chat === undefined ? null : endOf(chat);
  return endedAt !== null && endedAt <= time;
}

/** In seconds. */
function ageOf({ issuedAt }: Contact, { traffic }: ReceivedCall): number {
  return Math.floor(traffic.beganAt / 1000) - issuedAt;
}

/** Counts the questions for a chat of a visitor who has forgotten chats, too. */
function noteTemptation(world: World, { visitorKey }: Contact, call: ReceivedCall): void {
  const isTempting = (other: Contact) => other.visitorKey === visitorKey && isErased(world, other, call);
  if ([...world.truth.contacts.values()].some(isTempting)) world.figures.erasedLinkTempted += 1;
}
