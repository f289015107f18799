import { createCookieJar, type CookieJar } from "../simulation/people/cookie-jar.ts";
import { signToken } from "../playground/connect/signing/sign-token.ts";
import { securityKey, widgetId } from "../worker/settings.ts";
import { claimsOf, type TokenAnswer } from "../worker/visitor-client.ts";

/** A browser of the soak: does one thing at a time, as under the product's lock. */
export interface SoakBrowser {
  /** Who uses the browser, for the judge: another person after a sign-out. */
  person: string;
  /** The customer who is signed in; `null`: nobody. */
  readonly customer: string | null;
  cookies: CookieJar;
  isBusy: boolean;
  /** The live chat. */
  live: { readonly contactId: string; readonly ticket: string } | null;
}

export function createBrowser(person: string, customer: string | null): SoakBrowser {
  return { person, customer, cookies: createCookieJar(), isBusy: false, live: null };
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request of a browser, with its cookies. */
export async function request(origin: string, browser: SoakBrowser, path: string, call: Call = {}): Promise<Response> {
  const cookie = browser.cookies.render(Date.now());
  const headers = { ...call.headers, ...(cookie !== "" && { cookie }) };
  const response = await fetch(origin + path, { ...call, headers, redirect: "manual" });
  browser.cookies.take(response.headers.getSetCookie(), Date.now());
  return response;
}

/** A call of our own script, from a page of the site. */
export function callChat(origin: string, browser: SoakBrowser, route: string, call: { method: string; body?: object }) {
  const { method, body } = call;
  return request(origin, browser, `/_chat/${route}`, {
    method,
    headers: { "sec-fetch-site": "same-origin", "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export interface IssuedToken {
  readonly ticket: string;
  readonly contactId: string;
  readonly contactIdFallback: string;
  /** In seconds. */
  readonly issuedAt: number;
}

export async function readToken(response: Response): Promise<IssuedToken> {
  const { token, ticket }: TokenAnswer = await response.json();
  const { attributes, iat } = claimsOf(token);
  const { contactId = "", contactIdFallback = "" } = attributes;
  return { ticket, contactId, contactIdFallback, issuedAt: iat };
}

/** The body of a token request. */
export function toTokenBody({ customer }: SoakBrowser): object {
  if (customer === null) return {};
  const now = Math.floor(Date.now() / 1000);
  return {
    token: signToken({ claims: { sub: widgetId, iat: now, exp: now + 500, customerId: customer }, securityKey }),
  };
}
