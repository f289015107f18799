import { describe, expect, it } from "vitest";
import { findInFlow } from "../../../../../src/cli/connect/check/flow/find-in-flow.ts";
import {
  type FlowContent,
  parseFlow,
  readAttributeName,
} from "../../../../../src/cli/connect/check/flow/parse-flow.ts";
import { block, CHOOSE, delivered, NEWEST, QUEUE, tokens, WAIT } from "./flows.ts";

const findCodes = (flow: FlowContent | null) =>
  flow === null ? null : findInFlow(flow, tokens, "flow").map(({ code }) => code);

describe("parseFlow()", () => {
  const action = {
    Identifier: "Greet",
    Type: "MessageParticipant",
    Parameters: {},
    Transitions: { NextAction: CHOOSE },
  };

  it.each<[string, object]>([
    [
      "a condition without an operator",
      { Transitions: { NextAction: CHOOSE, Conditions: [{ Condition: {} }, { Condition: null }, null] } },
    ],
    ["an error without a type", { Transitions: { NextAction: CHOOSE, Errors: [{ NextAction: QUEUE }, null] } }],
    ["lists of another form", { Transitions: { NextAction: CHOOSE, Conditions: null, Errors: {} } }],
    ["no metadata and no parameters", { Metadata: null, Parameters: null }],
  ])("reads a flow whose first block has %s", (_what, changes) => {
    const content = {
      StartAction: "Greet",
      Metadata: null,
      Actions: [{ ...action, ...changes }, ...delivered.Actions],
    };
    const flow = parseFlow(JSON.stringify(content));
    expect(flow?.Actions).toHaveLength(content.Actions.length);
    expect(findCodes(flow)).not.toContain("flow-not-linking");
  });

  it.each<[string, unknown]>([
    ["no transitions", { ...action, Identifier: "Odd", Transitions: null }],
    ["a next block that is null", { ...action, Identifier: "Odd", Transitions: { NextAction: null } }],
    ["a next block that is no name", { ...action, Identifier: "Odd", Transitions: { NextAction: 7 } }],
    ["no type", { Identifier: "Odd" }],
    ["no form at all", null],
  ])("reads a flow with a block that has %s", (_what, odd) => {
    const content = { ...delivered, Actions: [...delivered.Actions, odd] };
    expect(findCodes(parseFlow(JSON.stringify(content)))).toEqual([]);
  });

  it.each([
    "",
    "[]",
    "{}",
    '{"StartAction":"A"}',
    '{"StartAction":"A","Actions":[]}',
    '{"StartAction":"A","Actions":{}}',
  ])("does not take %s for a flow", (content) => expect(parseFlow(content)).toBeNull());
});

describe("readAttributeName()", () => {
  it.each([
    ["$.Attributes.chatContinue", "chatContinue"],
    ["$.Attributes['chatContinue']", "chatContinue"],
    ['$.Attributes["chatContinue"]', "chatContinue"],
    ["$.Attributes['chatContinue\"]", null],
    ["$.ContactId", null],
    ["$.External.chatContinue", null],
  ])("reads %s", (reference, name) => {
    expect(readAttributeName(reference)).toBe(name);
  });
});

describe("findInFlow() where a flow compares the seconds to wait", () => {
  const compare = (Operator: string, operand: unknown, met: string, else_: string): FlowContent => {
    const ask = block("Past chat?", "Compare", null, {
      Parameters: { ComparisonValue: "$.Attributes['contactId']" },
      Transitions: {
        NextAction: null,
        Conditions: [{ NextAction: QUEUE, Condition: { Operator: "Equals", Operands: ["none"] } }],
        Errors: [{ NextAction: "Wait?", ErrorType: "NoMatchingCondition" }],
      },
    });
    const choose = block("Wait?", "Compare", null, {
      Parameters: { ComparisonValue: "$.Attributes.chatWaitSeconds" },
      Transitions: {
        NextAction: null,
        Conditions: [{ NextAction: met, Condition: { Operator, Operands: [operand] } }],
        Errors: [{ NextAction: else_, ErrorType: "NoMatchingCondition" }],
      },
    });
    const rest = delivered.Actions.filter(({ Identifier }) => Identifier !== CHOOSE);
    return { StartAction: ask.Identifier, Actions: [ask, choose, ...rest] };
  };

  it.each<[string, unknown, string, string]>([
    ["NumberGreaterThan", "0", WAIT, NEWEST],
    ["NumberGreaterThan", 0, WAIT, NEWEST],
    ["NumberGreaterOrEqualTo", "1", WAIT, NEWEST],
    ["NumberLessThan", "1", NEWEST, WAIT],
    ["NumberLessOrEqualTo", "0", NEWEST, WAIT],
    ["Equals", "0", NEWEST, WAIT],
  ])("finds nothing where %s %s decides rightly", (operator, operand, met, else_) => {
    expect(findCodes(compare(operator, operand, met, else_))).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ["NumberGreaterThan", "10", WAIT, NEWEST],
    ["NumberGreaterOrEqualTo", "0", NEWEST, WAIT],
    ["NumberLessThan", "30", NEWEST, WAIT],
    ["NumberLessOrEqualTo", "0", WAIT, NEWEST],
    ["NumberGreaterThan", "no number", WAIT, NEWEST],
  ])("finds that %s %s lets some link too early", (operator, operand, met, else_) => {
    expect(findCodes(compare(operator, operand, met, else_))).toEqual(["flow-wait"]);
  });
});
