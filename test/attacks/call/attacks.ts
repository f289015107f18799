import { vi } from "vitest";
import { BODY_TIMEOUT_MS, MAX_TOKEN_BODY_BYTES } from "../../../src/limits.ts";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { control } from "../../worker/instrumented.ts";
import { buildRequest, openConnection, sendRaw } from "../../worker/raw-request.ts";
import { securityKey, settings } from "../../worker/settings.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../worker/visitor-client.ts";
import { type Attack } from "../attack.ts";
import { provokeRefusals } from "../provoked-refusals.ts";
import { startWatchedServer } from "../watched-server.ts";
import {
  askContact,
  CONTACT_ID,
  createVisitorWithChat,
  haveChat,
  inBrowser,
  isOffered,
  ownerClaims,
  postFrom,
  readContact,
  signOwnerToken,
} from "../victim.ts";

/** Attacks by calls that a visitor's browser is made to send, by the site's own token, and by bodies and errors. */
export const callAttacks: readonly Attack[] = [
  {
    name: "Has a page on a sibling subdomain fetch a visitor's token, where the owner's CORS rule allows all",
    withoutGuard: { file: "src/http/chat/require-same-origin.ts", from: "!decision.sameOrigin", to: "false" },
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
      file: "src/http/chat/json-body.ts",
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
      from: "requireSameOrigin, withServices(limited(deleteVisitor))",
      to: "withServices(limited(deleteVisitor))",
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
    withoutGuard: { file: "src/app.ts", from: "chat.delete(", to: 'chat.on(["DELETE", "GET", "POST"], ' },
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
  {
    name: "Forges the site's own token for a customer: no algorithm, another one, another key or widget",
    withoutGuard: {
      file: "src/adapters/widget-token.ts",
      from: 'import { CompactSign, jwtVerify } from "jose";',
      to: 'import { CompactSign, decodeJwt } from "jose";\nconst jwtVerify = (token: string) => ({ payload: decodeJwt(token) });',
    },
    async attempt({ start }) {
      const { origin } = await start();
      const claims = ownerClaims({ customerId: "victim" });
      await createVisitorWithChat(origin, { token: signToken({ claims, securityKey }) });
      const forged = ["none", "HS256", "HS512", "RS256"].map((alg) =>
        signToken({ header: { alg, typ: "JWT" }, claims, securityKey: "a key that the attacker has made up" }),
      );
      const unsigned = forged.map((token) => token.slice(0, token.lastIndexOf(".") + 1));
      const others = { sub: "b0000000-0000-4000-8000-000000000000" };
      return someAsync([...forged, ...unsigned, signOwnerToken({ ...claims, ...others })], (token) =>
        isOffered(createVisitorClient(origin), { token }),
      );
    },
  },
  {
    name: "Replays a customer's token of the site's own after it has expired",
    withoutGuard: {
      file: "src/adapters/widget-token.ts",
      from: "currentDate: new Date(now * 1000)",
      to: "currentDate: new Date(0)",
    },
    async attempt({ start }) {
      const worker = await start();
      const token = signOwnerToken({ customerId: "victim" });
      await createVisitorWithChat(worker.origin, { token });
      await control(worker, { clockOffsetSeconds: 3600 });
      return isOffered(createVisitorClient(worker.origin), { token });
    },
  },
  {
    name: "Uses a customer's token of the site's own that lives longer than Connect takes, for months",
    withoutGuard: {
      file: "src/adapters/widget-token.ts",
      from: "claims.exp > now + MAX_TOKEN_TTL_SECONDS + CLOCK_TOLERANCE_SECONDS",
      to: "false",
    },
    async attempt({ start }) {
      const worker = await start();
      await createVisitorWithChat(worker.origin, { token: signOwnerToken({ customerId: "victim" }) });
      const now = Math.floor(Date.now() / 1000);
      const token = signOwnerToken({ customerId: "victim", exp: now + 90 * 86_400 });
      await control(worker, { clockOffsetSeconds: 30 * 86_400 });
      return isOffered(createVisitorClient(worker.origin), { token });
    },
  },
  {
    name: "Hands a customer's token back in as the site's own again and again, to stay the customer for ever",
    withoutGuard: {
      file: "src/core/chat/claims.ts",
      from: "owner === null ? Infinity : Math.floor(owner.exp)",
      to: "Infinity",
    },
    async attempt({ start }) {
      const worker = await start();
      let token = signOwnerToken({ customerId: "victim" });
      await createVisitorWithChat(worker.origin, { token });
      for (const minutes of [0, 8, 16]) {
        await control(worker, { clockOffsetSeconds: 60 * minutes });
        const answer = await createVisitorClient(worker.origin).post("/_chat/token", { token });
        if (!answer.ok) return false;
        ({ token } = await answer.json());
      }
      return claimsOf(token).attributes["contactId"] === CONTACT_ID;
    },
  },
  {
    name: "Gets the site to sign attributes of ours into its own token: a stranger's contact id, a visitor key",
    withoutGuard: {
      file: "src/core/chat/claims.ts",
      from: "{ ...owner?.attributes, ...attributes }",
      to: "{ ...attributes, ...owner?.attributes }",
    },
    async attempt({ start }) {
      const { origin } = await start();
      const names = ["contactId", "contactIdFallback", "chatContinue", "persistentChatVisitor"];
      const ours = Object.fromEntries(names.map((name) => [name, CONTACT_ID]));
      const inherited = JSON.parse(`{"__proto__":${JSON.stringify(ours)},"constructor":"x","prototype":"x"}`);
      return someAsync([ours, inherited], async (attributes) => {
        const body = { token: signOwnerToken({ attributes }) };
        const response = await createVisitorClient(origin).post("/_chat/token", body);
        const { token }: { token?: string } = await response.json();
        const signed = token === undefined ? {} : claimsOf(token).attributes;
        return names.some((name) => signed[name] === CONTACT_ID);
      });
    },
  },
  {
    name: "Gets the site to sign a customerId that is a list, to be taken for the customer of that name",
    withoutGuard: {
      file: "src/core/chat/claims.ts",
      from: "v.pipe(v.string(), v.minLength(1), v.maxLength(128))",
      to: "v.any()",
    },
    async attempt({ start }) {
      const { origin } = await start();
      await createVisitorWithChat(origin, { token: signOwnerToken({ customerId: "victim" }) });
      return isOffered(createVisitorClient(origin), { token: signOwnerToken({ customerId: ["victim"] }) });
    },
  },
  {
    name: "Has the Worker read and parse a body of a megabyte, with a length or in chunks",
    withoutGuard: {
      file: "src/limits.ts",
      from: `MAX_TOKEN_BODY_BYTES = ${MAX_TOKEN_BODY_BYTES}`,
      to: "MAX_TOKEN_BODY_BYTES = 2_000_000",
    },
    async attempt({ startBare }) {
      const { origin } = await startBare();
      const body = `{"fresh":true${" ".repeat(1_000_000)}}`;
      const headers = ["Sec-Fetch-Site: same-origin", "Content-Type: application/json"];
      const request = { method: "POST", path: "/_chat/token", host: new URL(origin).host, headers };
      const chunked = { ...request, headers: [...headers, "Transfer-Encoding: chunked"] };
      const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      return someAsync([buildRequest({ ...request, body }), buildRequest(chunked) + chunks], async (bytes) => {
        const answer = await sendRaw(origin, bytes);
        return answer.body.includes('"token":');
      });
    },
  },
  {
    name: "Holds calls open for as long as it likes with bodies that trickle and never end",
    withoutGuard: {
      file: "src/limits.ts",
      from: `BODY_TIMEOUT_MS = ${BODY_TIMEOUT_MS}`,
      to: "BODY_TIMEOUT_MS = 600_000",
    },
    async attempt({ startBare }) {
      const { origin } = await startBare();
      const { ended, socket } = openConnection(origin);
      const head = ["Sec-Fetch-Site: same-origin", "Content-Type: application/json", "Transfer-Encoding: chunked"];
      socket.write(buildRequest({ method: "POST", path: "/_chat/token", host: "localhost", headers: head }));
      const trickle = setInterval(() => socket.write("1\r\n \r\n"), 200);
      const given = new Promise<"open">((resolve) => setTimeout(resolve, BODY_TIMEOUT_MS + 2000, "open"));
      const outcome = await Promise.race([ended, given]);
      clearInterval(trickle);
      socket.destroy();
      return outcome === "open";
    },
  },
  {
    name: "Provokes refusals and faults until a secret, a token, a ticket or a contact id stands in the log",
    withoutGuard: {
      file: "src/http/chat/json-body.ts",
      from: `catch {
    // The parser's own message quotes what the visitor sent.
    throw new ChatError("BODY_NOT_JSON", "Cannot read a body: no JSON in UTF-8");`,
      to: `catch (error) {
    throw new ChatError("BODY_NOT_JSON", String(error));`,
    },
    async attempt({ start }) {
      const { logs, secrets } = await provokeRefusals(start);
      return secrets.some((secret) => logs.includes(secret));
    },
  },
  {
    name: "Provokes refusals and faults until an answer tells a secret, or what went wrong inside",
    withoutGuard: {
      file: "src/http/chat/error-response.ts",
      from: "return errorResponse(c, error.code);",
      to: "return c.json({ error: error.code, message: error.message }, STATUS[error.code]);",
    },
    async attempt({ start }) {
      const { answers, secrets } = await provokeRefusals(start);
      return [...secrets, "KV is down"].some((told) => answers.includes(told));
    },
  },
  {
    name: "Writes text of its own into the owner's log, as names of fields that do not exist",
    withoutGuard: { file: "src/http/chat/json-body.ts", from: 'issue.expected === "never"', to: "false" },
    async attempt({ start }) {
      const worker = await start();
      const text = "Call +1 555 0100 for help";
      await createVisitorClient(worker.origin).post("/_chat/token", { [text]: true });
      const lines = () => worker.logs.filter(({ event }) => event === "chat.refused");
      await vi.waitUntil(() => lines().length > 0, 10_000);
      return JSON.stringify(lines()).includes(text);
    },
  },
  {
    name: "Makes a preview cookie of its own, to have a chat that is not switched on yet",
    withoutGuard: {
      file: "src/http/preview/exchange.ts",
      from: "return (await (await usePasses()).cookies.open(cookie, now)) !== null;",
      to: "return true;",
    },
    async attempt({ start }) {
      const { origin } = await start({ MODE: "preview", PREVIEW_SECRET: settings.COOKIE_SECRET });
      const visitor = createVisitorClient(origin);
      visitor.cookie = "__Host-chat-preview=let-me-in";
      return (await askContact(visitor)) !== null;
    },
  },
  {
    name: "Sends a cookie that makes the owner's CONSENT_COOKIE pattern run for seconds",
    withoutGuard: { file: "src/core/settings/pattern.ts", from: "if (seenAt[place] === at) continue;", to: "" },
    async attempt({ startBare }) {
      const [worker, other] = [await startBare({ CONSENT_COOKIE: "consent=.*,.*,.*chat" }), await startBare()];
      const visitor = createVisitorClient(worker.origin);
      await visitor.token();
      return isOvertaken(
        () => visitor.post("/_chat/token", {}, { cookie: `consent=${",".repeat(4000)}` }),
        () => createVisitorClient(other.origin).token(),
      );
    },
  },
  {
    name: "Asks for a long address that makes an owner's path pattern run for seconds",
    withoutGuard: { file: "src/core/settings/pattern.ts", from: "if (seenAt[place] === at) continue;", to: "" },
    async attempt({ startBare }) {
      const site = await startWatchedServer((_request, response) => response.end("the shop"));
      const vars = { ORIGIN_URL: site.origin, SIGN_OUT_PATHS: "/*-*-*-*/sign-out" };
      const [worker, other] = [await startBare(vars), await startBare({ ORIGIN_URL: site.origin })];
      const askAt = async (origin: string, path: string) => (await fetch(origin + path)).text();
      await askAt(worker.origin, "/");
      try {
        return await isOvertaken(
          () => askAt(worker.origin, `/${"-".repeat(4000)}`),
          () => askAt(other.origin, "/"),
        );
      } finally {
        await site.close();
      }
    },
  },
];

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A call with a visitor's cookie, and with the headers that tell where it comes from as they are. */
function callAs({ cookie }: VisitorClient, origin: string, { path, headers, ...call }: Call): Promise<Response> {
  return fetch(`${origin}/_chat${path}`, { ...call, headers: { ...headers, cookie } });
}

/** Whether fifty calls of another Worker are answered, one after the other, before one call is. */
function isOvertaken(call: () => Promise<unknown>, otherCall: () => Promise<unknown>): Promise<boolean> {
  // A Worker that does not answer is ended with the test.
  const answered = call().then(
    () => false,
    () => true,
  );
  const callOften = async () => {
    for (let count = 0; count < 50; count++) await otherCall();
    return true;
  };
  return Promise.race([answered, callOften()]);
}

async function someAsync<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<boolean> {
  const results = await Promise.all(items.map(test));
  return results.includes(true);
}
