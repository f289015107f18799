import { describe, expect, it } from "vitest";
import { type FlowContent, isSameFlow } from "../../../../../src/cli/connect/check/flow/parse-flow.ts";
import { buildContactFlow } from "../../../../../src/cli/flow/contact-flow.ts";
import { findInFlow } from "../../../../../src/cli/connect/check/flow/find-in-flow.ts";
import {
  BEFORE,
  block,
  CHOOSE,
  delivered,
  findWithFlow,
  NEWEST,
  onError,
  parse,
  pasted,
  QUEUE,
  tokens,
  WAIT,
  withBlock,
  withParameters,
  withTransitions,
} from "./flows.ts";

describe("findInFlow()", () => {
  it("finds nothing in the delivered flow", () => {
    expect(findWithFlow(delivered)).toEqual([]);
  });

  it("finds nothing where the four blocks stand in an owner's flow, and a chat that ends needs no link", () => {
    expect(findWithFlow(pasted)).toEqual([]);
  });

  it("finds nothing in the delivered flow with its queue", () => {
    const queue = { arn: "arn:aws:connect:eu-central-1:123456789012:instance/1/queue/2", name: "Shop" };
    expect(findWithFlow(parse(JSON.stringify(buildContactFlow({ contactAttribute: "contactId", queue }))))).toEqual([]);
  });

  it("finds nothing where a short pause comes before a fixed wait that is long enough", () => {
    const waiting = withBlock(
      WAIT,
      withParameters({ TimeLimitSeconds: "3" }),
      withBlock(WAIT, withTransitions({ NextAction: "Long", Conditions: [], Errors: onError("Long") })),
    );
    const long = block("Long", "Wait", NEWEST, {
      Parameters: { TimeLimitSeconds: "90" },
      Transitions: { NextAction: NEWEST, Conditions: [], Errors: onError(NEWEST) },
    });
    expect(findWithFlow({ ...waiting, Actions: [...waiting.Actions, long] })).toEqual([]);
  });

  it("finds nothing where the owner's own attribute is the source", () => {
    const renamed = withBlock(NEWEST, withParameters({ SourceContactId: "$.Attributes.past" }));
    expect(findInFlow(renamed, { ...tokens, contact: "past" }, "flow")).toEqual([]);
  });

  it.each<[string, FlowContent, readonly string[]]>([
    [
      "an Error branch that is not wired",
      withBlock(NEWEST, withTransitions({ Errors: [] })),
      [`flow-dead-end: "${NEWEST}": the branch Error`],
    ],
    [
      "an Error branch that leads to a block that is gone",
      withBlock(BEFORE, withTransitions({ Errors: onError("Gone") })),
      [`flow-dead-end: "${BEFORE}": the branch Error`],
    ],
    [
      "a link whose Success leads nowhere",
      withBlock(NEWEST, withTransitions({ NextAction: undefined })),
      [`flow-dead-end: "${NEWEST}": the branch Success`],
    ],
    [
      "a check of chatContinue without No match",
      withBlock(CHOOSE, withTransitions({ NextAction: undefined, Errors: [] })),
      [`flow-dead-end: "${CHOOSE}": the branch No match`],
    ],
    [
      "a Wait without an Error branch",
      withBlock(WAIT, withTransitions({ Errors: [] })),
      [`flow-dead-end: "${WAIT}": the branch Error`],
    ],
    [
      "a link before the check",
      { ...delivered, StartAction: NEWEST },
      [`flow-links-none: "${NEWEST}"`, `flow-wait: without a wait: "${NEWEST}"`],
    ],
    [
      "a source attribute with another name",
      withBlock(NEWEST, withParameters({ SourceContactId: "$.Attributes.pastContact" })),
      [`flow-source: "${NEWEST}": found $.Attributes.pastContact, expected $.Attributes.contactId`],
    ],
    [
      "the chat before the newest as the first source",
      withBlock(CHOOSE, ({ Transitions }) => ({
        Transitions: {
          ...Transitions,
          Conditions: Transitions.Conditions.map(({ Condition, NextAction }) => ({
            Condition,
            NextAction: NextAction === NEWEST ? BEFORE : NextAction,
          })),
        },
      })),
      [`flow-source: "${BEFORE}": contactIdFallback comes before the newest chat`],
    ],
    [
      "a Wait that loses a branch",
      withBlock(WAIT, withTransitions({ Errors: onError(QUEUE) })),
      [
        `flow-ways-unlinked: chatContinue = wait: to the queue without the link: "${CHOOSE}" (wait) > "${WAIT}" (Error) > "${QUEUE}"`,
      ],
    ],
    [
      "a check that knows no wait",
      withBlock(CHOOSE, ({ Transitions }) => ({
        Transitions: { ...Transitions, Conditions: Transitions.Conditions.slice(1) },
      })),
      [`flow-not-linking: chatContinue = wait: "${CHOOSE}" (No match) > "${QUEUE}"`],
    ],
    [
      "a Wait with a fixed time",
      withBlock(WAIT, withParameters({ TimeLimitSeconds: "30" })),
      [`flow-wait: "${WAIT}" waits for 30`],
    ],
    [
      "a fixed time in which each transcript gets ready",
      withBlock(WAIT, withParameters({ TimeLimitSeconds: "60" })),
      [],
    ],
    [
      "a circle",
      withBlock(BEFORE, withTransitions({ Errors: onError(NEWEST) })),
      [`flow-circle: "${NEWEST}"`, `flow-circle: "${BEFORE}"`],
    ],
    [
      "no rehydration type",
      withBlock(NEWEST, withParameters({ RehydrationType: "" })),
      [`flow-type-missing: "${NEWEST}"`],
    ],
    [
      "a segment alone",
      withBlock(NEWEST, withParameters({ RehydrationType: "From Segment" })),
      [`flow-type: "${NEWEST}": From Segment leaves out what was said after a transfer`],
    ],
    ["the label of the type", withBlock(NEWEST, withParameters({ RehydrationType: "Entire past session" })), []],
    [
      "no second link",
      withBlock(NEWEST, withTransitions({ Errors: onError(QUEUE) })),
      ["flow-no-fallback: no block links from contactIdFallback"],
    ],
  ])("finds %s", (_what, flow, expected) => {
    expect(findWithFlow(flow)).toEqual(expected);
  });

  it("follows each way of a block that decides by what no token says", () => {
    const asking = block("Ask our own system", "InvokeLambdaFunction", CHOOSE, {
      Transitions: { NextAction: CHOOSE, Conditions: [], Errors: onError(QUEUE) },
    });
    const flow = { StartAction: asking.Identifier, Actions: [asking, ...delivered.Actions] };
    expect(findWithFlow(flow)).toEqual([
      `flow-ways-unlinked: chatContinue = now or wait: to the queue without the link: "Ask our own system" (Error) > "${QUEUE}"`,
    ]);
  });

  it("says that another flow takes over before the link", () => {
    const leaving = block("Away", "TransferToFlow", null, {
      Transitions: { NextAction: undefined, Conditions: [], Errors: onError(CHOOSE) },
    });
    expect(findWithFlow({ StartAction: "Away", Actions: [leaving, ...delivered.Actions] })).toEqual([
      'flow-ways-unlinked: chatContinue = now or wait: to another flow without the link: "Away"',
    ]);
  });

  it("lets a full queue lead back to the start: that is no circle", () => {
    const again = withBlock(QUEUE, withTransitions({ Errors: [{ NextAction: CHOOSE, ErrorType: "QueueAtCapacity" }] }));
    expect(findWithFlow(again)).toEqual([]);
  });

  it("names a block that the console has numbered by what it is", () => {
    const id = "1a2b3c4d-0000-4000-8000-000000000000";
    const link = {
      ...delivered.Actions.find(({ Identifier }) => Identifier === NEWEST),
      Identifier: id,
      Type: "CreatePersistentContactAssociation",
    };
    const flow = {
      StartAction: id,
      Actions: [...delivered.Actions, block(id, link.Type, QUEUE, { Parameters: link.Parameters ?? {} })],
    };
    expect(findWithFlow(flow)).toContain(
      "flow-dead-end: Create persistent contact association (1a2b3c4d): the branch Error",
    );
  });
});

describe("findInFlow() where the Worker links", () => {
  const findCodes = (flow: FlowContent) => findInFlow(flow, tokens, "worker").map(({ code }) => code);

  it("finds a link that does not look at chatContinue, and no other fault", () => {
    expect(findCodes({ ...delivered, StartAction: NEWEST })).toEqual(["flow-links-too"]);
    expect(findCodes(withBlock(NEWEST, withParameters({ RehydrationType: "" })))).toEqual([]);
  });
});

describe("isSameFlow()", () => {
  it("ignores the order of blocks, and sees a changed parameter", () => {
    expect(isSameFlow(delivered, { ...delivered, Actions: delivered.Actions.toReversed() })).toBe(true);
    expect(isSameFlow(delivered, withBlock(NEWEST, withParameters({ RehydrationType: "FROM_SEGMENT" })))).toBe(false);
  });
});
