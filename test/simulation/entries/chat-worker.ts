// The product's own handlers and services; only KV comes with each call.
import { type Context } from "hono";
import { Hono } from "hono/tiny";
import { type CallLimit } from "../../../src/adapters/call-limit.ts";
import { type Log } from "../../../src/adapters/log.ts";
import { createVisitorStore, type VisitorNamespace } from "../../../src/adapters/visitor-store.ts";
import { parseConfig } from "../../../src/config.ts";
import { parsePathPattern } from "../../../src/core/settings/path-pattern.ts";
import { type ChatServices, createChatServices } from "../../../src/http/chat/services.ts";
import { postContacts } from "../../../src/http/chat/contacts.ts";
import { createErrorHandler } from "../../../src/http/chat/call/error-response.ts";
import { ownHeaders } from "../../../src/http/chat/call/own-headers.ts";
import { requireSameOrigin } from "../../../src/http/chat/call/require-same-origin.ts";
import { signOutAt } from "../../../src/http/site/sign-out.ts";
import { postToken } from "../../../src/http/chat/token.ts";
import { deleteVisitor } from "../../../src/http/chat/visitor.ts";
import { type ChatWorker, type ChatWorkerOptions } from "../world/chat-worker.ts";
import { switchOff } from "./switch-off.ts";

interface Bindings {
  readonly kv: VisitorNamespace;
}

type Answer = (c: Context, services: ChatServices) => Promise<Response>;

// The simulation decides when KV fails; a busy machine must not.
const NEVER_MS = 2 ** 31 - 1;

const nowhere: VisitorNamespace = {
  get: () => Promise.reject(new Error("A call without KV")),
  put: () => Promise.reject(new Error("A call without KV")),
};

const onUnreadable = () => {
  throw new Error("A record that cannot be read");
};

const unlimited: CallLimit = { limit: async () => ({ success: true }) };

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error(event, fields) {
    // A bug of the product, not a simulated fault.
    if (event === "chat.failed" || event === "sign-out.missed") throw new Error(`${event}: ${JSON.stringify(fields)}`);
  },
};

export async function createChatWorker({ settings, fetch, now, without }: ChatWorkerOptions): Promise<ChatWorker> {
  const { chat: config } = parseConfig({ ...settings, VISITORS: nowhere, CHAT_LIMIT: unlimited });
  if (config === null) throw new Error("Cannot use the settings of the simulation");
  const services = await createChatServices(
    config,
    { browserPart: "", fetch, now, random: () => 0, preview: null, version: "0.0.0" },
    log,
  );

  const answerWith = (answer: Answer) => async (c: Context<{ Bindings: Bindings }>) => {
    const own = { ...services, store: createVisitorStore(c.env.kv, { timeoutMs: NEVER_MS, onUnreadable }) };
    return answer(c, without === null ? own : switchOff(without, own, await readContactId(c)));
  };
  const chat = new Hono<{ Bindings: Bindings }>();
  chat.use(ownHeaders);
  chat.post("/_chat/token", requireSameOrigin, answerWith(postToken));
  chat.post("/_chat/contacts", requireSameOrigin, answerWith(postContacts));
  chat.delete("/_chat/visitor", requireSameOrigin, answerWith(deleteVisitor));
  chat.onError(createErrorHandler(log));

  const signOut = signOutAt(async () => createPage(), {
    paths: [parsePathPattern("/*")],
    widgetId: config.widget.id,
    log,
  });
  return {
    fetch: async (request, kv) => (request.method === "GET" ? signOut(request) : chat.fetch(request, { kv })),
  };
}

/** The contact that a report is about; `null` for other calls. */
async function readContactId(c: Context): Promise<string | null> {
  if (!c.req.path.endsWith("/contacts")) return null;
  const { contactId }: { contactId: string } = await c.req.raw.clone().json();
  return contactId;
}

/** With `webSocket`, which every response of the Workers runtime has. */
function createPage(): Response {
  return Object.assign(new Response("Goodbye."), { webSocket: null });
}
