import { describe, expect, it } from "vitest";
import { type Connect } from "./connect.ts";
import { isSwitchName, setSwitch, type Switches, switchPositions } from "./switches.ts";
import { clock, connectWith, callStart, start, startLinked, view, texts, pastChat } from "./testing/with-connect.ts";

describe("switches of the server", () => {
  const observations: Partial<Record<keyof Switches, (connect: Connect) => Promise<unknown>>> = {
    async handMadeAttributes(connect) {
      const { contactId } = await start(connect, {
        attributes: { contactId: "signed" },
        body: { Attributes: { contactId: "forged", "HostedWidget-plan": "pro" } },
      });
      return view(connect, contactId).attributes;
    },
    async nullToken(connect) {
      return (await callStart(connect, { token: null })).status;
    },
    async liveSource(connect) {
      const { links, relatedContactId } = await startLinked(connect, (await start(connect)).contactId);
      return { branch: links[0]?.outcome, relatedContactId };
    },
    async earlySource(connect) {
      const source = await pastChat(connect, "one");
      clock.now -= 1;
      const { links, relatedContactId, transcript } = await startLinked(connect, source);
      return { branch: links[0]?.outcome, relatedContactId, transcript };
    },
    async emptySource(connect) {
      const ends = await Promise.all(["", "none", "unknown"].map((source) => startLinked(connect, source)));
      return ends.map(({ links, relatedContactId }) => ({ branch: links[0]?.outcome, relatedContactId }));
    },
    async segmentSource(connect) {
      const { contactId } = await start(connect);
      const segment = connect.agent.transfer(contactId);
      connect.agent.say(segment, "from the segment");
      connect.agent.end(segment);
      clock.now += 45;
      return texts(await startLinked(connect, segment));
    },
    async secondLink(connect) {
      const first = await pastChat(connect, "one");
      return texts(await startLinked(connect, "unknown", { contactIdFallback: first }));
    },
  };
  const error = { branch: "error", relatedContactId: null };
  const success = { branch: "linked", relatedContactId: null };
  const expected: Partial<Record<keyof Switches, Record<string, unknown>>> = {
    handMadeAttributes: {
      lose: { contactId: "signed", "HostedWidget-plan": "pro" },
      win: { contactId: "forged", "HostedWidget-plan": "pro" },
    },
    nullToken: { fails: 401, "starts-without": 200 },
    liveSource: { error, success },
    earlySource: { error: { ...error, transcript: [] }, success: { ...success, transcript: [] } },
    emptySource: { error: [error, error, error], success: [success, success, success] },
    segmentSource: { error: [], success: ["from the segment"] },
    secondLink: { allowed: ["one?", "one!"], refused: [] },
  };

  const cases = Object.entries(expected).flatMap(([name, positions]) =>
    Object.entries(positions).map(([at, seen]) => [name, at, seen] as const),
  );
  it.each(cases)("%s: %s", async (name, position, seen) => {
    const connect = await connectWith();
    setSwitch(connect.switches, name, position);
    expect(isSwitchName(name) && (await observations[name]?.(connect))).toEqual(seen);
  });

  it("are live: a flip counts from the next call on", async () => {
    const connect = await connectWith();
    expect((await callStart(connect, { token: null })).status).toBe(401);
    connect.switches.nullToken = "starts-without";
    expect((await callStart(connect, { token: null })).status).toBe(200);
  });

  it("cover every position here or in the browser test", () => {
    const inBrowser: (keyof Switches)[] = [
      "authenticateOnResume",
      "authenticateTwice",
      "repeatedField",
      "metadataHandler",
      "initialContactIdInEvents",
    ];
    expect([...Object.keys(expected), ...inBrowser].toSorted()).toEqual(Object.keys(switchPositions).toSorted());
  });
});
