import { control } from "../../worker/instrumented.ts";
import { createVisitorClient, type VisitorClient } from "../../worker/visitor-client.ts";
import { type Attack } from "../attack.ts";
import { askContact, CONTACT_ID, createVisitorWithChat, isOffered, withStrangersContact } from "../victim.ts";
import { asCustomer } from "./visitors.ts";

const DAY = 24 * 3600;

/** Attacks by reports of contact ids, and by the tickets that admit them. */
export const reportAttacks: readonly Attack[] = [
  {
    name: "Reports a contact id of somebody else's as one's own",
    withoutGuard: { file: "src/http/chat/contacts.ts", from: "owner === null || owner === visitorKey", to: "true" },
    async attempt({ start }) {
      const { origin } = await start();
      await createVisitorWithChat(origin);
      return isOffered(await createVisitorWithChat(origin), {});
    },
  },
  {
    name: "Reports a contact id of somebody else's in capital letters, as another one",
    withoutGuard: { file: "src/adapters/web-crypto.ts", from: "contactId.toLowerCase()", to: "contactId" },
    async attempt({ start }) {
      const { origin } = await start();
      await createVisitorWithChat(origin);
      const attacker = createVisitorClient(origin);
      await attacker.report({ ticket: (await attacker.token()).ticket, contactId: CONTACT_ID.toUpperCase() });
      return (await askContact(attacker)) === CONTACT_ID.toUpperCase();
    },
  },
  {
    name: "Reports a contact id that it has learnt or guessed before its owner does, where the AWS keys are set",
    withoutGuard: {
      file: "src/core/chat/ownership.ts",
      from: `=== visitorKey ? "confirmed" : "refuted"`,
      to: `, "confirmed"`,
    },
    async attempt({ start }) {
      return withStrangersContact(async (askingAmazon) => {
        const { origin } = await start(askingAmazon);
        return isOffered(await createVisitorWithChat(origin), {});
      });
    },
  },
  {
    name: "Takes over a browser in which somebody else's report still waits, and lets it count as its own",
    withoutGuard: {
      file: "src/http/chat/reporter.ts",
      from: "ticket.content.visitorId !== cookie.visitorId",
      to: "false",
    },
    async attempt({ start }) {
      const { origin } = await start();
      const browser = createVisitorClient(origin);
      const { ticket } = await browser.token(asCustomer("victim"));
      await browser.token(asCustomer("attacker"));
      await browser.report({ ticket, contactId: CONTACT_ID });
      return isOffered(browser, asCustomer("attacker"));
    },
  },
  {
    name: "Uses one ticket for a second contact id",
    withoutGuard: {
      file: "src/core/chat/contact-report.ts",
      from: "sessions.some(({ ticketId }) => ticketId === ticket.id)",
      to: "false",
    },
    async attempt({ start }) {
      const { origin } = await start();
      const visitor = createVisitorClient(origin);
      const { ticket } = await visitor.token();
      await visitor.report({ ticket, contactId: "0-contact-of-its-own" });
      await visitor.report({ ticket, contactId: CONTACT_ID });
      return isOfferedAtAll(visitor);
    },
  },
  {
    name: "Uses a ticket that it kept for more than a week",
    withoutGuard: {
      file: "src/core/chat/contact-report.ts",
      from: "ticket.issuedAt < now - TICKET_LIFE_SECONDS",
      to: "false",
    },
    async attempt({ start }) {
      const worker = await start();
      const visitor = createVisitorClient(worker.origin);
      const { ticket } = await visitor.token();
      await control(worker, { clockOffsetSeconds: 8 * DAY });
      await visitor.report({ ticket, contactId: CONTACT_ID });
      return isOffered(visitor, {});
    },
  },
];

async function isOfferedAtAll(client: VisitorClient): Promise<boolean> {
  const [newest, before] = [await askContact(client), await askContact(client)];
  return newest === CONTACT_ID || before === CONTACT_ID;
}
