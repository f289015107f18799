import { createVisitorClient, type VisitorClient } from "../../worker/visitor-client.ts";
import { signOwnerToken } from "../victim.ts";

/** The body of a token request from a site that names its customer. */
export function asCustomer(customerId: string): { token: string } {
  return { token: signOwnerToken({ customerId }) };
}

export const nameOf = ({ cookie }: VisitorClient) => cookie.slice(0, cookie.indexOf("="));
export const valueOf = ({ cookie }: VisitorClient) => cookie.slice(cookie.indexOf("=") + 1);

/** The same client with another value of our cookie. */
export function withCookie(client: VisitorClient, value: string): VisitorClient {
  return Object.assign(createVisitorClient(client.origin), { cookie: `${nameOf(client)}=${value}` });
}

export async function forget(origin: string, { cookie }: VisitorClient): Promise<void> {
  await fetch(`${origin}/_chat/visitor`, { method: "DELETE", headers: { cookie, "sec-fetch-site": "same-origin" } });
}
