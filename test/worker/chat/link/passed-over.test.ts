import { beforeEach, describe, expect, it } from "vitest";
import { observe } from "../../instrumented.ts";
import { type VisitorClient } from "../../visitor-client.ts";
import { useLinking } from "./linking.ts";

const { begin, continued, haveChat, pass, playground, start, view } = useLinking();
const havePast = () => haveChat(visitor);
let visitor: VisitorClient;

beforeEach(async () => {
  visitor = await begin();
});

describe("POST /_chat/contacts with LINK_BY=worker, where the newest past chat cannot be linked", () => {
  it("gives no past session up because a chat is refused that is over", async () => {
    await havePast();
    await pass(700);
    const chat = await start(visitor);
    playground.connect.agent.end(chat.contactId);
    await pass(20);
    expect(await chat.ask()).toMatchObject({ link: "waiting" });
    await pass(20);
    expect(await chat.ask()).toMatchObject({ link: "none" });
    const { stored } = await observe(playground.worker);
    expect(JSON.stringify(stored)).not.toContain("unlinkableAt");
  });

  it("gives a past session up also where the new chat was transferred", async () => {
    const before = await havePast();
    await havePast();
    await pass(700);
    const chat = await start(visitor);
    playground.connect.agent.transfer(chat.contactId);
    await pass(16);
    for (const _time of [1, 2]) {
      playground.connect.agent.spoil();
      await chat.ask();
      await pass(20);
    }
    expect(await chat.ask()).toMatchObject({ link: "linked" });
    expect(continued(chat.contactId)).toBe(before);
  });

  it("links the session before three that are open, without asking every two seconds", async () => {
    const past = await havePast();
    for (let count = 0; count < 3; count += 1) await (await start(visitor)).ask();
    const chat = await start(visitor);
    const pauses: number[] = [];
    for (let seconds = 0; seconds < 600;) {
      const { askAgainSeconds } = await chat.ask();
      if (typeof askAgainSeconds !== "number") break;
      pauses.push(askAgainSeconds);
      seconds += askAgainSeconds;
      await pass(askAgainSeconds);
    }
    expect(continued(chat.contactId)).toBe(past);
    expect(pauses.length).toBeLessThan(16);
  });

  it("gives a past session up that Amazon refuses for good, and links the one before", async () => {
    const before = await havePast();
    const refused = await havePast();
    await pass(700);
    const chat = await start(visitor);
    playground.connect.agent.spoil();
    // Amazon may not know a chat everywhere that has just begun.
    expect(await chat.ask()).toMatchObject({ link: "waiting", askAgainSeconds: 10 });
    await pass(16);
    playground.connect.agent.spoil();
    expect(await chat.ask()).toMatchObject({ link: "linked" });
    expect(continued(chat.contactId)).toBe(before);
    expect(view(chat.contactId).links.map(({ source }) => source)).toEqual([refused, refused, before]);
  });
});
