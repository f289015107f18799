import { type RequestListener } from "node:http";
import { beforeEach, describe, expect, it } from "vitest";
import { startWatchedServer } from "../../../attacks/watched-server.ts";
import { accessSettings } from "../../../playground/playground.ts";
import { control } from "../../instrumented.ts";
import { useInstrumented, useServer } from "../../use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { NOTHING, offered } from "../../visitor-steps.ts";

let answer: RequestListener;
const amazon = useServer(() => startWatchedServer((request, response) => answer(request, response)));
const worker = useInstrumented(() => ({ CONNECT_API_ORIGIN: amazon.origin, ...accessSettings }));
let visitor: VisitorClient;
let clockOffsetSeconds = 0;

beforeEach(() => {
  visitor = createVisitorClient(worker.origin);
});

/** Reports a chat that Amazon does not know. Some time passes. */
async function chatElsewhere(contactId: string): Promise<void> {
  const { ticket } = await visitor.token({ fresh: true });
  expect((await visitor.report({ ticket, contactId })).status).toBe(201);
  clockOffsetSeconds += 1000;
  await control(worker, { clockOffsetSeconds });
}

describe("POST /_chat/token, when Amazon Connect answers as nobody expects", () => {
  it("asks again about a contact that Amazon did not know a day ago", async () => {
    const contactId = crypto.randomUUID();
    await chatElsewhere(contactId);
    const { persistentChatVisitor } = await offered(visitor, { fresh: true });
    answer = (_request, response) => response.writeHead(404).end("{}");
    expect(await offered(visitor)).toMatchObject(NOTHING);
    answer = (_request, response) =>
      response.end(JSON.stringify({ Contact: { Channel: "CHAT", Attributes: { persistentChatVisitor } } }));
    expect(await offered(visitor)).toMatchObject(NOTHING);
    clockOffsetSeconds += 86_400;
    await control(worker, { clockOffsetSeconds });
    expect(await offered(visitor)).toMatchObject({ contactId });
    expect(await offered(visitor)).toMatchObject({ contactId });
  });

  it("starts the chat without history when the answer begins and never ends", async () => {
    await chatElsewhere(crypto.randomUUID());
    answer = (_request, response) => response.writeHead(200).write('{"Contact":');
    expect(await offered(visitor)).toMatchObject(NOTHING);
  });

  it.each(["{}", '{"Contact":{}}', '{"Contact":{"Channel":"CHAT","Attributes":{"persistentChatVisitor":7}}}', "[]"])(
    "takes %s for no answer, and so offers no older chat instead",
    async (text) => {
      const confirmed = crypto.randomUUID();
      await chatElsewhere(confirmed);
      const { persistentChatVisitor } = await offered(visitor, { fresh: true });
      const contact = { Channel: "CHAT", Attributes: { persistentChatVisitor } };
      answer = (_request, response) => response.end(JSON.stringify({ Contact: contact }));
      expect(await offered(visitor)).toMatchObject({ contactId: confirmed });
      await chatElsewhere(crypto.randomUUID());
      answer = (_request, response) => response.end(text);
      expect(await offered(visitor)).toMatchObject(NOTHING);
    },
  );
});
