import { expect } from "vitest";
import { type ContactView } from "../../../playground/connect/connect.ts";
import { type Playground, startPlayground } from "../../../playground/playground.ts";
import { startChat } from "../../../playground/start-chat.ts";
import { control } from "../../instrumented.ts";
import { useServer } from "../../use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../../visitor-client.ts";

/** How long Connect needs for a transcript. */
export const READY_AFTER_SECONDS = 45;

/** The answers to the first report of a chat that is linked, and of one that has nothing to be linked to. */
export const LINKED = { status: "recorded", link: "linked", askAgainSeconds: null };
export const NOT_LINKED = { status: "recorded", link: "none", askAgainSeconds: null };

/** Answer of `POST /_chat/contacts` where the Worker links. */
export interface LinkAnswer {
  readonly status: string;
  readonly link?: string;
  readonly askAgainSeconds?: number | null;
}

/** A chat that a visitor has started: its report can be sent again, as the browser does when it is told to. */
export interface StartedChat {
  readonly contactId: string;
  readonly ticket: string;
  readonly token: string;
  ask(more?: object): Promise<LinkAnswer>;
  end(): Promise<void>;
}

/** A playground whose Worker links chats, with these settings as well. */
export function useLinking(vars: Readonly<Record<string, string>> = {}) {
  const playground: Playground = useServer(() =>
    startPlayground({
      port: 0,
      transcriptDelaySeconds: READY_AFTER_SECONDS,
      aws: true,
      vars: { LINK_BY: "worker", ...vars },
    }),
  );
  const pass = (seconds: number) => playground.moveClock(seconds * 1000);
  const view = (contactId: string): ContactView => {
    const found = playground.connect.contacts().find((contact) => contact.contactId === contactId);
    if (found === undefined) throw new Error("no such contact");
    return found;
  };

  /** Starts a chat at Connect. Its report is not sent yet. */
  const start = async (visitor: VisitorClient, body: object = {}): Promise<StartedChat> => {
    // Chats of one second have no order.
    await pass(1);
    const { ticket, token } = await visitor.token(body);
    const contactId = await startChat(playground, token);
    return {
      contactId,
      ticket,
      token,
      async ask(more = {}) {
        const response = await visitor.report({ ticket, contactId, ...more });
        expect(response.status).toBeLessThan(300);
        const answer: LinkAnswer = await response.json();
        return answer;
      },
      async end() {
        playground.connect.agent.end(contactId);
        await visitor.report({ ticket, contactId, event: "ended" });
      },
    };
  };

  return {
    playground,
    start,
    pass,
    view,

    /** Ends every pause and empties the lists of calls. @returns A new visitor. */
    begin: async (): Promise<VisitorClient> => {
      const { connect, worker } = playground;
      connect.service = "works";
      connect.actionHealth.clear();
      await pass(200);
      await control(worker, {});
      connect.serviceCalls.length = 0;
      return createVisitorClient(worker.origin);
    },

    /** A chat that has ended and whose transcript is ready. */
    haveChat: async (visitor: VisitorClient): Promise<string> => {
      const chat = await start(visitor);
      await chat.ask();
      await chat.end();
      await pass(READY_AFTER_SECONDS + 1);
      playground.connect.serviceCalls.length = 0;
      return chat.contactId;
    },

    /** What the Worker asked Amazon since `begin()`. */
    asked: () => playground.connect.serviceCalls.map(({ action }) => action),
    /** What a chat continues. */
    continued: (contactId: string) => view(contactId).relatedContactId,
  };
}
