import { describe, expect, it, vi } from "vitest";
import { type Connect } from "../connect.ts";
import { buildFlow } from "../console/aws-console.ts";
import { access } from "../testing/call-service.ts";
import { clock, connectWith, pastChat, start, startLinked, texts, view } from "../testing/with-connect.ts";

/** Lets new chats run another flow: the widget's own one, with each of these texts replaced. */
function runInstead(connect: Connect, ...replacements: [string, string][]): void {
  const content = connect.console.flows[0]?.saved ?? "";
  const changed = replacements.reduce((text, [from, to]) => text.replaceAll(from, to), content);
  const flow = { ...buildFlow("Another", changed), published: changed };
  connect.console.flows.push(flow);
  connect.console.widgetFlowId = flow.id;
}

describe("the widget's flow", () => {
  it("is the published one that the owner chose", async () => {
    const connect = await connectWith({ access });
    const first = await pastChat(connect, "one");
    runInstead(connect, ["$.Attributes.contactId", "$.Attributes.past"]);
    expect((await startLinked(connect, "none", { past: first })).relatedContactId).toBe(first);
    const [flow] = connect.console.flows.slice(-1);
    if (flow !== undefined) flow.published = null;
    expect((await startLinked(connect, first)).relatedContactId).toBe(first);
  });

  it("links up to one contact of the past chat, where its block says so", async () => {
    const connect = await connectWith({ access });
    const { contactId } = await start(connect, { attributes: { chatContinue: "none" } });
    connect.agent.say(contactId, "first");
    const segment = connect.agent.transfer(contactId);
    connect.agent.say(segment, "second");
    connect.agent.end(contactId);
    clock.now += 45;
    runInstead(connect, ["ENTIRE_PAST_SESSION", "FROM_SEGMENT"]);
    expect(texts(await startLinked(connect, contactId))).toEqual(["first"]);
  });

  it("links with the words of the console, where Connect takes those", async () => {
    const connect = await connectWith({ access });
    connect.switches.rehydrationTypeForm = "label";
    const first = await pastChat(connect, "one");
    runInstead(connect, ["ENTIRE_PAST_SESSION", "Entire Past Session"]);
    expect((await startLinked(connect, first)).relatedContactId).toBe(first);
  });

  it("tells the customer and ends the chat where there is no queue", async () => {
    const connect = await connectWith({ access });
    connect.console.queues = [];
    const { contactId } = await start(connect, { attributes: { chatContinue: "none" } });
    await vi.waitFor(() => expect(view(connect, contactId).live).toBe(false));
    expect(view(connect, contactId).transcript[0]).toMatchObject({
      from: "system",
      text: expect.stringMatching(/^Sorry/),
    });
  });

  it.each([
    ["leads nowhere", '"NextAction":"Continue a past chat"', '"NextAction":"Gone"'],
    ["runs in a circle", '"StartAction":"Set the queue"', '"StartAction":"Circle"'],
  ])("ends the chat where it %s", async (_, from, to) => {
    const connect = await connectWith({ access });
    const circle = '{"Identifier":"Circle","Type":"MessageParticipant","Transitions":{"NextAction":"Circle"}}';
    runInstead(connect, [from, to], ['"Actions":[', `"Actions":[${circle},`]);
    const { contactId } = await start(connect, { attributes: { chatContinue: "none" } });
    await vi.waitFor(() => expect(view(connect, contactId).live).toBe(false));
    expect(view(connect, contactId).flowLog.at(-1)).toMatch(/leads nowhere/);
  });
});
