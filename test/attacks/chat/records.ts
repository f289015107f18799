import { type RequestListener } from "node:http";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { control, observe } from "../../worker/instrumented.ts";
import { securityKey, widgetId } from "../../worker/settings.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { claimsOf, createVisitorClient } from "../../worker/visitor-client.ts";
import { type Attack } from "../attack.ts";
import { askingAmazon, CONTACT_ID, createVisitorWithChat, isOffered } from "../victim.ts";
import { withServer } from "../with-server.ts";
import { asCustomer, forget, valueOf, withCookie } from "./visitors.ts";

const DAY = 24 * 3600;

/** Attacks on the records of visitors and chats. */
export const recordAttacks: readonly Attack[] = [
  {
    name: "Sends a report that waited in a browser while its visitor was forgotten",
    withoutGuard: { file: "src/core/chat/contact-report.ts", from: "ticket.issuedAt < oldest", to: "false" },
    async attempt({ start }) {
      const worker = await start();
      const visitor = createVisitorClient(worker.origin);
      const { ticket } = await visitor.token();
      const copy = withCookie(visitor, valueOf(visitor));
      await forget(worker.origin, visitor);
      await copy.report({ ticket, contactId: CONTACT_ID });
      const { stored } = await observe(worker);
      return Object.keys(stored).some((key) => key.startsWith("contact:"));
    },
  },
  {
    name: "Waits until an erasure has run out, for a record that a location of KV wrote back when it lagged behind",
    withoutGuard: {
      file: "src/limits.ts",
      from: "ERASED_RECORD_DAYS = OWNER_RECORD_DAYS",
      to: "ERASED_RECORD_DAYS = 400",
    },
    async attempt({ start }) {
      const worker = await start({ RETENTION_DAYS: "730" });
      const customer = await createVisitorWithChat(worker.origin, asCustomer("victim"));
      const [key, record] = await findStored(worker, "visitor:");
      await forget(worker.origin, customer);
      const [erased, { expiration }] = await findStored(worker, "erased:");
      const later = 500 * DAY;
      // The KV of a test uses the real clock. An erasure that would have expired by `later` is replaced by one at time 0.
      const isGone = (expiration ?? Infinity) < Date.now() / 1000 + later;
      const store = { [key]: record.value ?? "", ...(isGone && { [erased]: "0" }) };
      await control(worker, { store, clockOffsetSeconds: later });
      const now = Math.floor(Date.now() / 1000) + later;
      const token = signToken({
        claims: { sub: widgetId, iat: now, exp: now + 600, customerId: "victim" },
        securityKey,
      });
      return isOffered(createVisitorClient(worker.origin), { token });
    },
  },
  {
    name: "Reports chats without end, until the record of it costs every token tens of milliseconds and the isolate its memory",
    withoutGuard: { file: "src/core/chat/visitor-record.ts", from: ".slice(-MAX_OWNED_HASHES)", to: "" },
    async attempt({ start }) {
      const worker = await start();
      const visitor = await createVisitorWithChat(worker.origin);
      const [key, { value }] = await findStored(worker, "visitor:");
      const owned = Array.from({ length: 400 }, (_, chat) => String(chat).padStart(64, "0"));
      await control(worker, { store: { [key]: JSON.stringify({ ...JSON.parse(value ?? ""), owned }) } });
      await visitor.report({ ticket: (await visitor.token()).ticket, contactId: "one-more" });
      return ((await findStored(worker, "visitor:"))[1].value ?? "").length > 16_384;
    },
  },
  {
    name: "Reports a contact about which Amazon refuses to say anything, so that nobody's history is confirmed meanwhile",
    withoutGuard: { file: "src/limits.ts", from: "CONTACTS_UNTIL_PAUSE = 3", to: "CONTACTS_UNTIL_PAUSE = 1" },
    attempt({ start }) {
      let persistentChatVisitor = "";
      const answer: RequestListener = ({ url = "" }, response) => {
        if (!url.endsWith(CONTACT_ID)) return response.writeHead(403).end("{}");
        return response.end(JSON.stringify({ Contact: { Channel: "CHAT", Attributes: { persistentChatVisitor } } }));
      };
      return withServer(answer, async (amazon) => {
        const { origin } = await start(askingAmazon(amazon));
        const victim = await createVisitorWithChat(origin);
        const { token } = await victim.token({ fresh: true });
        persistentChatVisitor = claimsOf(token).attributes["persistentChatVisitor"] ?? "";
        const attacker = createVisitorClient(origin);
        await attacker.report({ ticket: (await attacker.token()).ticket, contactId: crypto.randomUUID() });
        for (const _call of [1, 2, 3, 4]) await attacker.token();
        return !(await isOffered(victim, {}));
      });
    },
  },
];

/** The one entry of KV whose key begins so. */
async function findStored(worker: RunningWorker, prefix: string) {
  const { stored } = await observe(worker);
  const entry = Object.entries(stored).find(([key]) => key.startsWith(prefix));
  if (entry === undefined) throw new Error(`KV holds no ${prefix}…`);
  return entry;
}
