import { control } from "../../worker/instrumented.ts";
import { createVisitorClient, type VisitorClient } from "../../worker/visitor-client.ts";
import { type Attack } from "../attack.ts";
import { CONTACT_ID, createVisitorWithChat, isOffered, signOwnerToken, withStrangersContact } from "../victim.ts";
import { signsInAsTwoAtOnce } from "./two-tabs.ts";
import { asCustomer, forget, valueOf, withCookie } from "./visitors.ts";

const ON = { CARRY_OVER: "1" };
const ATTACKER = asCustomer("attacker");

/** Attacks on what a customer takes over from the guest who used the browser before the sign-in, with CARRY_OVER=1. */
export const carryOverAttacks: readonly Attack[] = [
  {
    name: "Signs in with an account of its own and a copy of a guest's cookie, after that guest has signed in as somebody else",
    withoutGuard: {
      file: "src/core/chat/carry-over.ts",
      from: "movedTo !== undefined && movedTo !== customerKey",
      to: "false",
    },
    async attempt({ start }) {
      const guest = await createVisitorWithChat((await start(ON)).origin);
      const copy = copyOf(guest);
      await guest.token(asCustomer("victim"));
      return isOffered(copy, ATTACKER);
    },
  },
  {
    name: "Opens the chat with a copy of a guest's cookie, after that guest has signed in",
    withoutGuard: {
      file: "src/core/chat/visitor-record.ts",
      from: "erasedAt: latest(known.erasedAt, erasedAt) ?? erasedAt",
      to: "...(movedTo === undefined && { erasedAt })",
    },
    async attempt({ start }) {
      const guest = await createVisitorWithChat((await start(ON)).origin);
      const copy = copyOf(guest);
      await guest.token(asCustomer("victim"));
      return isOffered(copy, {});
    },
  },
  {
    name: "Signs in as two customers at once in two tabs, so that both get the guest's chat",
    withoutGuard: {
      file: "src/browser/page/one-at-a-time.ts",
      from: `navigator.locks.request("persistent-chat", call)`,
      to: "call()",
    },
    attempt: signsInAsTwoAtOnce,
  },
  {
    name: "Signs in, in a browser in which another customer has chatted, to take over that customer's chat",
    withoutGuard: { file: "src/core/chat/carry-over.ts", from: "if (!content.isCustomer) {", to: "{" },
    async attempt({ start }) {
      return isOffered(await createVisitorWithChat((await start(ON)).origin, asCustomer("victim")), ATTACKER);
    },
  },
  {
    name: "Signs in, in a browser that has signed out, with the guest's cookie that an answer brought back",
    withoutGuard: {
      file: "src/http/chat/visitor-cookie.ts",
      from: "left[0] === undefined || opened?.content.left === left[0]",
      to: "true",
    },
    async attempt({ start }) {
      const guest = await createVisitorWithChat((await start(ON)).origin);
      guest.cookie += "; __Host-chat-left=a-sign-out-since-then";
      return isOffered(guest, ATTACKER);
    },
  },
  {
    name: "Signs in more than CARRY_OVER_MINUTES after a guest has left the browser",
    withoutGuard: {
      file: "src/core/chat/carry-over.ts",
      from: "newest < guest.signedInAt - withinSeconds",
      to: "false",
    },
    async attempt({ start }) {
      const worker = await start({ ...ON, CARRY_OVER_MINUTES: "5" });
      const guest = await createVisitorWithChat(worker.origin);
      await control(worker, { clockOffsetSeconds: 400 });
      return isOffered(guest, ATTACKER);
    },
  },
  {
    name: "Signs in, in a browser in which a guest's report still waits from before CARRY_OVER_MINUTES",
    withoutGuard: { file: "src/http/chat/contacts.ts", from: "guest?.mayBegin === false", to: "false" },
    async attempt({ start }) {
      const worker = await start({ ...ON, CARRY_OVER_MINUTES: "5" });
      const browser = createVisitorClient(worker.origin);
      const { ticket } = await browser.token();
      await control(worker, { clockOffsetSeconds: 400 });
      await browser.token(ATTACKER);
      await browser.report({ ticket, contactId: CONTACT_ID });
      return isOffered(browser, ATTACKER);
    },
  },
  {
    name: "Signs in, and sends a report of a guest of another browser",
    withoutGuard: {
      file: "src/http/chat/reporter.ts",
      from: "cookie.guest?.visitorKey !== guestKey",
      to: "cookie.guest === undefined",
    },
    async attempt({ start }) {
      const { origin } = await start(ON);
      const { ticket } = await createVisitorClient(origin).token();
      const attacker = createVisitorClient(origin);
      await attacker.token();
      await attacker.token(ATTACKER);
      await attacker.report({ ticket, contactId: CONTACT_ID });
      return isOffered(attacker, ATTACKER);
    },
  },
  {
    name: "Signs in with a copy of the cookie of a guest who was forgotten",
    withoutGuard: {
      file: "src/core/chat/carry-over.ts",
      from: "record?.erasedAt !== undefined && movedTo === undefined",
      to: "false",
    },
    async attempt({ start }) {
      const { origin } = await start(ON);
      const guest = await createVisitorWithChat(origin);
      await forget(origin, guest);
      return isOffered(guest, ATTACKER);
    },
  },
  {
    name: "Replays a customer's token with the guest's cookie from before the sign-in, after the customer was forgotten",
    withoutGuard: [
      {
        file: "src/http/chat/visitor.ts",
        from: "isForgottenWith(record, customerKey, taken.includes(key))",
        to: "false",
      },
      {
        file: "src/http/chat/carry-over.ts",
        from: "[decision.sessions, customer.sessions], customer.oldest",
        to: "[decision.sessions, customer.sessions], 0",
      },
    ],
    async attempt({ start }) {
      const { origin } = await start(ON);
      const guest = await createVisitorWithChat(origin);
      const copy = copyOf(guest);
      const replayed = { token: signOwnerToken({ customerId: "victim" }) };
      await guest.token(replayed);
      await forget(origin, guest);
      return isOffered(copy, replayed);
    },
  },
  {
    name: "Reports a learnt contact id as a guest and then signs in, so that it counts as taken over, where the AWS keys are set",
    withoutGuard: {
      file: "src/core/chat/ownership.ts",
      from: `=== visitorKey ? "confirmed" : "refuted"`,
      to: `, "confirmed"`,
    },
    async attempt({ start }) {
      return withStrangersContact(async (askingAmazon) => {
        const { origin } = await start({ ...ON, ...askingAmazon });
        return isOffered(await createVisitorWithChat(origin), ATTACKER);
      });
    },
  },
];

function copyOf(client: VisitorClient): VisitorClient {
  return withCookie(client, valueOf(client));
}
