import { beforeEach, describe, expect, it } from "vitest";
import { access } from "../../../playground/playground.ts";
import { control, observe } from "../../instrumented.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { NOTHING, offered } from "../../visitor-steps.ts";
import { useAmazon } from "./amazon.ts";

const { playground, start, report, chat, claim, begin, described } = useAmazon();
let visitor: VisitorClient;

beforeEach(async () => {
  visitor = await begin();
});

describe("POST /_chat/token, with AWS credentials", () => {
  it("offers a chat that Amazon Connect confirms as this visitor's", async () => {
    const contactId = await chat(visitor);
    await control(playground.worker, {});
    expect(await offered(visitor)).toMatchObject({ contactId, chatContinue: "now" });
    expect(described()).toEqual([[contactId, 200]]);
    expect((await observe(playground.worker)).calls).toEqual(["get visitor", "describe contact", "list contacts"]);
  });

  it("asks once: the cookie keeps the answer, before KV does", async () => {
    const { token, ticket } = await visitor.token();
    const contactId = await start(token);
    await report(visitor, ticket, contactId);
    await visitor.report({ ticket, contactId, event: "ended" });
    await playground.moveClock(100_000);
    await offered(visitor);
    await control(playground.worker, { kvShows: "nothing" });
    expect(await offered(visitor)).toMatchObject({ contactId });
    expect((await observe(playground.worker)).calls).toEqual(["get visitor"]);
  });

  it("records the answer with the next report", async () => {
    const { token, ticket } = await visitor.token();
    const contactId = await start(token);
    await report(visitor, ticket, contactId);
    await offered(visitor);
    const key = `visitor:${claimsOf(token).attributes["persistentChatVisitor"]}`;
    const recorded = async () => {
      const { stored } = await observe(playground.worker);
      return JSON.parse(stored[key]?.value ?? "").sessions;
    };
    expect((await recorded())[0]).not.toHaveProperty("verifiedAt");
    await visitor.report({ ticket, contactId, event: "ended" });
    expect(await recorded()).toEqual([expect.objectContaining({ contactId, verifiedAt: expect.any(Number) })]);
  });

  it("asks about one contact per token, the newest first, and about no contact that is not offered", async () => {
    await chat(visitor);
    const before = await chat(visitor);
    const newest = await chat(visitor);
    expect(await offered(visitor)).toMatchObject({ contactId: newest, contactIdFallback: "none" });
    expect(described()).toEqual([[newest, 200]]);
    expect(await offered(visitor)).toMatchObject({ contactId: newest, contactIdFallback: before });
    expect(await offered(visitor)).toMatchObject({ contactId: newest, contactIdFallback: before });
    expect(described()).toEqual([
      [newest, 200],
      [before, 200],
    ]);
  });

  it("does not ask if nothing is to be offered", async () => {
    await offered(visitor);
    await chat(visitor);
    expect(await offered(visitor, { fresh: true })).toMatchObject(NOTHING);
    await control(playground.worker, { kv: "fails" });
    expect(await offered(visitor)).toMatchObject(NOTHING);
    expect(described()).toEqual([]);
  });
});

describe("POST /_chat/token, when Amazon Connect says that a contact is not this visitor's", () => {
  it("does not offer the chat of another visitor, who has not reported it yet", async () => {
    const owner = createVisitorClient(playground.worker.origin);
    const contactId = await start((await owner.token()).token);
    await claim(visitor, contactId);
    expect(await offered(visitor)).toMatchObject(NOTHING);
    expect(described()).toEqual([[contactId, 200]]);
  });

  it("does not offer a contact that does not exist", async () => {
    const contactId = crypto.randomUUID();
    await claim(visitor, contactId);
    expect(await offered(visitor)).toMatchObject(NOTHING);
    expect(described()).toEqual([[contactId, 404]]);
  });

  it("offers the confirmed chat before it", async () => {
    const own = await chat(visitor);
    await offered(visitor);
    await claim(visitor, crypto.randomUUID());
    expect(await offered(visitor)).toMatchObject({ contactId: own, contactIdFallback: "none" });
  });

  it("offers the chat before it once that is confirmed, and asks about each once", async () => {
    const own = await chat(visitor);
    const claimed = crypto.randomUUID();
    await claim(visitor, claimed);
    expect(await offered(visitor)).toMatchObject(NOTHING);
    expect(await offered(visitor)).toMatchObject({ contactId: own, contactIdFallback: "none" });
    expect(await offered(visitor)).toMatchObject({ contactId: own, contactIdFallback: "none" });
    expect(described()).toEqual([
      [claimed, 404],
      [own, 200],
    ]);
  });

  it("still does not offer it to a copy of an older cookie", async () => {
    const owner = createVisitorClient(playground.worker.origin);
    const contactId = await start((await owner.token()).token);
    await claim(visitor, contactId);
    const { cookie } = visitor;
    await offered(visitor);
    visitor.cookie = cookie;
    expect(await offered(visitor)).toMatchObject(NOTHING);
  });
});

describe("logs", () => {
  it("never hold a contact id, a credential or a visitor", async () => {
    const contactId = await chat(visitor);
    playground.connect.service = "denies";
    const key = (await offered(visitor))["persistentChatVisitor"];
    const text = JSON.stringify(playground.worker.logs);
    expect(text).toContain("owner.unknown");
    for (const secret of [contactId, key, access.accessKeyId, access.secretAccessKey])
      expect(text).not.toContain(secret);
  });
});
