import { describe, expect, it, vi } from "vitest";
import { type Connect } from "./connect.ts";
import { isSwitchName, setSwitch, type Switches, switchPositions } from "./switches.ts";
import { access, describeContact, listAssociatedContacts } from "./testing/call-service.ts";
import {
  callParticipant,
  clock,
  connectWith,
  callStart,
  start,
  startLinked,
  view,
  texts,
  pastChat,
} from "./testing/with-connect.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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
    async rehydrationTypeForm(connect) {
      const first = await pastChat(connect, "one");
      return texts(await startLinked(connect, await pastChat(connect, "two"), { contactIdFallback: first }));
    },
    async typingDuringWait(connect) {
      const { contactId, participantToken } = await start(connect, {
        attributes: { chatContinue: "wait", chatWaitSeconds: "2", contactId: await pastChat(connect, "one") },
      });
      await vi.waitFor(() => expect(view(connect, contactId).flowLog).toHaveLength(2));
      const hasLinked = () => view(connect, contactId).links.length > 0;
      const atOnce: boolean[] = [];
      for (const [ms, text] of [
        [1000, "hello"],
        [1500, "again"],
      ] as const) {
        await pause(ms);
        await callParticipant(connect, "message", participantToken, { text });
        // The flow goes on in the next task.
        await pause(0);
        atOnce.push(hasLinked());
      }
      await vi.waitFor(() => expect(hasLinked()).toBe(true), 6_000);
      return atOnce;
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
    async attributesWhileLive(connect) {
      const { contactId } = await start(connect, { attributes: { a: "b" } });
      const attributes = async () => (await (await describeContact(connect, contactId)).json()).Contact.Attributes;
      const whileLive = await attributes();
      connect.agent.end(contactId);
      return [whileLive, await attributes()];
    },
    async contactTree(connect) {
      const { contactId } = await startLinked(connect, await pastChat(connect, "one"));
      const response = await listAssociatedContacts(connect, { contactId });
      return (await response.json()).ContactSummaryList.length;
    },
  };
  const error = { branch: "error", relatedContactId: null };
  const success = { branch: "linked", relatedContactId: null };
  const expected: Partial<Record<keyof Switches, Record<string, unknown>>> = {
    handMadeAttributes: {
      lose: { contactId: "signed", "HostedWidget-plan": "pro" },
      win: { contactId: "forged", "HostedWidget-plan": "pro" },
    },
    rehydrationTypeForm: { api: ["two?", "two!"], label: [] },
    typingDuringWait: { nothing: [false, true], "customer-return": [true, true], restarts: [false, false] },
    nullToken: { fails: 401, "starts-without": 200 },
    liveSource: { error, success },
    earlySource: { error: { ...error, transcript: [] }, success: { ...success, transcript: [] } },
    emptySource: { error: [error, error, error], success: [success, success, success] },
    segmentSource: { error: [], success: ["from the segment"] },
    secondLink: { allowed: ["one?", "one!"], refused: [] },
    attributesWhileLive: { yes: [{ a: "b" }, { a: "b" }], no: [undefined, { a: "b" }] },
    contactTree: { session: 1, linked: 2 },
  };

  const cases = Object.entries(expected).flatMap(([name, positions]) =>
    Object.entries(positions).map(([at, seen]) => [name, at, seen] as const),
  );
  it.each(cases)("%s: %s", async (name, position, seen) => {
    const connect = await connectWith({ access });
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
      "authenticateWithoutChat",
      "repeatedField",
      "metadataHandler",
      "metadataForVoice",
      "initialContactIdInEvents",
      "resumedContactId",
      "customerEnd",
      "sessionAfterCustomerEnd",
    ];
    expect([...Object.keys(expected), ...inBrowser].toSorted()).toEqual(Object.keys(switchPositions).toSorted());
  });
});
