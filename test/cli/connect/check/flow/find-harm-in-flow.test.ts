import { describe, expect, it } from "vitest";
import { findInFlow } from "../../../../../src/cli/connect/check/flow/find-in-flow.ts";
import { type FlowAction, type FlowContent } from "../../../../../src/cli/connect/check/flow/parse-flow.ts";
import {
  BEFORE,
  block,
  CHOOSE,
  delivered,
  END,
  findWithFlow,
  NEWEST,
  onError,
  pasted,
  QUEUE,
  tokens,
  WAIT,
  withBlock,
  withParameters,
  withTransitions,
} from "./flows.ts";

/** The delivered flow behind a block that sets attributes. */
const setFirst = (Attributes: Readonly<Record<string, string>>): FlowContent => ({
  StartAction: "Set",
  Actions: [
    block("Set", "UpdateContactAttributes", CHOOSE, { Parameters: { TargetContact: "Current", Attributes } }),
    ...delivered.Actions,
  ],
});

describe("findInFlow() where visitors are cut off", () => {
  it.each<[string, FlowContent, readonly string[]]>([
    [
      "every first-time visitor",
      withBlock(
        CHOOSE,
        withTransitions({ NextAction: END, Errors: [{ NextAction: END, ErrorType: "NoMatchingCondition" }] }),
      ),
      [`flow-cuts-off: chatContinue = none: "${CHOOSE}" (No match) > "${END}"`],
    ],
    [
      "every first-time visitor within the opening hours",
      withBlock(
        CHOOSE,
        withTransitions({ NextAction: END, Errors: [{ NextAction: END, ErrorType: "NoMatchingCondition" }] }),
        pasted,
      ),
      [`flow-cuts-off: chatContinue = none: "Greet" > "Is it chat?" (CHAT) > "Hours" (False) > "Bye"`],
    ],
    [
      "a visitor neither of whose past chats can be linked",
      withBlock(BEFORE, withTransitions({ Errors: onError(END) })),
      [`flow-cuts-off: chatContinue = now or wait: "${BEFORE}" (Error) > "${END}"`],
    ],
    [
      "a visitor whose newest chat cannot be linked",
      withBlock(
        BEFORE,
        withTransitions({ Errors: onError(END) }),
        withBlock(NEWEST, withTransitions({ Errors: onError(END) })),
      ),
      [
        `flow-cuts-off: chatContinue = now or wait: "${NEWEST}" (Error) > "${END}"`,
        "flow-no-fallback: no block links from contactIdFallback",
      ],
    ],
    [
      "everybody who is linked",
      withBlock(BEFORE, withTransitions({ NextAction: END }), withBlock(NEWEST, withTransitions({ NextAction: END }))),
      [
        `flow-cuts-off: chatContinue = now or wait: "${NEWEST}" > "${END}"`,
        `flow-cuts-off: chatContinue = now or wait: "${BEFORE}" > "${END}"`,
      ],
    ],
    [
      "everybody",
      withBlock(QUEUE, () => ({ Type: "DisconnectParticipant" })),
      [
        `flow-cuts-off: chatContinue = none: "${CHOOSE}" (No match) > "${QUEUE}"`,
        `flow-cuts-off: chatContinue = now: "${CHOOSE}" (now) > "${NEWEST}" > "${QUEUE}"`,
        `flow-cuts-off: chatContinue = wait: "${CHOOSE}" (wait) > "${WAIT}" > "${NEWEST}" > "${QUEUE}"`,
      ],
    ],
    [
      "a visitor whose wait ends",
      withBlock(WAIT, withTransitions({ NextAction: END, Conditions: [] })),
      [`flow-cuts-off: chatContinue = wait: "${CHOOSE}" (wait) > "${WAIT}" > "${END}"`],
    ],
    [
      "a visitor whose wait fails",
      withBlock(WAIT, withTransitions({ Errors: onError(END) })),
      [`flow-cuts-off: chatContinue = wait: "${WAIT}" (Error) > "${END}"`],
    ],
  ])("finds that the flow ends the chat of %s", (_what, flow, expected) => {
    expect(findWithFlow(flow)).toEqual(expected);
  });

  it.each<[string, FlowAction]>([
    [
      "a function of the owner's",
      block("Decide", "InvokeLambdaFunction", QUEUE, {
        Transitions: { NextAction: QUEUE, Conditions: [], Errors: onError(END) },
      }),
    ],
    [
      "the opening hours",
      block("Decide", "CheckHoursOfOperation", null, {
        Transitions: { NextAction: null, Conditions: [], Errors: [...onError(QUEUE), ...onError(END)] },
      }),
    ],
    ["a module", block("Decide", "InvokeFlowModule", END)],
    ["a bot", block("Decide", "ConnectParticipantWithLexBot", END)],
  ])("lets %s end a chat", (_what, decide) => {
    const behind = (name: string, flow: FlowContent) =>
      withBlock(name, withTransitions({ NextAction: "Decide" }), flow);
    const flow = behind(NEWEST, behind(BEFORE, delivered));
    expect(findWithFlow({ ...flow, Actions: [...flow.Actions, decide] })).toEqual([]);
  });

  it("finds it for a first-time visitor where the Worker links, too", () => {
    const flow = withBlock(CHOOSE, withTransitions({ NextAction: END, Errors: [] }));
    expect(findInFlow(flow, tokens, "worker").map(({ code }) => code)).toEqual(["flow-cuts-off"]);
  });
});

describe("findInFlow() where a flow links wrongly", () => {
  it.each([
    ["contactId", "$.ContactId"],
    ["contactIdFallback", "none"],
    ["chatContinue", "none"],
    ["chatWaitSeconds", "0"],
    ["persistentChatVisitor", "none"],
  ])("finds a block that sets the token's %s", (name, value) => {
    expect(findWithFlow(setFirst({ [name]: value }))).toEqual([
      `flow-overwrites: chatContinue = none or now or wait: "Set" sets ${name}`,
    ]);
  });

  it("lets a flow set other attributes, those of another contact, and what is no longer read", () => {
    const other = setFirst({ language: "de" });
    const related = withBlock("Set", withParameters({ TargetContact: "Related" }), setFirst({ chatContinue: "none" }));
    const late = withBlock(QUEUE, () => ({
      Type: "UpdateContactAttributes",
      Parameters: { Attributes: { chatContinue: "none" } },
      Transitions: { NextAction: "Queue", Conditions: [], Errors: [] },
    }));
    const after = { ...late, Actions: [...late.Actions, block("Queue", "TransferContactToQueue", null)] };
    expect([other, related, after].map(findWithFlow)).toEqual([[], [], []]);
  });

  it("finds a second link behind the Success of the first", () => {
    expect(findWithFlow(withBlock(NEWEST, withTransitions({ NextAction: BEFORE })))).toEqual([
      `flow-links-twice: "${NEWEST}" > "${BEFORE}"`,
    ]);
  });
});
