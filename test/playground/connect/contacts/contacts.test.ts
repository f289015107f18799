import { describe, expect, it } from "vitest";
import { clock, connectWith, start, view, texts } from "../testing/with-connect.ts";

describe("sessions", () => {
  it("go on in a later segment after a transfer and a survey, and end with the last", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect, { attributes: { chatContinue: "none" } });
    connect.agent.say(contactId, "one");
    clock.now += 10;
    const transferred = connect.agent.transfer(contactId);
    connect.agent.say(transferred, "two");
    const surveyed = connect.agent.survey(contactId);
    const [initial, second, third] = [contactId, transferred, surveyed].map((id) => view(connect, id));
    expect(initial).toMatchObject({ endedAt: clock.now, live: true });
    expect(second).toMatchObject({
      initialContactId: contactId,
      endedAt: clock.now,
      attributes: { chatContinue: "none" },
    });
    expect(third).toMatchObject({ initialContactId: contactId, endedAt: null, live: true });
    clock.now += 5;
    connect.agent.end(contactId);
    expect(view(connect, surveyed)).toMatchObject({ endedAt: clock.now, live: false });
    expect(texts(view(connect, surveyed))).toEqual(["one", "two"]);
  });

  it("end by themselves after the chat duration", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect, { body: { ChatDurationInMinutes: 60 } });
    clock.now += 3_599;
    expect(view(connect, contactId).endedAt).toBeNull();
    clock.now += 1;
    expect(view(connect, contactId).endedAt).toBe(clock.now);
  });

  it("refuse the agent once they have ended", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect);
    connect.agent.end(contactId);
    expect(() => connect.agent.say(contactId, "late")).toThrow(/has ended/);
    expect(() => connect.agent.transfer(contactId)).toThrow(/has ended/);
    expect(() => connect.agent.say("unknown", "hello")).toThrow(/Cannot find/);
  });
});
