import { type VisitorClient } from "../../worker/visitor-client.ts";
import { type Attack } from "../attack.ts";
import {
  askContact,
  CONTACT_ID,
  createVisitorWithChat,
  haveChat,
  inBrowser,
  postFrom,
  readContact,
  signOwnerToken,
} from "../victim.ts";
import { someAsync } from "./some-async.ts";

/** Attacks by calls that another page makes a visitor's browser send. */
export const forgedCallAttacks: readonly Attack[] = [
  {
    name: "Has a page on a sibling subdomain fetch a visitor's token, where the owner's CORS rule allows all",
    withoutGuard: { file: "src/http/chat/call/require-same-origin.ts", from: "!decision.sameOrigin", to: "false" },
    attempt: async ({ start }) =>
      inBrowser(await start(), {}, async (page, { shop, sibling }) => {
        await page.goto(shop);
        await haveChat(page);
        await page.goto(sibling);
        return (await postFrom(page, `${shop}/_chat/token`, {}).then(readContact)) === CONTACT_ID;
      }),
  },
  {
    name: "Has a form on a page of the site, placed there without script, sign the visitor in as the attacker",
    withoutGuard: {
      file: "src/http/chat/call/json-body.ts",
      from: String.raw`/^application\/json[\t ]*(?:;|$)/i`,
      to: "/^/",
    },
    async attempt({ start }) {
      const token = signOwnerToken({ customerId: "attacker" });
      const form = `<form method=post enctype=text/plain action=/_chat/token><input type=hidden
        name='{"fresh":true,"token":"' value='","token":"${token}"}'><button>Read more reviews</button></form>`;
      return inBrowser(await start(), { "/reviews": form }, async (page, { shop }) => {
        await page.goto(shop);
        await haveChat(page);
        await page.goto(`${shop}/reviews`);
        await page.click("button");
        await page.waitForURL("**/_chat/token");
        await page.goto(shop);
        return (await postFrom(page, "/_chat/token", {}).then(readContact)) === "none";
      });
    },
  },
  {
    name: "Has another origin, a sandboxed frame or a call that says neither forget the visitor",
    withoutGuard: {
      file: "src/app.ts",
      from: "requireSameOrigin, withServices(rateLimited(deleteVisitor))",
      to: "withServices(rateLimited(deleteVisitor))",
    },
    async attempt({ start }) {
      const { origin } = await start();
      const visitor = await createVisitorWithChat(origin);
      const callers = [
        ...["cross-site", "same-site", "none", ""].map((site) => ({ "sec-fetch-site": site, origin })),
        ...["null", "https://evil.example"].map((other) => ({ origin: other })),
        {},
      ];
      for (const headers of callers) await callAs(visitor, origin, { method: "DELETE", path: "/visitor", headers });
      return (await askContact(visitor)) === "none";
    },
  },
  {
    name: "Posts for a visitor's token from another origin, where the browser sends no Sec-Fetch-Site",
    withoutGuard: { file: "src/core/headers/same-origin.ts", from: "return origin === ownOrigin", to: "return true" },
    async attempt({ start }) {
      const { origin } = await start();
      const visitor = await createVisitorWithChat(origin);
      const others = ["null", "https://evil.example", `${origin}.evil.example`, "http://localhost:1"];
      return someAsync(others, async (other) => {
        const headers = { "content-type": "application/json", origin: other };
        const answer = await callAs(visitor, origin, { method: "POST", path: "/token", headers, body: "{}" });
        return readContact(await answer.text()) === CONTACT_ID;
      });
    },
  },
  {
    name: "Has an image, a link or a method override on the site's own page forget the visitor",
    withoutGuard: { file: "src/app.ts", from: "routes.delete(", to: 'routes.on(["DELETE", "GET", "POST"], ' },
    async attempt({ start }) {
      const { origin } = await start();
      const visitor = await createVisitorWithChat(origin);
      const override = { "x-http-method-override": "DELETE", "x-method-override": "DELETE", "x-http-method": "DELETE" };
      for (const method of ["GET", "POST"]) {
        const headers = { "sec-fetch-site": "same-origin", ...override };
        await callAs(visitor, origin, { method, path: "/visitor?_method=DELETE", headers });
      }
      return (await askContact(visitor)) === "none";
    },
  },
];

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A call with a visitor's cookie; the caller decides on the headers that tell its origin. */
function callAs({ cookie }: VisitorClient, origin: string, { path, headers, ...call }: Call): Promise<Response> {
  return fetch(`${origin}/_chat${path}`, { ...call, headers: { ...headers, cookie } });
}
