import { CONTINUE_ATTRIBUTE } from "../../core/chat/continuation.ts";

/** The attribute with the contact id of the chat before the newest. */
export const FALLBACK_ATTRIBUTE = "contactIdFallback";

/** A block's name is also its identifier: at most 50 characters, none of `% : ( \ / ) = $ , ; [ ] { }`. */
const BLOCK = {
  setQueue: "Set the queue",
  choose: "Continue a past chat",
  wait: "Wait for its transcript",
  linkNewest: "Link the newest chat",
  linkFallback: "Link the chat before it",
  goOn: "Go on to the queue",
  apologise: "Say that nobody can be reached",
  end: "End the chat",
};

/** The type of the block Create persistent contact association. */
export const LINK_TYPE = "CreatePersistentContactAssociation";

/**
 * How a flow may write "the entire past session": as Connect's API does, and as the console's label.
 *
 * Which of them Connect takes is not documented: the only export that is known, of a block that nobody had configured,
 * has the label of the other choice.
 */
export const REHYDRATION_TYPES = ["ENTIRE_PAST_SESSION", "Entire Past Session"] as const;
export type RehydrationType = (typeof REHYDRATION_TYPES)[number];

interface Condition {
  readonly NextAction: string;
  readonly Condition: { readonly Operator: "Equals"; readonly Operands: readonly [string] };
}

interface Transitions {
  readonly NextAction?: string;
  readonly Conditions?: readonly Condition[];
  readonly Errors?: readonly { readonly NextAction: string; readonly ErrorType: string }[];
}

export interface Action {
  readonly Identifier: string;
  readonly Type: string;
  readonly Parameters: Readonly<Record<string, string>>;
  readonly Transitions: Transitions;
}

/** The queue where chats wait for an agent. */
export interface FlowQueue {
  readonly arn: string;
  readonly name: string;
}

interface FlowOptions {
  /** Key of the attribute with the contact id to continue from. */
  readonly contactAttribute: string;
  readonly name?: string;
  /** `null`: the owner puts the block that sets the queue in front. */
  readonly queue?: FlowQueue | null;
}

/**
 * Builds the contact flow that links a past chat by the token's attributes.
 *
 * Without a queue the flow names no resource of an instance, so every instance can import it. The chat goes on whether a
 * link succeeds or fails.
 *
 * Source: Amazon Connect Flow language; Amazon Connect Administrator Guide, "Import and export flows". The names in
 * `Metadata`, and `TimeLimitSeconds` for what the reference calls `TimeoutSeconds`, follow the console's exports.
 */
export function buildContactFlow({ contactAttribute, name = "Persistent chat", queue = null }: FlowOptions) {
  const actions: readonly Action[] = [
    ...(queue === null ? [] : [buildSetQueue(queue)]),
    ...buildLinkBlocks({ contactAttribute, rehydrationType: REHYDRATION_TYPES[0] }, BLOCK.goOn),
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
  const blocks = actions.map((action, index): [string, object] => {
    const position = { x: 200 + 240 * index, y: 40 + 160 * (index % 2) };
    return [action.Identifier, buildBlockMetadata(action, position, queue)];
  });
  return {
    Version: "2019-10-30",
    StartAction: queue === null ? BLOCK.choose : BLOCK.setQueue,
    Metadata: {
      entryPointPosition: { x: 40, y: 40 },
      ActionMetadata: Object.fromEntries(blocks),
      Annotations: [],
      name,
      description:
        queue === null
          ? "Continues the visitor's past chat. Put Set working queue before the first block."
          : "Continues the visitor's past chat.",
      type: "contactFlow",
      status: "SAVED",
      hash: {},
    },
    Actions: actions,
  };
}

/**
 * Builds the four blocks that link a chat to a past one.
 *
 * @param next The block that every way through them leads to.
 * @param rename Gives another identifier where one is taken.
 */
export function buildLinkBlocks(
  {
    contactAttribute,
    rehydrationType,
  }: { readonly contactAttribute: string; readonly rehydrationType: RehydrationType },
  next: string,
  rename: (name: string) => string = (name) => name,
): readonly Action[] {
  const choose = rename(BLOCK.choose);
  const wait = rename(BLOCK.wait);
  const linkNewest = rename(BLOCK.linkNewest);
  const linkFallback = rename(BLOCK.linkFallback);
  const buildLink = (name: string, attribute: string, onError: string): Action => ({
    Identifier: name,
    Type: LINK_TYPE,
    Parameters: { RehydrationType: rehydrationType, SourceContactId: toReference(attribute) },
    Transitions: toTransitions(next, onError),
  });
  return [
    {
      Identifier: choose,
      Type: "Compare",
      Parameters: { ComparisonValue: toReference(CONTINUE_ATTRIBUTE) },
      Transitions: {
        NextAction: next,
        Conditions: [toCondition("wait", wait), toCondition("now", linkNewest)],
        Errors: [{ NextAction: next, ErrorType: "NoMatchingCondition" }],
      },
    },
    {
      Identifier: wait,
      Type: "Wait",
      Parameters: { TimeLimitSeconds: toReference("chatWaitSeconds") },
      Transitions: {
        ...toTransitions(linkNewest, linkNewest),
        Conditions: [toCondition("WaitCompleted", linkNewest)],
      },
    },
    buildLink(linkNewest, contactAttribute, linkFallback),
    buildLink(linkFallback, FALLBACK_ATTRIBUTE, next),
  ];
}

/** Source: Amazon Connect API Reference, "UpdateContactTargetQueue" (Set working queue), which takes an id or an ARN. */
function buildSetQueue({ arn }: FlowQueue): Action {
  return {
    Identifier: BLOCK.setQueue,
    Type: "UpdateContactTargetQueue",
    Parameters: { QueueId: arn },
    Transitions: toTransitions(BLOCK.choose, BLOCK.apologise),
  };
}

/** What the flow designer shows of a queue. */
export function buildQueueMetadata({ name }: Pick<FlowQueue, "name">) {
  return { parameters: { QueueId: { displayName: name } }, queue: { text: name } };
}

// A token's attributes are user-defined attributes, whose namespace is "$.Attributes".
export function toReference(attribute: string): string {
  return `$.Attributes.${attribute}`;
}

function toCondition(result: string, next: string): Condition {
  return { NextAction: next, Condition: { Operator: "Equals", Operands: [result] } };
}

function toTransitions(next: string, onError: string): Transitions {
  return { NextAction: next, Errors: [{ NextAction: onError, ErrorType: "NoMatchingError" }] };
}

/** Data for the flow designer: a block's place and name, and which of its values are dynamic. */
export function buildBlockMetadata(
  { Parameters, Transitions, Type }: Action,
  position: { readonly x: number; readonly y: number },
  queue: FlowQueue | null = null,
) {
  if (Type === "UpdateContactTargetQueue" && queue !== null) {
    return { position, isFriendlyName: true, ...buildQueueMetadata(queue) };
  }
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
