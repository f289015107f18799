import { type Random } from "../random.ts";
import { type Chat, type Chats, endOf, isReady } from "./chats.ts";

export const ACTIONS = [
  "DescribeContact",
  "GetContactAttributes",
  "ListAssociatedContacts",
  "CreatePersistentContactAssociation",
  "StopContact",
] as const;

export type Action = (typeof ACTIONS)[number];

interface ServiceCall {
  readonly action: Action;
  readonly contactId: string;
  readonly body: Body;
}

interface Body {
  readonly ClientToken?: string;
  readonly RehydrationType?: string;
  readonly SourceContactId?: string;
  readonly ContactId?: string;
}

/** What a call has changed, or was refused. */
export type Effect =
  | { readonly kind: "linked" | "refused"; readonly chat: Chat; readonly source: Chat }
  | { readonly kind: "stopped"; readonly chat: Chat };

/** How Amazon behaves where its documentation does not say. */
export interface Switches {
  readonly attributesWhileLive: boolean;
  /** Whether a second link is refused; else the chat is linked a second time. */
  readonly refusesSecondLink: boolean;
}

interface Surroundings {
  readonly chats: Chats;
  readonly random: Random;
  /** In milliseconds. */
  readonly now: number;
  /** The attribute with the visitor key. */
  readonly attribute: string;
  readonly switches: Switches;
  readonly watch: (effect: Effect) => void;
}

const ADDRESSES: readonly (readonly [string, RegExp, Action])[] = [
  ["GET", /^\/contacts\/[^/]+\/([^/]+)$/, "DescribeContact"],
  ["GET", /^\/contact\/attributes\/[^/]+\/([^/]+)$/, "GetContactAttributes"],
  ["GET", /^\/contact\/associated\/[^/]+\?contactId=([^&]+)&maxResults=100$/, "ListAssociatedContacts"],
  ["POST", /^\/contact\/persistent-contact-association\/[^/]+\/([^/]+)$/, "CreatePersistentContactAssociation"],
  ["POST", /^\/contact\/stop()$/, "StopContact"],
];

/**
 * @throws {Error} For a call that Amazon does not have.
 * Source: Amazon Connect API Reference, the actions of these names.
 */
export async function readServiceCall(request: Request): Promise<ServiceCall> {
  const { pathname, search } = new URL(request.url);
  const text = await request.text();
  const body: Body = text === "" ? {} : JSON.parse(text);
  for (const [method, address, action] of ADDRESSES) {
    const [, contactId] = address.exec(pathname + search) ?? [];
    if (method === request.method && contactId !== undefined)
      return { action, contactId: body.ContactId ?? contactId, body };
  }
  throw new Error(`Amazon has no ${request.method} ${pathname}`);
}

/** Does what a call asks for, and answers it. */
export function answerServiceCall(call: ServiceCall, surroundings: Surroundings): Response {
  const { chats, now, random } = surroundings;
  const chat = chats.find(call.contactId);
  if (chat === undefined || (now < chat.settledAt && random.chance(0.6))) return refuse(404, "ResourceNotFound");
  switch (call.action) {
    case "DescribeContact":
      return Response.json({ Contact: describe(chat, call.contactId, surroundings) });
    case "GetContactAttributes":
      return Response.json({ Attributes: { [surroundings.attribute]: chat.visitorKey } });
    case "ListAssociatedContacts":
      return Response.json({ ContactSummaryList: listTree(chat, surroundings) });
    case "CreatePersistentContactAssociation":
      return link(chat, call, surroundings);
    case "StopContact":
      return stop(chat, call.contactId, surroundings);
  }
}

function describe(chat: Chat, contactId: string, { attribute, switches }: Surroundings): object {
  const segment = chat.segments.find(({ id }) => id === contactId);
  const hasAttributes = switches.attributesWhileLive || endOf(chat) !== null;
  return {
    ...summarize(chat, segment ?? chat.segments[0]),
    ...(hasAttributes && { Attributes: { [attribute]: chat.visitorKey } }),
    ...(contactId === chat.id && chat.relatedContactId !== null && { RelatedContactId: chat.relatedContactId }),
  };
}

function summarize(chat: Chat, { id, startedAt, endedAt }: Chat["segments"][0]): object {
  return {
    ...(id !== chat.id && { InitialContactId: chat.id }),
    // DescribeContact says Id, ListAssociatedContacts says ContactId.
    Id: id,
    ContactId: id,
    Channel: "CHAT",
    InitiationTimestamp: startedAt / 1000,
    ...(endedAt !== null && { DisconnectTimestamp: endedAt / 1000 }),
  };
}

/** The contacts of the session, and those of the session that it continues. */
function listTree(chat: Chat, { chats }: Surroundings): object[] {
  const related = chat.relatedContactId === null ? undefined : chats.find(chat.relatedContactId);
  return [chat, ...(related === undefined ? [] : [related])].flatMap((session) =>
    session.segments.map((segment) => summarize(session, segment)),
  );
}

function link(chat: Chat, { body, contactId }: ServiceCall, { chats, now, switches, watch }: Surroundings): Response {
  const { ClientToken = "", RehydrationType, SourceContactId = "" } = body;
  const source = chats.find(SourceContactId);
  const earlier = chat.answered.get(ClientToken);
  if (earlier !== undefined) return Response.json({ ContinuedFromContactId: earlier });
  if (RehydrationType !== "ENTIRE_PAST_SESSION" || contactId !== chat.id || endOf(chat) !== null)
    return refuse(400, "InvalidRequest");
  if (source === undefined) return refuse(404, "ResourceNotFound");
  if (chat.sources.length > 0 && switches.refusesSecondLink) return refuse(400, "InvalidRequest");
  if (source.id !== SourceContactId || !isReady(source, now)) {
    watch({ kind: "refused", chat, source });
    return refuse(400, "InvalidRequest");
  }
  const continuedFrom = source.segments.at(-1)?.id ?? source.id;
  chat.relatedContactId = continuedFrom;
  chat.sources.push(source.id);
  if (ClientToken !== "") chat.answered.set(ClientToken, continuedFrom);
  watch({ kind: "linked", chat, source });
  return Response.json({ ContinuedFromContactId: continuedFrom });
}

function stop(chat: Chat, contactId: string, { now, watch }: Surroundings): Response {
  const segment = chat.segments.find(({ id }) => id === contactId);
  if (segment === undefined || segment.endedAt !== null) return refuse(410, "ContactNotFound");
  segment.endedAt = now;
  watch({ kind: "stopped", chat });
  return new Response(null, { status: 200 });
}

function refuse(status: number, name: string): Response {
  return Response.json({ __type: `${name}Exception` }, { status });
}
