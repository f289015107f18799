import { buildContactFlow } from "../../../../../src/cli/flow/contact-flow.ts";
import { findInFlow } from "../../../../../src/cli/connect/check/flow/find-in-flow.ts";
import { type FlowAction, type FlowContent, parseFlow } from "../../../../../src/cli/connect/check/flow/parse-flow.ts";

/** The flow that `npm run flow` writes, as DescribeContactFlow gives it. */
export const delivered = parse(JSON.stringify(buildContactFlow({ contactAttribute: "contactId" })));

export const CHOOSE = "Continue a past chat";
export const WAIT = "Wait for its transcript";
export const NEWEST = "Link the newest chat";
export const BEFORE = "Link the chat before it";
export const END = "End the chat";
export const QUEUE = "Go on to the queue";

export function parse(content: string): FlowContent {
  const flow = parseFlow(content);
  if (flow === null) throw new Error("no flow");
  return flow;
}

/** The flow with one block changed. */
export function withBlock(
  name: string,
  change: (block: FlowAction) => Partial<FlowAction>,
  flow = delivered,
): FlowContent {
  const Actions = flow.Actions.map((block) => (block.Identifier === name ? { ...block, ...change(block) } : block));
  return { ...flow, Actions };
}

/** A block with one way on, and where needed one on Error. */
export function block(
  Identifier: string,
  Type: string,
  NextAction: string | null,
  more: Partial<FlowAction> = {},
): FlowAction {
  return { Identifier, Type, Parameters: {}, Transitions: { NextAction, Conditions: [], Errors: [] }, ...more };
}

/** An owner's flow with the four blocks pasted into it: opening hours first, and a bot's queue. */
export const pasted: FlowContent = {
  StartAction: "Greet",
  Actions: [
    block("Greet", "MessageParticipant", "Is it chat?"),
    block("Is it chat?", "Compare", "Hours", {
      Parameters: { ComparisonValue: "$.Channel" },
      Transitions: {
        NextAction: "Bye",
        Conditions: [{ NextAction: "Hours", Condition: { Operator: "Equals", Operands: ["CHAT"] } }],
        Errors: [{ NextAction: QUEUE, ErrorType: "NoMatchingCondition" }],
      },
    }),
    block("Hours", "CheckHoursOfOperation", null, {
      Transitions: {
        NextAction: undefined,
        Conditions: [
          { NextAction: CHOOSE, Condition: { Operator: "Equals", Operands: ["True"] } },
          { NextAction: "Bye", Condition: { Operator: "Equals", Operands: ["False"] } },
        ],
        Errors: [{ NextAction: "Bye", ErrorType: "NoMatchingError" }],
      },
    }),
    block("Bye", "DisconnectParticipant", null, { Transitions: { NextAction: undefined, Conditions: [], Errors: [] } }),
    ...delivered.Actions,
  ],
};

/** What the tokens of a Worker without settings of its own say. */
export const tokens = { contact: "contactId", visitor: "persistentChatVisitor", readyAfterSeconds: 60 };

export const withTransitions =
  (changes: Partial<FlowAction["Transitions"]>) =>
  ({ Transitions }: FlowAction) => ({ Transitions: { ...Transitions, ...changes } });
export const withParameters =
  (changes: FlowAction["Parameters"]) =>
  ({ Parameters }: FlowAction) => ({ Parameters: { ...Parameters, ...changes } });
export const onError = (NextAction: string | null) => [{ NextAction, ErrorType: "NoMatchingError" }];

/** What is found in a flow of a Worker that lets the flow link, a line each. */
export const findWithFlow = (flow: FlowContent): readonly string[] =>
  findInFlow(flow, tokens, "flow").map(({ code, detail }) => `${code}: ${detail}`);
