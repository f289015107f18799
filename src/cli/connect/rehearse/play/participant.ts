import {
  CreateParticipantConnectionCommand,
  DisconnectParticipantCommand,
  type Item,
  paginateGetTranscript,
  SendMessageCommand,
} from "@aws-sdk/client-connectparticipant";
import { parseJson } from "../../../site/request.ts";
import { isDenied } from "../../aws/aws-problem.ts";
import { type Aws } from "../../aws/open-aws.ts";

const ENDED = "application/vnd.amazonaws.connect.event.chat.ended";

const OVER_TOO_EARLY =
  "A chat was over too early: your flow has ended it, for example outside the hours of operation, or an agent has. Let the flow keep a chat waiting, let agents end only the first chat, and repeat.";

/** The customer's side of one chat. */
export interface Participant {
  say(text: string): Promise<void>;
  /** Whether a text is among the messages, also those of a past chat. */
  hasHeard(text: string): Promise<boolean>;
  /** Ends the chat as the customer. */
  leave(): Promise<void>;
  /** Whether Connect has told that the chat is over; `null` where this connection is told nothing. */
  wasToldEnd(): boolean | null;
  close(): void;
}

/**
 * Joins a chat as the widget does: with a WebSocket, which Connect waits for, and with calls.
 *
 * Source: Amazon Connect Participant Service API, CreateParticipantConnection, SendMessage, GetTranscript.
 */
export async function joinChat({ participant }: Pick<Aws, "participant">, token: string): Promise<Participant> {
  const { ConnectionCredentials, Websocket } = await participant.send(
    new CreateParticipantConnectionCommand({ ParticipantToken: token, Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] }),
  );
  const connection = { ConnectionToken: ConnectionCredentials?.ConnectionToken };
  const feed = Websocket?.Url === undefined ? null : await openFeed(Websocket.Url);
  return {
    say: (text) =>
      call(async () => {
        await participant.send(new SendMessageCommand({ ...connection, ContentType: "text/plain", Content: text }));
      }),
    hasHeard: (text) =>
      call(async () => {
        const items: Item[] = [];
        const pages = paginateGetTranscript({ client: participant }, { ...connection, MaxResults: 100 });
        for await (const { Transcript = [] } of pages) items.push(...Transcript);
        return items.some(({ Content }) => Content?.includes(text) === true);
      }),
    async leave() {
      await participant.send(new DisconnectParticipantCommand(connection)).catch((error: unknown) => {
        // The chat is over already.
        if (!isDenied(error)) throw error;
      });
    },
    wasToldEnd: () => feed?.wasToldEnd() ?? null,
    close: () => feed?.close(),
  };
}

/** Makes a call with the customer's token, which counts no more once the chat is over. */
async function call<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw isDenied(error) ? new Error(OVER_TOO_EARLY, { cause: error }) : error;
  }
}

/** How long the customer waits for the connection, in milliseconds. */
const FEED_TIMEOUT_MS = 5000;

interface Feed {
  wasToldEnd(): boolean | null;
  close(): void;
}

/** The messages that Connect sends to the customer. A connection that fails is no fault: calls go on without it. */
async function openFeed(url: string): Promise<Feed> {
  const socket = new WebSocket(url);
  const settled = Promise.withResolvers<boolean>();
  let hasEnded = false;
  socket.addEventListener("open", () => {
    socket.send(JSON.stringify({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } }));
    settled.resolve(true);
  });
  socket.addEventListener("message", ({ data }) => {
    if (isEnd(String(data))) hasEnded = true;
  });
  socket.addEventListener("error", () => settled.resolve(false));
  const timer = setTimeout(() => settled.resolve(false), FEED_TIMEOUT_MS);
  const isOpen = await settled.promise;
  clearTimeout(timer);
  return { wasToldEnd: () => (isOpen ? hasEnded : null), close: () => socket.close() };
}

/** Whether a message of the connection says that the chat is over. Its content is JSON in a string. */
export function isEnd(message: string): boolean {
  const content: unknown = Object(parseJson(message))["content"];
  const item = typeof content === "string" ? parseJson(content) : null;
  return Object(item)["ContentType"] === ENDED;
}
