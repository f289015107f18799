import { type IncomingMessage, type RequestListener } from "node:http";
import { control } from "../../worker/instrumented.ts";
import { claimsOf, createVisitorClient, type TokenAnswer, type VisitorClient } from "../../worker/visitor-client.ts";
import { type Attack, type Target } from "../attack.ts";
import { askingAmazon, CONTACT_ID } from "../victim.ts";
import { type WatchedServer } from "../watched-server.ts";
import { withServer } from "../with-server.ts";
import { asCustomer } from "./visitors.ts";

const OWN_CONTACT_ID = "0a6d1c1e-54f0-4c0f-8a56-6a3d3f1f1d11";
const NEXT_CONTACT_ID = "d4f6c1b2-7a3e-4c5d-9e8f-0a1b2c3d4e5f";

/** Attacks on what the Worker does at Amazon with LINK_BY=worker. */
export const linkAttacks: readonly Attack[] = [
  {
    name: "Reports somebody else's live chat as its own new one, to have the two conversations joined",
    withoutGuard: { file: "src/core/chat/link.ts", from: "chat.verifiedAt === undefined", to: "false" },
    attempt: (target) =>
      withAmazon(target, {}, async ({ amazon, own, worker }) => {
        const attacker = createVisitorClient(worker.origin);
        await own(OWN_CONTACT_ID, attacker);
        await report(attacker, await attacker.token(), OWN_CONTACT_ID);
        await report(attacker, await attacker.token(), OWN_CONTACT_ID, { event: "ended" });
        await control(worker, { clockOffsetSeconds: 100 });
        await report(attacker, await attacker.token(), CONTACT_ID);
        return amazon.asked.some(({ url = "" }) => url.includes("association") && url.endsWith(CONTACT_ID));
      }),
  },
  {
    name: "Reports somebody else's chat first, so that its owner's history loses it",
    withoutGuard: { file: "src/http/chat/contacts.ts", from: "link?.isForeign === true", to: "false" },
    attempt: (target) =>
      withAmazon(target, {}, async ({ own, worker }) => {
        const [attacker, owner] = [createVisitorClient(worker.origin), createVisitorClient(worker.origin)];
        await own(CONTACT_ID, owner);
        await report(attacker, await attacker.token(), CONTACT_ID);
        return (await report(owner, await owner.token(), CONTACT_ID)).status === 403;
      }),
  },
  {
    name: "Has somebody else's live chat ended as its own abandoned one, whose id it reported while Amazon gave no answer",
    withoutGuard: { file: "src/core/chat/link.ts", from: "if (verifiedAt === undefined)", to: "if (false)" },
    attempt: (target) =>
      withAmazon(target, { END_ABANDONED: "1" }, async ({ amazon, own, setDown, worker }) => {
        const attacker = createVisitorClient(worker.origin);
        await own(NEXT_CONTACT_ID, attacker);
        const claim = await attacker.token();
        await control(worker, { clockOffsetSeconds: 100 });
        const next = await attacker.token();
        setDown(true);
        await report(attacker, claim, CONTACT_ID);
        setDown(false);
        await report(attacker, next, NEXT_CONTACT_ID, { alone: true });
        return hasStopped(amazon);
      }),
  },
  {
    name: "Signs in as a customer on a second device, so that the chat on the first one is ended",
    withoutGuard: { file: "src/http/chat/contacts.ts", from: " && !reporter.isCustomer", to: "" },
    attempt: (target) =>
      withAmazon(target, { END_ABANDONED: "1" }, async ({ amazon, own, worker }) => {
        const [phone, laptop] = [createVisitorClient(worker.origin), createVisitorClient(worker.origin)];
        await own(CONTACT_ID, phone, asCustomer("ada"));
        await own(NEXT_CONTACT_ID, laptop, asCustomer("ada"));
        await report(phone, await phone.token(asCustomer("ada")), CONTACT_ID);
        await control(worker, { clockOffsetSeconds: 100 });
        await report(laptop, await laptop.token(asCustomer("ada")), NEXT_CONTACT_ID, { alone: true });
        return hasStopped(amazon);
      }),
  },
];

function report(client: VisitorClient, { ticket }: TokenAnswer, contactId: string, more: object = {}) {
  return client.report({ ticket, contactId, ...more });
}

function hasStopped({ asked }: WatchedServer): boolean {
  return asked.some(({ url }) => url === "/contact/stop");
}

interface Scene {
  readonly amazon: WatchedServer;
  readonly worker: Awaited<ReturnType<Target["start"]>>;
  /** From now on, Amazon names this visitor for the contact. */
  readonly own: (contactId: string, client: VisitorClient, body?: object) => Promise<void>;
  readonly setDown: (isDown: boolean) => void;
}

/** An Amazon where every contact is open, and belongs to whom the scene says, else to nobody here. */
function withAmazon(target: Target, vars: object, play: (scene: Scene) => Promise<boolean>): Promise<boolean> {
  const owners = new Map<string, string>();
  let isDown = false;
  const listener: RequestListener = ({ url = "" }: IncomingMessage, response) => {
    const contactId = /[\da-f-]{36}(?=$|&)/.exec(url)?.[0] ?? "";
    const persistentChatVisitor = owners.get(contactId) ?? "key-of-the-visitor";
    const answer = {
      Contact: { Channel: "CHAT", Attributes: { persistentChatVisitor } },
      ContactSummaryList: [{ ContactId: contactId }],
    };
    response.writeHead(isDown ? 500 : 200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  };
  return withServer(listener, async (amazon) => {
    const settings = { LINK_BY: "worker", READY_AFTER_SECONDS: "0", ...vars };
    const worker = await target.start({ ...askingAmazon(amazon), ...settings });
    return play({
      amazon,
      worker,
      async own(contactId, client, body) {
        const { token } = await client.token(body);
        owners.set(contactId, claimsOf(token).attributes["persistentChatVisitor"] ?? "");
      },
      setDown: (down) => (isDown = down),
    });
  });
}
