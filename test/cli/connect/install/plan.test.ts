import { describe, expect, it } from "vitest";
import { diffContent } from "../../../../src/cli/connect/install/content/diff-content.ts";
import { type FlowContent, parseContent } from "../../../../src/cli/connect/install/content/flow-content.ts";
import { type Plan, planInsert } from "../../../../src/cli/connect/install/content/plan-insert.ts";
import { planRemove } from "../../../../src/cli/connect/install/content/plan-remove.ts";
import { planQueue } from "../../../../src/cli/connect/install/content/set-queue.ts";
import { buildContactFlow } from "../../../../src/cli/flow/contact-flow.ts";

const wanted = { contactAttribute: "contactId", rehydrationType: "ENTIRE_PAST_SESSION" } as const;
const GREET = "3f2a1c44-0000-4000-8000-000000000001";
const QUEUE = "3f2a1c44-0000-4000-8000-000000000002";

/** A flow as the designer writes it, with properties that this project knows nothing of. */
const own = {
  Version: "2019-10-30",
  StartAction: GREET,
  Metadata: {
    entryPointPosition: { x: 14, y: 20 },
    ActionMetadata: {
      [GREET]: { position: { x: 158, y: 20 }, parameters: {} },
      [QUEUE]: { position: { x: 400, y: 310 } },
    },
    Annotations: [{ text: "of a colleague" }],
    name: "Website chat",
  },
  Actions: [
    {
      Identifier: GREET,
      Type: "MessageParticipant",
      Parameters: { Text: "Hello" },
      Transitions: { NextAction: QUEUE, Errors: [{ NextAction: QUEUE, ErrorType: "NoMatchingError" }] },
      Notes: { of: "Connect" },
    },
    {
      Identifier: QUEUE,
      Type: "UpdateContactTargetQueue",
      Parameters: { QueueId: "arn:aws:connect:eu-central-1:123456789012:instance/i/queue/q1" },
      Transitions: {},
    },
  ],
};

function toContent(plan: Plan): FlowContent {
  if (plan.kind !== "change") throw new Error(`expected a change, found ${JSON.stringify(plan)}`);
  return plan.content;
}
const insert = (content: FlowContent = own, changes = {}) => toContent(planInsert(content, { ...wanted, ...changes }));
const change = <T>(content: T, from: string, to: string): T => JSON.parse(JSON.stringify(content).replaceAll(from, to));
const isReason = (plan: Plan) => (plan.kind === "refused" ? [plan.reason, ...plan.blocks] : plan.kind);
const showDiff = (before: FlowContent, after: FlowContent) =>
  diffContent(before, after).map(({ sign, text }) => `${sign} ${text}`);

describe("planInsert()", () => {
  it("puts the four blocks between Entry and the block that Entry led to", () => {
    expect(showDiff(own, insert())).toEqual([
      "- Entry → MessageParticipant (3f2a1c44)",
      "+ Entry → Continue a past chat",
      "+ Continue a past chat: → MessageParticipant (3f2a1c44); wait → Wait for its transcript; now → Link the newest chat",
      "+ Wait for its transcript: → Link the newest chat",
      "+ Link the newest chat: → MessageParticipant (3f2a1c44); NoMatchingError → Link the chat before it",
      "+ Link the chat before it: → MessageParticipant (3f2a1c44)",
    ]);
  });

  it("keeps every property and place of the flow, and places its own blocks below", () => {
    const { Actions, Metadata, StartAction: _, ...others } = insert();
    const { Actions: before, Metadata: places, StartAction: __, ...same } = own;
    expect(others).toEqual(same);
    expect(Actions.slice(0, 2)).toEqual(before);
    expect(Metadata).toMatchObject(places);
    expect(Metadata?.ActionMetadata).toMatchObject({
      "Continue a past chat": { position: { x: 158, y: 570 } },
      "Wait for its transcript": { position: { x: 418, y: 570 } },
    });
  });

  it("adds no places to a flow that has none", () => {
    const { Metadata: _, ...plain } = own;
    expect(insert(plain).Metadata).toBeUndefined();
  });

  it("gives other identifiers where they are taken, also by a place that no block has", () => {
    const taken = change(own, QUEUE, "Continue a past chat");
    const { ActionMetadata } = taken.Metadata ?? {};
    const stale = { ...ActionMetadata, "Link the newest chat": {}, "Link the newest chat 2": {} };
    const { Actions, StartAction } = insert({ ...taken, Metadata: { ActionMetadata: stale } });
    expect(StartAction).toBe("Continue a past chat 2");
    expect(Actions.slice(2).map(({ Identifier }) => Identifier)).toEqual([
      "Continue a past chat 2",
      "Wait for its transcript",
      "Link the newest chat 3",
      "Link the chat before it",
    ]);
  });

  it("changes nothing where the blocks are already in, whatever the designer calls them", () => {
    const renamed = change(insert(), "Link the newest chat", "3f2a1c44-0000-4000-8000-000000000003");
    expect(planInsert(renamed, wanted)).toEqual({ kind: "unchanged" });
  });

  it("knows the other spelling of the entire past session as well", () => {
    expect(planInsert(insert(own, { rehydrationType: "Entire Past Session" }), wanted)).toEqual({ kind: "unchanged" });
  });

  it("mends the attribute and the kind of the link, and nothing else", () => {
    const before = change(insert(own, { contactAttribute: "past" }), "ENTIRE_PAST_SESSION", "FROM_SEGMENT");
    expect(showDiff(before, insert(before))).toEqual([
      "- Link the newest chat: RehydrationType is FROM_SEGMENT",
      "+ Link the newest chat: RehydrationType is ENTIRE_PAST_SESSION",
      "- Link the newest chat: SourceContactId is $.Attributes.past",
      "+ Link the newest chat: SourceContactId is $.Attributes.contactId",
      "- Link the chat before it: RehydrationType is FROM_SEGMENT",
      "+ Link the chat before it: RehydrationType is ENTIRE_PAST_SESSION",
    ]);
  });

  it.each<[string, FlowContent, unknown]>([
    ["has no first block", { ...own, StartAction: "gone" }, ["no-entry"]],
    [
      "has a link of its own",
      change(own, "MessageParticipant", "CreatePersistentContactAssociation"),
      ["links-already", GREET],
    ],
    ["has the blocks, unreached", { ...insert(), StartAction: GREET }, ["not-reached", "Continue a past chat"]],
    [
      "is full",
      {
        ...own,
        Actions: Array.from({ length: 247 }, (_, at) => ({ Identifier: at ? `b${at}` : GREET, Type: "Loop" })),
      },
      ["too-many-blocks"],
    ],
  ])("refuses a flow that %s", (_, content, reason) => {
    expect(isReason(planInsert(content, wanted))).toEqual(reason);
  });
});

describe("planRemove()", () => {
  it("leads what led to our first block to the block behind ours", () => {
    const late = { ...insert(), StartAction: "begin" };
    const begin = {
      Identifier: "begin",
      Type: "Loop",
      Transitions: {
        NextAction: "Continue a past chat",
        Conditions: [{ NextAction: "Continue a past chat", Condition: { Operands: ["0"] } }],
        Errors: [{ NextAction: "Continue a past chat", ErrorType: "NoMatchingError" }],
      },
    };
    const removed = toContent(planRemove({ ...late, Actions: [begin, ...late.Actions] }));
    expect(showDiff({ ...own, StartAction: "begin", Actions: [begin, ...own.Actions] }, removed)).toEqual([
      "- begin: → Continue a past chat",
      "+ begin: → MessageParticipant (3f2a1c44)",
    ]);
  });

  it("changes nothing where our blocks are not in", () => {
    expect(planRemove(own)).toEqual({ kind: "unchanged" });
  });

  it("refuses where our blocks lead on to several others", () => {
    const { Actions, ...others } = insert();
    const turned = Actions.map((block) => (block.Type === "Compare" ? change(block, GREET, QUEUE) : block));
    expect(isReason(planRemove({ ...others, Actions: turned }))).toEqual(["several-exits", QUEUE, GREET]);
  });

  it.each([
    ["Entry", "StartAction", insert()],
    [QUEUE, "NextAction", insert()],
  ])("refuses where %s leads into the middle of our blocks", (name, key, content) => {
    const inside = "Wait for its transcript";
    const entered =
      key === "StartAction"
        ? { ...content, StartAction: inside }
        : {
            ...content,
            Actions: content.Actions.map((block) =>
              block.Identifier === QUEUE ? { ...block, Transitions: { NextAction: inside } } : block,
            ),
          };
    expect(isReason(planRemove(entered))).toEqual(["inner-arrow", name]);
  });
});

describe("planQueue()", () => {
  const queue = { arn: "arn:aws:connect:eu-central-1:123456789012:instance/i/queue/q2", name: "Sales" };

  it("sets another queue, with its name for the designer", () => {
    const flow = toContent(planQueue(own, queue));
    expect(showDiff(own, flow)).toEqual([
      "- UpdateContactTargetQueue (3f2a1c44): QueueId is arn:aws:connect:eu-central-1:123456789012:instance/i/queue/q1",
      `+ UpdateContactTargetQueue (3f2a1c44): QueueId is ${queue.arn}`,
    ]);
    expect(flow.Metadata?.ActionMetadata?.[QUEUE]).toEqual({
      position: { x: 400, y: 310 },
      parameters: { QueueId: { displayName: "Sales" } },
      queue: { text: "Sales" },
    });
  });

  it("changes nothing where the queue is set, also by its id alone", () => {
    expect(planQueue(change(own, "/q1", "/q2"), queue)).toEqual({ kind: "unchanged" });
    expect(
      planQueue(change(own, "arn:aws:connect:eu-central-1:123456789012:instance/i/queue/q1", "q2"), queue),
    ).toEqual({
      kind: "unchanged",
    });
  });

  it("refuses a flow without such a block", () => {
    expect(isReason(planQueue(buildContactFlow(wanted), queue))).toEqual(["no-set-queue"]);
  });
});

describe("parseContent()", () => {
  it.each(["", "[]", '{"StartAction":"a"}', '{"StartAction":"a","Actions":[{"Type":"Wait"}]}'])(
    "takes no %s",
    (text) => {
      expect(parseContent(text)).toBeNull();
    },
  );
});

describe("parseContent(), where a property is null", () => {
  it("reads it as if it were not there", () => {
    const none = { Parameters: null, Transitions: null };
    const bare = { NextAction: null, Conditions: null, Errors: null };
    const Actions = [
      { Identifier: "a", Type: "Loop", ...none },
      { Identifier: "b", Type: "Loop", Transitions: bare },
    ];
    const text = JSON.stringify({ StartAction: "a", Metadata: null, Actions });
    const content = parseContent(text);
    if (content === null) throw new Error("expected a flow");
    expect(JSON.stringify(toContent(planRemove(insert(content))))).toBe(text);
  });

  it("gives back a list in place of the blocks' places", () => {
    const listed = JSON.stringify({ ...own, Metadata: { ActionMetadata: [] } });
    const content = parseContent(listed);
    if (content === null) throw new Error("expected a flow");
    expect(JSON.parse(JSON.stringify(toContent(planRemove(insert(content)))))).toEqual(JSON.parse(listed));
  });
});
