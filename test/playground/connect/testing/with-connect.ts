import { afterEach, beforeEach, expect, vi } from "vitest";
import { type Connect, type ConnectOptions, type ContactView, startConnect } from "../connect.ts";
import { signToken } from "../signing/sign-token.ts";

export const pageOrigin = "http://localhost:8787";
export const widgetId = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
export const snippetId = "QVFJREFIanN0".repeat(28);
export const securityKey = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=";

/** The stand-in's clock, in seconds: it moves only when a test moves it. */
export const clock = { now: 1_700_000_000 };

/** The least that a start call says. */
export const startBody = {
  ParticipantDetails: { DisplayName: "Customer" },
  SupportedMessagingContentTypes: ["text/plain"],
};

const open = new Set<Connect>();

/** Starts the stand-in; it is closed after the test. */
export async function connectWith(options: Partial<ConnectOptions> = {}): Promise<Connect> {
  const connect = await startConnect({
    port: 0,
    widgetId,
    snippetId,
    securityKey,
    allowedOrigins: [pageOrigin],
    transcriptDelaySeconds: 45,
    now: () => clock.now,
    ...options,
  });
  open.add(connect);
  return connect;
}

/** Closes the stand-in within a test. */
export async function closeConnect(connect: Connect): Promise<void> {
  open.delete(connect);
  await connect.close();
}

beforeEach(() => {
  clock.now = 1_700_000_000;
});
afterEach(() => Promise.all([...open].map(closeConnect)));

export interface StartChange {
  attributes?: object;
  claims?: object;
  headers?: Record<string, string>;
  /** Added to the least that a start call says. */
  body?: object;
  /** In place of all that. */
  wholeBody?: unknown;
  widgetId?: string;
  token?: string | null;
}

export function callStart(connect: Connect, change: StartChange = {}): Promise<Response> {
  const claims = {
    sub: widgetId,
    iat: clock.now,
    exp: clock.now + 500,
    attributes: change.attributes,
    ...change.claims,
  };
  const token = change.token === undefined ? signToken({ claims, securityKey }) : change.token;
  return fetch(`${connect.origin}/connectwidget/api/${change.widgetId ?? widgetId}/start`, {
    method: "POST",
    headers: {
      origin: pageOrigin,
      "content-type": "application/json",
      "x-amz-snippet-id": snippetId,
      ...(token === null ? {} : { "x-amz-security-token": token }),
      ...change.headers,
    },
    body: JSON.stringify(change.wholeBody ?? { ...startBody, ...change.body }),
  });
}

interface Started {
  contactId: string;
  participantToken: string;
  persistedChatSession: string;
}

export async function start(connect: Connect, change: StartChange = {}): Promise<Started> {
  const response = await callStart(connect, change);
  expect(response.status).toBe(200);
  const { data } = await response.json();
  return {
    contactId: data.startChatResult.ContactId,
    participantToken: data.startChatResult.ParticipantToken,
    persistedChatSession: data.persistedChatSession,
  };
}

export async function startLinked(connect: Connect, source: string, more: object = {}): Promise<ContactView> {
  const { contactId } = await start(connect, { attributes: { chatContinue: "now", contactId: source, ...more } });
  await vi.waitFor(() => expect(view(connect, contactId).flowLog.at(-1)).toMatch(/waits for an agent/));
  return view(connect, contactId);
}

export function view(connect: Connect, contactId: string): ContactView {
  const found = connect.contacts().find((contact) => contact.contactId === contactId);
  if (found === undefined) throw new Error("no such contact");
  return found;
}

export function texts(contact: ContactView): string[] {
  return contact.transcript.filter(({ from }) => from !== "system").map(({ text }) => text);
}

/** Calls the participant API with a chat's participant token, as the widget's client does. */
export async function callParticipant(
  connect: Connect,
  action: "message" | "disconnect",
  participantToken: string,
  body: { text?: string } = {},
): Promise<Response> {
  const post = (path: string, token: string, content: object) =>
    fetch(`${connect.origin}/participant/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-amz-bearer": token },
      body: JSON.stringify(content),
    });
  const opened = await post("connection", participantToken, { Type: ["CONNECTION_CREDENTIALS"] });
  if (!opened.ok) return opened;
  const { ConnectionCredentials } = await opened.json();
  return post(action, ConnectionCredentials.ConnectionToken, { ContentType: "text/plain", Content: body.text });
}

export function resume(connect: Connect, persistedChatSession: string, origin = pageOrigin): Promise<Response> {
  return fetch(`${connect.origin}/connectwidget/api/${widgetId}/resume`, {
    method: "POST",
    headers: { origin, "content-type": "application/json", "x-amz-snippet-id": snippetId },
    body: JSON.stringify({ persistedChatSession }),
  });
}

/** Has a chat with one message from each side, which has ended and whose transcript is ready. */
export async function pastChat(
  connect: Connect,
  words: string,
  attributes: object = { chatContinue: "none" },
): Promise<string> {
  const { contactId, participantToken } = await start(connect, { attributes });
  await vi.waitFor(() => expect(view(connect, contactId).flowLog.at(-1)).toMatch(/waits for an agent/));
  await callParticipant(connect, "message", participantToken, { text: `${words}?` });
  connect.agent.say(contactId, `${words}!`);
  connect.agent.end(contactId);
  clock.now += 45;
  return contactId;
}
