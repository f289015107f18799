import { createVisitorClient } from "../worker/visitor-client.ts";
import { type Attack } from "./attack.ts";

/** Attacks on other people's conversations through the chat routes. */
export const chatAttacks: readonly Attack[] = [
  {
    name: "Reports a contact id of somebody else's as one's own",
    withoutGuard: { file: "src/http/contacts.ts", from: "owner !== visitorKey", to: "false" },
    async attempt({ start }) {
      const { origin } = await start();
      const owner = createVisitorClient(origin);
      await owner.report({ ticket: (await owner.token()).ticket, contactId: "contact-of-the-owner" });
      const thief = createVisitorClient(origin);
      const { status } = await thief.report({
        ticket: (await thief.token()).ticket,
        contactId: "contact-of-the-owner",
      });
      return status === 201;
    },
  },
];
