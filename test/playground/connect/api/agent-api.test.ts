import { describe, expect, it } from "vitest";
import { type Connect } from "../connect.ts";
import { clock, connectWith, start, startLinked, view, pastChat } from "../testing/with-connect.ts";

function postAsAgent(connect: Connect, path: string, body: object, type = "application/json"): Promise<Response> {
  return fetch(`${connect.origin}/agent/api/${path}`, {
    method: "POST",
    headers: { "content-type": type },
    body: JSON.stringify(body),
  });
}

describe("the agent API", () => {
  it("answers, transfers and ends", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect);
    await postAsAgent(connect, `contacts/${contactId}/say`, { text: "good day" });
    const moved = await (await postAsAgent(connect, `contacts/${contactId}/transfer`, {})).json();
    expect(view(connect, moved.contactId).initialContactId).toBe(contactId);
    await postAsAgent(connect, `contacts/${contactId}/end`, {});
    const seen = await (await fetch(`${connect.origin}/agent/api/contacts/${contactId}`)).json();
    expect(seen).toEqual(JSON.parse(JSON.stringify(view(connect, contactId))));
    expect(seen).toMatchObject({ live: false });
    expect((await postAsAgent(connect, `contacts/${contactId}/say`, { text: "late" })).status).toBe(409);
  });

  it("flips switches, and only to positions there are", async () => {
    const connect = await connectWith();
    expect((await postAsAgent(connect, "switches", { liveSource: "success" })).status).toBe(200);
    expect(connect.switches.liveSource).toBe("success");
    expect((await postAsAgent(connect, "switches", { liveSource: "maybe" })).status).toBe(409);
    expect((await postAsAgent(connect, "switches", { __proto__x: "yes" })).status).toBe(409);
  });

  it("drops the record of an ended session, so that a link to it fails, and of no live one", async () => {
    const connect = await connectWith();
    const first = await pastChat(connect, "one");
    const second = await startLinked(connect, first);
    expect((await postAsAgent(connect, `contacts/${second.contactId}/forget`, {})).status).toBe(409);
    expect((await postAsAgent(connect, `contacts/${first}/forget`, {})).status).toBe(200);
    expect(connect.contacts().map(({ contactId }) => contactId)).toEqual([second.contactId]);
    expect((await startLinked(connect, first)).links[0]?.reason).toMatch(/no contact of this id/);
  });

  it("drops every segment of a session", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect);
    const segment = connect.agent.transfer(contactId);
    connect.agent.end(contactId);
    connect.agent.forget(segment);
    expect(connect.contacts()).toEqual([]);
  });

  it("spoils the next link alone: the fallback comes along", async () => {
    const connect = await connectWith();
    const [first, second] = [await pastChat(connect, "one"), await pastChat(connect, "two")];
    expect((await postAsAgent(connect, "spoil", {})).status).toBe(200);
    const third = await startLinked(connect, second, { contactIdFallback: first });
    expect(third.links).toMatchObject([{ outcome: "error" }, { outcome: "linked" }]);
    expect(third.relatedContactId).toBe(first);
    expect((await startLinked(connect, second)).relatedContactId).toBe(second);
  });

  it("sets how the service API is, and only to what there is", async () => {
    const connect = await connectWith();
    expect((await postAsAgent(connect, "service", { health: "slow" })).status).toBe(200);
    expect(connect.service).toBe("slow");
    for (const wrong of [
      { health: "ill" },
      {},
      { action: "StopContact", health: "ill" },
      { action: "Stop", health: null },
    ]) {
      expect((await postAsAgent(connect, "service", wrong)).status).toBe(409);
    }
    expect(connect.service).toBe("slow");
    expect(connect.actionHealth.size).toBe(0);
  });

  it("sets how one action of it is, and takes that back", async () => {
    const connect = await connectWith();
    const { actionHealth } = connect;
    await postAsAgent(connect, "service", { action: "StopContact", health: "denies" });
    expect([...actionHealth, connect.service]).toEqual([["StopContact", "denies"], "works"]);
    await postAsAgent(connect, "service", { action: "StopContact", health: null });
    expect(actionHealth.size).toBe(0);
  });

  it("moves the clock where there is one to move", async () => {
    const connect = await connectWith({ moveClock: async (ms) => void (clock.now += ms / 1000) });
    const before = clock.now;
    expect(await (await postAsAgent(connect, "clock", { days: 2 })).json()).toEqual({ now: before + 172_800 });
    expect((await postAsAgent(connect, "clock", { days: "2" })).status).toBe(409);
    expect((await postAsAgent(await connectWith(), "clock", { days: 2 })).status).toBe(409);
  });

  it("takes nothing that another site's page could post", async () => {
    const connect = await connectWith();
    const { contactId } = await start(connect);
    expect((await postAsAgent(connect, `contacts/${contactId}/end`, {}, "text/plain")).status).toBe(415);
    expect(view(connect, contactId).endedAt).toBeNull();
  });
});
