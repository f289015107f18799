import { describe, expect, it } from "vitest";
import { clock, pastChat, startLinked, texts } from "../../../playground/connect/testing/with-connect.ts";
import { findProblems, parseFlow } from "../../flow/flow-language.ts";
import { NAME, useInstall } from "./use-install.ts";

const runs = useInstall();

const secondQueue = { id: "9a7d3c51-1111-4222-8333-444455556666", name: "Sales", type: "STANDARD" } as const;
const addQueue = () => void runs.connect.console.queues.push(secondQueue);
const links = () =>
  JSON.parse(runs.made?.published ?? "null")
    .Actions.filter(({ Type }: { Type: string }) => Type === "CreatePersistentContactAssociation")
    .map(({ Parameters }: { Parameters: object }) => Parameters);

describe("npm run connect -- install", () => {
  it.each([
    ["api", "ENTIRE_PAST_SESSION", ""],
    ["label", "Entire Past Session", 'Connect refuses the flow with RehydrationType "ENTIRE_PAST_SESSION":'],
  ] as const)("makes a flow that links chats, where Connect takes the form %s", async (form, spelling, refusal) => {
    runs.connect.switches.rehydrationTypeForm = form;
    const { code, err, out } = await runs.install();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("Queue: BasicQueue, the only one.");
    expect(out).toContain(refusal);
    if (refusal !== "") expect(out).toContain('Block "Link the newest chat": RehydrationType is not valid');
    expect(out).toContain(`Connect takes the flow with RehydrationType "${spelling}".`);
    expect(out).toContain(`choose the flow "${NAME}" in the widget's settings`);
    expect(out.trimEnd()).toMatch(/npm run connect -- check$/);
    expect(runs.made?.tags).toEqual({ "persistent-chat-edge": "install" });
    expect(links()).toMatchObject([{ RehydrationType: spelling }, { RehydrationType: spelling }]);

    runs.connect.console.widgetFlowId = runs.made?.id ?? "";
    const first = await pastChat(runs.connect, "one");
    clock.now = Math.floor(Date.now() / 1000);
    const second = await startLinked(runs.connect, first);
    expect(second.relatedContactId).toBe(first);
    expect(texts(second)).toEqual(["one?", "one!"]);
  });

  it("makes the flow as saved, and lets Connect validate it by publishing", async () => {
    await runs.install();
    expect(runs.changes).toEqual(["connect:CreateContactFlow", "connect:UpdateContactFlowContent"]);
    expect(findProblems(parseFlow(JSON.parse(runs.made?.published ?? "")))).toEqual([
      "refers to a resource of an instance",
    ]);
  });

  it("needs exactly the actions that --print-policy prints", async () => {
    await runs.install();
    await runs.install("--remove", "--yes");
    const { out } = await runs.install("--print-policy");
    const allowed: string[] = JSON.parse(out).Statement[0].Action;
    // IAM asks for TagResource where a call sets a tag.
    expect(new Set([...runs.connect.ownerCalls, "connect:TagResource"])).toEqual(new Set(allowed));
  });

  it("changes nothing when it runs again", async () => {
    await runs.install();
    runs.connect.ownerCalls.length = 0;
    const { code, out } = await runs.install();
    expect(code).toBe(0);
    expect(out).toContain(`The flow "${NAME}" is published in Connect already: nothing was changed.`);
    expect(out).not.toContain("Left to do");
    expect(runs.changes).toEqual([]);
  });

  it("keeps the owner's own words, and mends only what differs", async () => {
    addQueue();
    await runs.install("--queue", "BasicQueue");
    const flow = runs.made;
    if (flow === undefined) throw new Error("expected a flow");
    flow.saved = flow.published = (flow.published ?? "").replace("Sorry, nobody", "Nobody");
    await runs.configure('CONTACT_ATTRIBUTE = "past"');
    const { code, out } = await runs.install("--queue", "Sales", "--yes");
    expect(code).toBe(0);
    expect(out).toContain("+ Link the newest chat: SourceContactId is $.Attributes.past");
    expect(out).toContain(`/queue/${secondQueue.id}`);
    expect(flow.published).toContain("Nobody can be reached");
    expect(flow.published).toContain("$.Attributes.past");
    expect(flow.published).toContain(secondQueue.id);
  });

  it.each(["Sales", secondQueue.id])("takes the queue by --queue %s", async (queue) => {
    addQueue();
    expect(await runs.install("--queue", queue)).toMatchObject({ code: 0 });
    expect(runs.made?.published).toContain(`/queue/${secondQueue.id}`);
  });

  it("says with LINK_BY=worker that nothing is to be installed", async () => {
    await runs.configure('LINK_BY = "worker"');
    const { code, out } = await runs.install();
    expect(code).toBe(0);
    expect(out).toContain("nothing is to be installed");
    expect(out).toContain("npm run flow");
    expect(runs.connect.ownerCalls).toEqual(["connect:ListInstances"]);
  });

  it("leaves a flow of the same name alone, and makes one of another name", async () => {
    runs.addFlow(NAME, { StartAction: "a", Actions: [] });
    const { code, err } = await runs.install();
    expect(code).toBe(1);
    expect(err).toContain(`There is a flow "${NAME}" which install has not made: it stays as it is.`);
    expect(err).toContain("--name");
    expect(runs.changes).toEqual([]);
    expect(await runs.install("--name", "Chat with history")).toMatchObject({ code: 0 });
    expect(runs.connect.console.flows.map(({ name }) => name)).toContain("Chat with history");
  });

  it("takes a flow back that Connect does not take in any spelling", async () => {
    // Connect forgets the queue between the list and the publishing: no spelling helps.
    const { queues } = runs.connect.console;
    const forget = setInterval(() => runs.made && queues.splice(0), 5);
    const { code, err, out } = await runs.install();
    clearInterval(forget);
    expect(code).toBe(1);
    expect(out).toContain('Block "Set the queue": QueueId is no queue of this instance.');
    expect(err).toContain(`neither spelling of RehydrationType: the flow "${NAME}", which was made, is taken back.`);
    expect(runs.made).toBeUndefined();
  });
});

describe("npm run connect -- install, where something is wrong", () => {
  it("names the queues where --queue names none, or there is none to choose in", async () => {
    addQueue();
    expect(await runs.install("--queue", "Support")).toMatchObject({
      code: 2,
      err: expect.stringContaining('--queue: the instance has no queue "Support", but BasicQueue, Sales.'),
    });
    expect(await runs.install()).toMatchObject({
      code: 2,
      err: expect.stringContaining("--queue: expected one of BasicQueue, Sales."),
    });
    runs.connect.console.queues.length = 0;
    expect(await runs.install()).toMatchObject({ code: 2, err: expect.stringContaining("has no queue: make one") });
    expect(runs.changes).toEqual([]);
  });

  it.each(["ListQueues", "ListContactFlows", "CreateContactFlow"])(
    "stops without %s, and leaves nothing",
    async (action) => {
      runs.connect.console.deniedToOwner.add(`connect:${action}`);
      const { code, err } = await runs.install();
      expect(code).toBe(1);
      expect(err).toContain(`Your AWS login may not call connect:${action}: allow it`);
      expect(err).toContain("--print-policy");
      expect(runs.made).toBeUndefined();
    },
  );

  it("names what is left when the network drops before the publishing, and goes on from there", async () => {
    runs.connect.actionHealth.set("UpdateContactFlowContent", "down");
    const { code, err } = await runs.install();
    expect(code).toBe(1);
    expect(err).toContain("The network broke off at connect:UpdateContactFlowContent");
    expect(err).toContain(`The flow "${NAME}" is in Connect, but it may not be published: run this command again`);
    expect(runs.made).toMatchObject({ published: null });
    runs.connect.actionHealth.clear();
    const again = await runs.install();
    expect(again.code).toBe(0);
    expect(again.out).toContain(`The flow "${NAME}" of an earlier run is not published: this goes on from there.`);
    expect(runs.made?.published).not.toBeNull();
    expect(runs.changes.filter((call) => call === "connect:CreateContactFlow")).toHaveLength(1);
  });

  it("names what may be left when the network drops while the flow is made", async () => {
    runs.connect.actionHealth.set("CreateContactFlow", "down");
    expect(await runs.install()).toMatchObject({
      code: 1,
      err: expect.stringContaining(`Connect may have made the flow "${NAME}": the next run finds it`),
    });
  });

  it.each([
    ["SIGINT", "CreateContactFlow"],
    ["SIGHUP", "CreateContactFlow"],
    ["SIGINT", "UpdateContactFlowContent"],
  ] as const)("takes back what it has made on %s during %s", async (signal, action) => {
    runs.connect.actionHealth.set(action, "late");
    const isCalled = () => {
      const is = runs.connect.ownerCalls.includes(`connect:${action}`);
      // Only the first answer is late: the repeated call is answered.
      if (is) runs.connect.actionHealth.clear();
      return is;
    };
    const { code, err } = await runs.interrupt([], isCalled, signal);
    expect(code).toBe(1);
    expect(err).toContain("Stopping: waiting for Connect's answer");
    expect(err).toContain(`Stopped: the flow "${NAME}", which was made, is taken back. Nothing is left in Connect.`);
    expect(runs.made).toBeUndefined();
    expect(runs.changes.at(-1)).toBe("connect:DeleteContactFlow");
  });

  it("says so where the flow is archived", async () => {
    await runs.install();
    Object.assign(runs.made ?? {}, { state: "ARCHIVED" });
    expect(await runs.install()).toMatchObject({ code: 1, err: expect.stringContaining("is archived: restore it") });
  });
});
