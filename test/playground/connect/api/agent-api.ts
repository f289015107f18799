import type { Contact } from "../contacts/contact.ts";
import type { Contacts } from "../contacts/contacts.ts";
import { type Exchange, type Feed, openFeed, readHeader, readJson, replyJson } from "./exchange.ts";
import { workerActions } from "../service/operations.ts";
import type { ServiceApi } from "../service/service-api.ts";
import { serviceHealths } from "../service/service-health.ts";
import { setHealth } from "../service/set-health.ts";
import { faultPositions, faultQuestions, plantFault, type PlantedFaults } from "../../faults/planted-faults.ts";
import { setSwitch, switchPositions, switchQuestions, type Switches } from "../switches.ts";

const CONTACT_ROUTE = /^\/agent\/api\/contacts\/([^/]+)(?:\/(say|transfer|survey|end|forget))?$/;
/** Several changes at once, as after a link, are one update for the reader. */
const UPDATE_DELAY_MS = 50;
const DAY_MS = 86_400_000;

/** The agent's actions; each throws when it is not possible. */
export interface Agent {
  say(contactId: string, text: string): void;
  transfer(contactId: string): string;
  survey(contactId: string): string;
  end(contactId: string): void;
  /** Drops the record of an ended session: its contact is unknown to the next link. */
  forget(contactId: string): void;
  /** Lets the next link take its Error branch, whatever its source. */
  spoil(): void;
}

/** A shop with the widget. */
export interface Shop {
  origin: string;
  /** Whether its chat knows who is signed in. */
  hasCustomers: boolean;
}

/** Faults that a person can switch on. */
export interface Faults {
  isNextLinkSpoilt: boolean;
}

export interface AgentApi {
  /** @returns Whether the path is one of its own. */
  answer(exchange: Exchange): Promise<boolean>;
  publish(): void;
}

export function createAgent(contacts: Contacts, faults: Faults, now: () => number): Agent {
  return {
    say: (contactId, text) => contacts.say(contactId, "agent", text, now()),
    transfer: (contactId) => contacts.transfer(contactId, now()).contactId,
    survey: (contactId) => contacts.survey(contactId, now()).contactId,
    end: (contactId) => contacts.end(contactId, "The agent has ended the chat.", now()),
    forget: (contactId) => contacts.forget(contactId),
    spoil() {
      faults.isNextLinkSpoilt = true;
    },
  };
}

/** The JSON API of the agent page. It sends no CORS headers: no other page may read it. */
export function createAgentApi(deps: {
  agent: Agent;
  contacts: Contacts;
  switches: Switches;
  faults: Faults;
  planted: PlantedFaults;
  service: ServiceApi;
  shops: readonly Shop[];
  transcriptDelaySeconds: number;
  now: () => number;
  moveClock: ((ms: number) => Promise<void>) | null;
}): AgentApi {
  const { agent, contacts, switches, faults, planted, service, shops, transcriptDelaySeconds, now, moveClock } = deps;
  const feeds = new Set<Feed>();
  let update: NodeJS.Timeout | undefined;

  return {
    async answer(exchange) {
      if (!exchange.path.startsWith("/agent/api/")) return false;
      // A page of another site can post plain text here, but JSON only after a preflight.
      if (exchange.method !== "GET" && readHeader(exchange, "content-type") !== "application/json") {
        replyJson(exchange, 415, { message: "Send application/json." });
      } else await answerAgent(exchange);
      return true;
    },
    publish() {
      if (feeds.size === 0) return;
      update ??= setTimeout(() => {
        update = undefined;
        for (const feed of feeds) feed.send({ changed: true });
      }, UPDATE_DELAY_MS);
    },
  };

  async function answerAgent(exchange: Exchange): Promise<void> {
    switch (`${exchange.method} ${exchange.path}`) {
      case "GET /agent/api/contacts":
        replyJson(exchange, 200, { now: now(), contacts: contacts.views() });
        return;
      case "GET /agent/api/changes": {
        const feed = openFeed(exchange, () => feeds.delete(feed));
        feeds.add(feed);
        return;
      }
      case "GET /agent/api/switches":
        replyJson(exchange, 200, { switches, positions: switchPositions, questions: switchQuestions });
        return;
      case "POST /agent/api/switches":
        await attempt(exchange, (body) => {
          for (const [name, position] of Object.entries(body)) setSwitch(switches, name, position);
          return { switches };
        });
        return;
      case "GET /agent/api/faults":
        replyJson(exchange, 200, { faults: planted, positions: faultPositions, questions: faultQuestions });
        return;
      case "POST /agent/api/faults":
        await attempt(exchange, (body) => {
          for (const [name, position] of Object.entries(body)) plantFault(planted, name, position);
          return { faults: planted };
        });
        return;
      case "GET /agent/api/try":
        replyJson(exchange, 200, {
          shops,
          service: service.health,
          services: serviceHealths,
          actions: workerActions.map((action) => ({ action, health: service.actionHealth.get(action) ?? null })),
          isNextLinkSpoilt: faults.isNextLinkSpoilt,
          transcriptDelaySeconds,
          now: now(),
        });
        return;
      case "POST /agent/api/service":
        await attempt(exchange, ({ action = null, health = null }) => {
          setHealth(service, action, health);
          return { action, health };
        });
        return;
      case "POST /agent/api/spoil":
        await attempt(exchange, () => {
          agent.spoil();
          return {};
        });
        return;
      case "POST /agent/api/clock":
        await attempt(exchange, async ({ days }) => {
          if (moveClock === null)
            throw new Error("Cannot move the clock: this stand-in uses a clock that it cannot move");
          if (typeof days !== "number") throw new Error('Cannot move the clock: wanted {"days": …}');
          await moveClock(days * DAY_MS);
          return { now: now() };
        });
        return;
      default:
        await answerContact(exchange);
    }
  }

  async function answerContact(exchange: Exchange): Promise<void> {
    const [, contactId = "", action] = CONTACT_ROUTE.exec(exchange.path) ?? [];
    const contact = contacts.find(contactId, now());
    if (contact === null) replyJson(exchange, 404, { message: "There is no such contact." });
    else if (exchange.method === "GET" && action === undefined) replyJson(exchange, 200, contacts.view(contact));
    else if (exchange.method !== "POST") replyJson(exchange, 405, { message: "Wrong method." });
    else await attempt(exchange, (body) => act(contact, action, body));
  }

  function act({ contactId }: Contact, action: string | undefined, body: Record<string, unknown>): unknown {
    switch (action) {
      case "say": {
        const text = body["text"];
        if (typeof text !== "string" || text.trim() === "")
          throw new Error('Cannot send a message: wanted {"text": "…"}, found no text');
        agent.say(contactId, text);
        return {};
      }
      case "transfer":
        return { contactId: agent.transfer(contactId) };
      case "survey":
        return { contactId: agent.survey(contactId) };
      case "end":
        agent.end(contactId);
        return {};
      case "forget":
        agent.forget(contactId);
        return {};
      case undefined:
      default:
        throw new Error("Cannot do that: wanted say, transfer, survey, end or forget");
    }
  }
}

async function attempt(exchange: Exchange, action: (body: Record<string, unknown>) => unknown): Promise<void> {
  const body = await readJson(exchange);
  try {
    if (typeof body !== "object" || body === null) throw new Error("Cannot read the body: wanted a JSON object");
    replyJson(exchange, 200, await action({ ...body }));
  } catch (error) {
    replyJson(exchange, 409, { message: error instanceof Error ? error.message : "It failed." });
  }
}
