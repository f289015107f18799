import { beforeEach, describe, expect, it } from "vitest";
import { control } from "../../instrumented.ts";
import { createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { expectRefused } from "../../visitor-steps.ts";
import { LINKED, NOT_LINKED, useLinking } from "./linking.ts";

const { asked, begin, continued, haveChat, pass, playground, start, view } = useLinking();
const havePast = () => haveChat(visitor);
let visitor: VisitorClient;

beforeEach(async () => {
  visitor = await begin();
});

describe("POST /_chat/contacts with LINK_BY=worker, for a chat of somebody else", () => {
  it("refuses the live chat of another visitor, links nothing, and leaves it to its owner", async () => {
    await havePast();
    const owner = createVisitorClient(playground.worker.origin);
    const victim = await start(owner);
    const { ticket } = await visitor.token();
    await expectRefused(visitor.report({ ticket, contactId: victim.contactId }), 403, "CONTACT_NOT_YOURS");
    expect(continued(victim.contactId)).toBeNull();
    expect(await victim.ask()).toEqual(NOT_LINKED);
  });

  it("lets nobody claim a chat that is older than the five that are kept", async () => {
    const { ticket } = await visitor.token();
    for (let count = 0; count < 5; count += 1) await (await start(visitor)).ask();
    const owner = createVisitorClient(playground.worker.origin);
    const victim = await start(owner);
    await visitor.report({ ticket, contactId: victim.contactId });
    expect(await victim.ask()).toEqual(NOT_LINKED);
  });

  it("lets nobody claim a chat while MODE is off", async () => {
    const { ticket } = await visitor.token();
    const victim = await start(createVisitorClient(playground.worker.origin));
    await control(playground.worker, { mode: "off" });
    await expectRefused(visitor.report({ ticket, contactId: victim.contactId }), 403, "CONTACT_NOT_YOURS");
    await control(playground.worker, {});
    expect(await victim.ask()).toEqual(NOT_LINKED);
  });

  it("takes no later contact of a chat for a new chat", async () => {
    const chat = await start(visitor);
    await chat.ask();
    const segment = playground.connect.agent.transfer(chat.contactId);
    await pass(2);
    const { ticket } = await visitor.token();
    await expectRefused(visitor.report({ ticket, contactId: segment, alone: true }), 403, "CONTACT_NOT_YOURS");
    expect(view(segment).endedAt).toBeNull();
  });

  it("links nothing to a contact that names no visitor", async () => {
    await havePast();
    const { ticket } = await visitor.token();
    const answer = await visitor.report({ ticket, contactId: crypto.randomUUID() });
    expect(await answer.json()).toEqual({ status: "recorded", link: "waiting", askAgainSeconds: 10 });
    expect(asked()).not.toContain("CreatePersistentContactAssociation");
  });
});

describe("POST /_chat/contacts with LINK_BY=worker, when Amazon gives no answer", () => {
  it.each(["slow", "down", "fails", "throttles", "denies", "garbage"] as const)(
    "records the chat, and links it the next time (%s)",
    async (health) => {
      const past = await havePast();
      const chat = await start(visitor);
      playground.connect.service = health;
      expect(await chat.ask()).toEqual({ status: "recorded", link: "waiting", askAgainSeconds: 10 });
      playground.connect.service = "works";
      await pass(70);
      expect(await chat.ask()).toEqual({ ...LINKED, status: "known" });
      expect(continued(chat.contactId)).toBe(past);
    },
  );

  it("links once where Amazon links and its answer comes too late", async () => {
    const past = await havePast();
    const chat = await start(visitor);
    playground.connect.actionHealth.set("CreatePersistentContactAssociation", "late");
    expect(await chat.ask()).toMatchObject({ link: "waiting" });
    playground.connect.actionHealth.clear();
    await pass(20);
    expect(await chat.ask()).toEqual({ ...LINKED, status: "known" });
    expect(view(chat.contactId).links).toHaveLength(1);
    expect(continued(chat.contactId)).toBe(past);
  });

  it("denies one action: the others go on, and the log names it", async () => {
    await havePast();
    const chat = await start(visitor);
    playground.connect.actionHealth.set("CreatePersistentContactAssociation", "denies");
    expect(await chat.ask()).toMatchObject({ link: "waiting" });
    expect(asked().at(-1)).toBe("CreatePersistentContactAssociation");
  });

  it("asks no more once the chat is over or half an hour old", async () => {
    await havePast();
    const chat = await start(visitor);
    playground.connect.actionHealth.set("DescribeContact", "denies");
    expect(await chat.ask()).toMatchObject({ link: "waiting" });
    await pass(1900);
    expect(await chat.ask()).toMatchObject({ link: "none", askAgainSeconds: null });
  });

  it("asks GetContactAttributes also where DescribeContact has an empty map", async () => {
    const past = await havePast();
    const { ticket, contactId } = await start(visitor, {});
    playground.connect.switches.attributesWhileLive = "no";
    const answer = await visitor.report({ ticket, contactId });
    expect(await answer.json()).toEqual(LINKED);
    expect(continued(contactId)).toBe(past);
    playground.connect.switches.attributesWhileLive = "yes";
  });
});
