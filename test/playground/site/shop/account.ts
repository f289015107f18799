import { randomUUID } from "node:crypto";
import { type IncomingMessage, type ServerResponse } from "node:http";
import { signToken } from "../../connect/signing/sign-token.ts";
import { readBody, readCookie, type Route, send, sendHtml } from "../route.ts";
import { renderShopPage } from "./layout.ts";

/** In seconds, as in Amazon's samples. */
const TOKEN_LIFE_SECONDS = 500;
const SESSION_COOKIE = "shop_session";
const CUSTOMERS = [
  { slug: "ada", name: "Ada", id: "customer-0001", order: "Sencha of the first harvest, 100 g" },
  { slug: "ben", name: "Ben", id: "customer-0002", order: "Small kyusu, 280 ml" },
] as const;

type Customer = (typeof CUSTOMERS)[number];

/** What the shop needs to issue tokens for its chat widget. */
export interface ShopChat {
  readonly widgetId: string;
  readonly securityKey: string;
  /** Seconds. */
  readonly now: () => number;
}

/**
 * The shop's customers: its session cookie, and the token that names the customer who is signed in.
 *
 * @param chat `undefined`: the shop issues no tokens.
 */
export function createAccountRoutes(chat: ShopChat | undefined): readonly Route[] {
  const sessions = new Map<string, Customer>();
  const findCustomer = (request: IncomingMessage) => sessions.get(readCookie(request, SESSION_COOKIE)) ?? null;

  return [
    {
      path: "/account",
      about: "two customers, and a session of the shop's own",
      handle: (request, response) =>
        sendHtml(response, renderAccount(findCustomer(request)), { "cache-control": "no-store" }),
    },
    {
      path: "/account/sign-in",
      about: "signs a customer in",
      handle: async (request, response) => {
        const slug = new URLSearchParams((await readBody(request)).toString()).get("customer");
        const customer = CUSTOMERS.find((one) => one.slug === slug);
        if (customer === undefined) return keepSession(response, "", 0);
        const session = randomUUID();
        sessions.set(session, customer);
        keepSession(response, session, 86_400);
      },
    },
    {
      path: "/account/sign-out",
      about: "signs the customer out",
      handle: (request, response) => {
        sessions.delete(readCookie(request, SESSION_COOKIE));
        keepSession(response, "", 0);
      },
    },
    ...(chat === undefined ? [] : [createTokenRoute(chat, findCustomer)]),
  ];
}

function createTokenRoute(
  { now, securityKey, widgetId }: ShopChat,
  findCustomer: (request: IncomingMessage) => Customer | null,
): Route {
  return {
    path: "/account/chat-token",
    about: "the shop's own token for its chat widget",
    handle(request, response) {
      const customer = findCustomer(request);
      const iat = Math.floor(now());
      const claims = {
        sub: widgetId,
        iat,
        exp: iat + TOKEN_LIFE_SECONDS,
        ...(customer !== null && { customerId: customer.id }),
      };
      const body = JSON.stringify({ token: signToken({ claims, securityKey }) });
      send(response, body, { "content-type": "application/json", "cache-control": "no-store" });
    },
  };
}

function keepSession(response: ServerResponse, session: string, maxAgeSeconds: number): void {
  response.writeHead(303, {
    location: "/account",
    "set-cookie": `${SESSION_COOKIE}=${session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`,
  });
  response.end();
}

function renderAccount(customer: Customer | null): string {
  return renderShopPage({
    title: "Your account",
    path: "/account",
    main: customer === null ? renderSignIn() : renderSignedIn(customer),
  });
}

function renderSignIn(): string {
  const buttons = CUSTOMERS.map(
    ({ name, slug }) => `<button name="customer" value="${slug}">Sign in as ${name}</button>`,
  );
  return `<h1>Your account</h1>
<p class="lead">You are not signed in. This shop has two customers, and asks neither for a password.</p>
<form method="post" action="/account/sign-in"><p class="buttons">${buttons.join("\n")}</p></form>`;
}

function renderSignedIn({ name, order }: Customer): string {
  return `<h1>Hello, ${name}</h1>
<p class="lead">You are signed in as <strong data-customer>${name}</strong>.</p>
<h2>Your last order</h2>
<table>
<thead><tr><th>What</th><th>State</th></tr></thead>
<tbody><tr><td>${order}</td><td>on its way</td></tr></tbody>
</table>
<p class="buttons"><a class="button" href="/account/sign-out">Sign out</a></p>`;
}
