import { type Session, type VisitorRecord } from "../../../src/core/chat/visitor-record.ts";
import { type ChatServices } from "../../../src/http/chat/services.ts";
import { type Rule } from "../world/rules.ts";

/**
 * The services of one call, without one rule.
 *
 * @param reported The contact that is reported; `null` for a call that is no report.
 */
export function switchOff(rule: Rule, services: ChatServices, reported: string | null): ChatServices {
  switch (rule) {
    case "merge":
      return withoutMerge(services);
    case "ticket":
      return withoutTicket(services);
    case "erasure":
      // The erasure is stored, and ignored when reading.
      return withRecords(services, ({ erasedAt: _ignored, ...record }) => record);
    case "first writer":
      return { ...services, store: { ...services.store, readOwner: async () => null } };
    case "describe contact":
      return { ...services, connect: null };
    case "new chat's owner":
      return withoutOwner(services, (contactId) => contactId === reported);
    case "past chat's owner":
      return withoutOwner(services, (contactId) => contactId !== reported);
    case "client token":
      return withoutClientToken(services);
    case "link once":
      return withoutOnce(services);
    case "customers' devices":
      return reported === null ? services : withoutCustomers(services);
    case "carry-over once":
      return withRecords(services, ({ erasedAt, movedTo, ...record }) => ({
        ...record,
        ...(erasedAt !== undefined && movedTo === undefined && { erasedAt }),
      }));
    case "carry-over in time":
      return { ...services, config: { ...services.config, carryOverSeconds: 1e9 } };
    case "guests only":
      return withoutCustomers(services);
    case "lock":
    case "other tabs":
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

/** Reads records as if KV held something else. */
function withRecords(services: ChatServices, change: (record: VisitorRecord) => VisitorRecord): ChatServices {
  const { store } = services;
  return {
    ...services,
    store: {
      ...store,
      async readVisitor(visitorKey) {
        const record = await store.readVisitor(visitorKey);
        return record && change(record);
      },
      async readVisitors(visitorKeys) {
        const records = await store.readVisitors(visitorKeys);
        return records.map((record) => record && change(record));
      },
    },
  };
}

/** Takes these contacts for the visitor's own, whatever Amazon says. */
function withoutOwner(services: ChatServices, isTaken: (contactId: string) => boolean): ChatServices {
  const { config, connect, store } = services;
  if (connect === null) return services;
  let own = "none";
  return {
    ...services,
    store: {
      ...store,
      readVisitor(visitorKey) {
        own = visitorKey;
        return store.readVisitor(visitorKey);
      },
    },
    connect: {
      ...connect,
      async describeContact(contactId, patience) {
        const reply = await connect.describeContact(contactId, patience);
        if (reply.outcome !== "answered" || !isTaken(contactId)) return reply;
        const contact = reply.value?.Contact ?? { Channel: "CHAT" };
        return { ...reply, value: { Contact: { ...contact, Attributes: { [config.visitorAttribute]: own } } } };
      },
    },
  };
}

/** Two calls at once are two links. */
function withoutClientToken(services: ChatServices): ChatServices {
  const { connect } = services;
  if (connect === null) return services;
  return {
    ...services,
    connect: {
      ...connect,
      createPersistentContactAssociation: (contactId, source, _token, patience) =>
        connect.createPersistentContactAssociation(contactId, source, crypto.randomUUID(), patience),
    },
  };
}

/** Links a chat that is linked already: neither the record nor Amazon's answers nor the client token stop it. */
function withoutOnce(all: ChatServices): ChatServices {
  const services = withoutClientToken(all);
  const { connect, cookies, store } = services;
  if (connect === null) return services;
  const forgetLinks = (sessions: readonly Session[]) => sessions.map(({ linkedTo: _ignored, ...session }) => session);
  return {
    ...services,
    cookies: {
      ...cookies,
      async read(c, now) {
        const opened = await cookies.read(c, now);
        if (opened === null) return null;
        return { ...opened, content: { ...opened.content, sessions: forgetLinks(opened.content.sessions) } };
      },
    },
    store: {
      ...store,
      async readVisitor(visitorKey) {
        const record = await store.readVisitor(visitorKey);
        return record && { ...record, sessions: forgetLinks(record.sessions) };
      },
    },
    connect: {
      ...connect,
      async describeContact(contactId, patience) {
        const reply = await connect.describeContact(contactId, patience);
        if (reply.outcome !== "answered" || reply.value === null) return reply;
        const { RelatedContactId: _ignored, ...contact } = reply.value.Contact;
        return { ...reply, value: { Contact: contact } };
      },
    },
  };
}

/** Takes a customer for a visitor who has no other device. */
function withoutCustomers(services: ChatServices): ChatServices {
  const { cookies } = services;
  let isCustomer = false;
  return {
    ...services,
    cookies: {
      ...cookies,
      async read(c, now) {
        const opened = await cookies.read(c, now);
        isCustomer = opened?.content.isCustomer ?? false;
        return opened && { ...opened, content: { ...opened.content, isCustomer: false } };
      },
      write: (c, content, now) => cookies.write(c, { ...content, isCustomer }, now),
    },
  };
}
