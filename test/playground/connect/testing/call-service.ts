import { AwsClient } from "aws4fetch";
import { type AccessKey, type Connect, type ServiceAccess } from "../connect.ts";
import { clock } from "./with-connect.ts";

export const access: ServiceAccess = {
  region: "eu-central-1",
  instanceId: "b54f1e0a-3c77-4b6d-8e51-0c9a7d2f6e48",
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
export const ownerAccess: AccessKey = {
  accessKeyId: "AKIDOWNEREXAMPLE",
  secretAccessKey: "owner+bPxRfiCYEXAMPLEKEYwJalrXUtnFEMIK7MDENG",
};
export const unknownId = "2b7e1516-28ae-4d2a-abf7-158809cf4f3c";

export interface CallChange extends Partial<ServiceAccess> {
  method?: string;
  /** What is sent in place of what was signed. */
  sent?: { path?: string; host?: string; headers?: Record<string, string> };
  signal?: AbortSignal;
}

/** Signs as a client of the real service would, and sends it here. */
export async function callService(
  connect: Connect,
  path: string,
  body?: unknown,
  change: CallChange = {},
): Promise<Response> {
  const { accessKeyId, region, secretAccessKey } = { ...access, ...change };
  const { method = body === undefined ? "GET" : "POST", sent = {}, signal } = change;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "connect" });
  const url = new URL(`https://connect.${region}.amazonaws.com${path}`);
  const datetime = new Date(clock.now * 1000).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const content = text === undefined ? {} : { body: text, headers: { "content-type": "application/json" } };
  const { headers } = await client.sign(url.href, { method, ...content, aws: { datetime } });
  headers.set("x-addressed-host", sent.host ?? url.host);
  for (const [name, value] of Object.entries(sent.headers ?? {})) headers.set(name, value);
  return fetch(connect.origin + (sent.path ?? path), {
    method,
    headers,
    ...(text !== undefined && { body: text }),
    ...(signal !== undefined && { signal }),
  });
}

export function describeContact(connect: Connect, contactId: string, change: CallChange = {}): Promise<Response> {
  const { instanceId } = { ...access, ...change };
  return callService(connect, `/contacts/${instanceId}/${contactId}`, undefined, change);
}

export interface Association {
  RehydrationType?: string;
  SourceContactId?: string;
  ClientToken?: string;
}

/** Links a chat with a past session, by ENTIRE_PAST_SESSION unless told otherwise. */
export function associate(
  connect: Connect,
  contactId: string,
  association: Association,
  change: CallChange = {},
): Promise<Response> {
  const { instanceId } = { ...access, ...change };
  const path = `/contact/persistent-contact-association/${instanceId}/${contactId}`;
  return callService(connect, path, { RehydrationType: "ENTIRE_PAST_SESSION", ...association }, change);
}

export function getContactAttributes(connect: Connect, contactId: string, change: CallChange = {}): Promise<Response> {
  const { instanceId } = { ...access, ...change };
  return callService(connect, `/contact/attributes/${instanceId}/${contactId}`, undefined, change);
}

export function listAssociatedContacts(
  connect: Connect,
  query: Record<string, string>,
  change: CallChange = {},
): Promise<Response> {
  const { instanceId } = { ...access, ...change };
  const path = `/contact/associated/${instanceId}?${new URLSearchParams(query)}`;
  return callService(connect, path, undefined, change);
}

export function stopContact(
  connect: Connect,
  contactId: string,
  more: object = {},
  change: CallChange = {},
): Promise<Response> {
  const { instanceId } = { ...access, ...change };
  return callService(connect, "/contact/stop", { ContactId: contactId, InstanceId: instanceId, ...more }, change);
}

/** Status and exception, as a caller tells failures apart. */
export async function outcome(response: Promise<Response>): Promise<string> {
  const { headers, status } = await response;
  return `${status} ${headers.get("x-amzn-errortype") ?? ""}`.trim();
}
