import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { control } from "../../worker/instrumented.ts";
import { securityKey } from "../../worker/settings.ts";
import { claimsOf, createVisitorClient } from "../../worker/visitor-client.ts";
import { type Attack } from "../attack.ts";
import { CONTACT_ID, createVisitorWithChat, isOffered, ownerClaims, signOwnerToken } from "../victim.ts";
import { someAsync } from "./some-async.ts";

/** Attacks by the site's own token for a customer. */
export const ownerTokenAttacks: readonly Attack[] = [
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
];
