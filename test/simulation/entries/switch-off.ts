import { type ChatServices } from "../../../src/http/chat/services.ts";
import { type Rule } from "../world/rules.ts";

/** The services of one call, without one rule. */
export function switchOff(rule: Rule, services: ChatServices): ChatServices {
  switch (rule) {
    case "merge":
      return withoutMerge(services);
    case "ticket":
      return withoutTicket(services);
    case "erasure":
      return withoutErasure(services);
    case "first writer":
      return { ...services, store: { ...services.store, readOwner: async () => null } };
    case "describe contact":
      return { ...services, connect: null };
    case "lock":
    case "sign-out":
      // Switched off in the simulated browser.
      return services;
  }
}

/** Ignores the chats in the cookie, and uses those in KV alone. */
function withoutMerge(services: ChatServices): ChatServices {
  const { cookies } = services;
  return {
    ...services,
    cookies: {
      ...cookies,
      async read(c, now) {
        const opened = await cookies.read(c, now);
        return opened === null ? null : { ...opened, content: { ...opened.content, sessions: [] } };
      },
    },
  };
}

/** Accepts any visitor's ticket as a ticket of the visitor who sends it. */
function withoutTicket(services: ChatServices): ChatServices {
  const { cookies, tickets } = services;
  let visitorId: string | null = null;
  return {
    ...services,
    cookies: {
      ...cookies,
      async read(c, now) {
        const opened = await cookies.read(c, now);
        visitorId = opened?.content.visitorId ?? null;
        return opened;
      },
    },
    tickets: {
      ...tickets,
      async open(text, now) {
        const opened = await tickets.open(text, now);
        return opened === null || visitorId === null
          ? opened
          : { ...opened, content: { ...opened.content, visitorId } };
      },
    },
  };
}

/** Stores the erasure, and ignores it when reading. */
function withoutErasure(services: ChatServices): ChatServices {
  const { store } = services;
  return {
    ...services,
    store: {
      ...store,
      async readVisitor(visitorKey) {
        const record = await store.readVisitor(visitorKey);
        if (record === null) return null;
        const { erasedAt: _ignored, ...rest } = record;
        return rest;
      },
    },
  };
}
