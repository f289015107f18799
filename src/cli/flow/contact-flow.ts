import { CONTINUE_ATTRIBUTE } from "../../core/chat/continuation.ts";

/** A block's name is also its identifier: at most 50 characters, none of `% : ( \ / ) = $ , ; [ ] { }`. */
const BLOCK = {
  choose: "Continue a past chat",
  wait: "Wait for its transcript",
  linkNewest: "Link the newest chat",
  linkFallback: "Link the chat before it",
  goOn: "Go on to the queue",
  apologise: "Say that nobody can be reached",
  end: "End the chat",
};

interface Condition {
  readonly NextAction: string;
  readonly Condition: { readonly Operator: "Equals"; readonly Operands: readonly [string] };
}

interface Transitions {
  readonly NextAction?: string;
  readonly Conditions?: readonly Condition[];
  readonly Errors?: readonly { readonly NextAction: string; readonly ErrorType: string }[];
}

interface Action {
  readonly Identifier: string;
  readonly Type: string;
  readonly Parameters: Readonly<Record<string, string>>;
  readonly Transitions: Transitions;
}

/**
 * Builds the contact flow that links a past chat by the token's attributes, as a file for the console's import.
 *
 * The flow names no resource of an instance, so every instance can import it: the owner puts the block that sets the queue
 * in front. The chat goes on whether a link succeeds or fails.
 *
 * @param contactAttribute Key of the attribute with the contact id to continue from.
 * Source: Amazon Connect Flow language; Amazon Connect Administrator Guide, "Import and export flows". The names in
 * `Metadata`, and `TimeLimitSeconds` for what the reference calls `TimeoutSeconds`, follow the console's exports.
 */
export function buildContactFlow({ contactAttribute }: { readonly contactAttribute: string }) {
  const actions: readonly Action[] = [
    {
      Identifier: BLOCK.choose,
      Type: "Compare",
      Parameters: { ComparisonValue: toReference(CONTINUE_ATTRIBUTE) },
      Transitions: {
        NextAction: BLOCK.goOn,
        Conditions: [toCondition("wait", BLOCK.wait), toCondition("now", BLOCK.linkNewest)],
        Errors: [{ NextAction: BLOCK.goOn, ErrorType: "NoMatchingCondition" }],
      },
    },
    {
      Identifier: BLOCK.wait,
      Type: "Wait",
      Parameters: { TimeLimitSeconds: toReference("chatWaitSeconds") },
      Transitions: {
        ...toTransitions(BLOCK.linkNewest, BLOCK.linkNewest),
        Conditions: [toCondition("WaitCompleted", BLOCK.linkNewest)],
      },
    },
    buildLink(BLOCK.linkNewest, contactAttribute, BLOCK.linkFallback),
    buildLink(BLOCK.linkFallback, "contactIdFallback", BLOCK.goOn),
    {
      Identifier: BLOCK.goOn,
      Type: "TransferContactToQueue",
      Parameters: {},
      Transitions: {
        NextAction: BLOCK.apologise,
        Errors: [
          { NextAction: BLOCK.apologise, ErrorType: "QueueAtCapacity" },
          { NextAction: BLOCK.apologise, ErrorType: "NoMatchingError" },
        ],
      },
    },
    {
      Identifier: BLOCK.apologise,
      Type: "MessageParticipant",
      Parameters: { Text: "Sorry, nobody can be reached at the moment. Please try again later." },
      Transitions: toTransitions(BLOCK.end, BLOCK.end),
    },
    { Identifier: BLOCK.end, Type: "DisconnectParticipant", Parameters: {}, Transitions: {} },
  ];
  return {
    Version: "2019-10-30",
    StartAction: BLOCK.choose,
    Metadata: {
      entryPointPosition: { x: 40, y: 40 },
      ActionMetadata: Object.fromEntries(
        actions.map((action, index) => [action.Identifier, toMetadata(action, index)]),
      ),
      Annotations: [],
      name: "Persistent chat",
      description: "Continues the visitor's past chat. Put Set working queue before the first block.",
      type: "contactFlow",
      status: "SAVED",
      hash: {},
    },
    Actions: actions,
  };
}

// A token's attributes are user-defined attributes, whose namespace is "$.Attributes".
function toReference(attribute: string): string {
  return `$.Attributes.${attribute}`;
}

function toCondition(result: string, next: string): Condition {
  return { NextAction: next, Condition: { Operator: "Equals", Operands: [result] } };
}

function toTransitions(next: string, onError: string): Transitions {
  return { NextAction: next, Errors: [{ NextAction: onError, ErrorType: "NoMatchingError" }] };
}

function buildLink(name: string, attribute: string, onError: string): Action {
  return {
    Identifier: name,
    Type: "CreatePersistentContactAssociation",
    Parameters: { RehydrationType: "ENTIRE_PAST_SESSION", SourceContactId: toReference(attribute) },
    Transitions: toTransitions(BLOCK.goOn, onError),
  };
}

/** Data for the flow designer: a block's place and name, and which of its values are dynamic. */
function toMetadata({ Type, Parameters, Transitions }: Action, index: number) {
  const position = { x: 200 + 240 * index, y: 40 + 160 * (index % 2) };
  if (Type === "Compare") {
    const conditionMetadata = (Transitions.Conditions ?? []).map(({ Condition: { Operator, Operands } }) => ({
      id: Operands[0],
      operator: { name: Operator, value: Operator, shortDisplay: "=" },
      value: Operands[0],
    }));
    return { position, isFriendlyName: true, conditions: [], conditionMetadata };
  }
  const dynamic = Object.entries(Parameters).filter(([, value]) => value.startsWith("$."));
  if (dynamic.length === 0) return { position, isFriendlyName: true };
  const parameters = Object.fromEntries(dynamic.map(([name]) => [name, { useDynamic: true }]));
  return { position, isFriendlyName: true, parameters, useDynamic: true };
}
