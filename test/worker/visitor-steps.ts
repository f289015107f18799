import { createHash } from "node:crypto";
import { expect } from "vitest";
import { signToken } from "../playground/connect/signing/sign-token.ts";
import { securityKey, widgetId } from "./settings.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "./visitor-client.ts";

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The attributes of a token that continues no chat. */
export const NOTHING = { contactId: "none", contactIdFallback: "none", chatContinue: "none", chatWaitSeconds: "0" };

/**
 * Has a chat: asks for a token and reports the contact.
 *
 * @returns The ticket of the report.
 */
export async function chat(visitor: VisitorClient, contactId: string, body?: object): Promise<string> {
  const { ticket } = await visitor.token(body);
  expect((await visitor.report({ ticket, contactId })).status).toBe(201);
  return ticket;
}

/** The attributes of the next token. */
export async function offered(visitor: VisitorClient, body?: object): Promise<Record<string, string>> {
  return claimsOf((await visitor.token(body)).token).attributes;
}

/** The same browser, as it is now. */
export function copyOf({ cookie, origin }: VisitorClient): VisitorClient {
  return Object.assign(createVisitorClient(origin), { cookie });
}

export async function expectRefused(
  answer: Response | Promise<Response>,
  status: number,
  error: string,
): Promise<void> {
  const response = await answer;
  expect([response.status, await response.json()]).toEqual([status, { error }]);
}

/** Claims of a token of the site's own that can be used. */
export function ownerClaims(claims: object = {}): object {
  const now = Math.floor(Date.now() / 1000);
  return { sub: widgetId, iat: now, exp: now + 600, ...claims };
}

/** Signs as the site's own back end would. */
export const signOwnerToken = (claims: object, key: string = securityKey) => signToken({ claims, securityKey: key });

/** The visitor's name in the records of KV. */
export async function keyOf(visitor: VisitorClient): Promise<string> {
  return (await offered(visitor))["persistentChatVisitor"] ?? "";
}

/** Forgets the visitor. The client keeps its cookie, as a browser does that missed the answer. */
export function forget(
  { cookie, origin }: VisitorClient,
  headers: Readonly<Record<string, string>> = { "sec-fetch-site": "same-origin" },
): Promise<Response> {
  return fetch(`${origin}/_chat/visitor`, {
    method: "DELETE",
    headers: { ...headers, ...(cookie !== "" && { cookie }) },
  });
}
