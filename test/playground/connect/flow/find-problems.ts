import type { Switches } from "../switches.ts";
import { type FlowAction, type FlowDocument, readFlow, targetsOf } from "./flow-document.ts";
import { readRehydrationType } from "./rehydration-type.ts";

const VERSION = "2019-10-30";
const MAX_ACTIONS = 250;
const MAX_IDENTIFIER_CHARACTERS = 50;
const FORBIDDEN_CHARACTERS = /[%:(\\/)=$,;[\]{}]/;
/** The Wait block's longest time: 7 days. */
const MAX_WAIT_SECONDS = 604_800;
const REFERENCE = /^\$\.[\w.[\]'-]+$/;

/** What a flow is checked against. */
export interface FlowSurroundings {
  /** Whether the instance has a queue of this id or ARN. */
  hasQueue(queue: string): boolean;
  readonly rehydrationTypeForm: Switches["rehydrationTypeForm"];
}

interface ActionRule {
  /** The branches that a block of this type must have. */
  readonly errors: readonly string[];
  /** @returns What is wrong with the parameters; `null` where nothing is. */
  check(action: FlowAction, surroundings: FlowSurroundings): string | null;
}

const fine = () => null;

/** Source: Amazon Connect Developer Guide, the page of each action. */
const RULES: Readonly<Record<string, ActionRule>> = {
  Compare: {
    errors: ["NoMatchingCondition"],
    check: ({ Parameters }) => (isReference(Parameters["ComparisonValue"]) ? null : "ComparisonValue is no reference"),
  },
  Wait: { errors: ["NoMatchingError"], check: checkWait },
  CreatePersistentContactAssociation: { errors: ["NoMatchingError"], check: checkLink },
  UpdateContactTargetQueue: { errors: ["NoMatchingError"], check: checkQueue },
  TransferContactToQueue: { errors: ["QueueAtCapacity", "NoMatchingError"], check: fine },
  MessageParticipant: {
    errors: ["NoMatchingError"],
    check: ({ Parameters }) =>
      ["Text", "SSML", "PromptId", "Media"].some((name) => Parameters[name] !== undefined) ? null : "it has no message",
  },
};

/** They end the flow: nothing follows. */
const TERMINAL = new Set(["DisconnectParticipant", "EndFlowExecution", "EndFlowModuleExecution"]);

/** Types that Connect knows and that are not checked here any further. */
const OTHER_TYPES = new Set([
  "CheckHoursOfOperation",
  "CheckMetricData",
  "ConnectParticipantWithLexBot",
  "CreateTask",
  "DistributeByPercentage",
  "GetParticipantInput",
  "InvokeFlowModule",
  "InvokeLambdaFunction",
  "Loop",
  "ShowView",
  "TagContact",
  "TransferToFlow",
  "UpdateContactAttributes",
  "UpdateContactEventHooks",
  "UpdateContactRecordingAndAnalyticsBehavior",
  "UpdateContactRecordingBehavior",
  "UpdateContactRoutingBehavior",
  "UpdateContactTextToSpeechVoice",
  "UpdateFlowLoggingBehavior",
]);

/**
 * Checks a flow as Connect does before it publishes one.
 *
 * @returns One sentence for each problem; empty for a flow that can be published.
 */
export function findProblems(content: string, surroundings: FlowSurroundings): string[] {
  const flow = readFlow(content);
  if (flow === null) return ["The content is no flow: it is no JSON object with Actions."];
  return [
    ...findOuterProblems(content, flow),
    ...flow.Actions.flatMap((action) =>
      findActionProblems(action, flow, surroundings).map((problem) => `Block "${action.Identifier}": ${problem}.`),
    ),
  ];
}

function findOuterProblems(content: string, { Actions, StartAction }: FlowDocument): string[] {
  const { Version } = JSON.parse(content);
  const names = Actions.map(({ Identifier }) => Identifier);
  return [
    ...(Version === VERSION ? [] : [`The Version is not ${VERSION}.`]),
    ...(names.includes(StartAction) ? [] : [`The StartAction "${StartAction}" is no block of the flow.`]),
    ...(names.length <= MAX_ACTIONS ? [] : [`The flow has more than ${MAX_ACTIONS} blocks.`]),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `Block "${name}" is there twice.`),
  ];
}

function findActionProblems(action: FlowAction, { Actions }: FlowDocument, surroundings: FlowSurroundings): string[] {
  const { Identifier, Transitions, Type } = action;
  const targets = targetsOf(action);
  const rule = RULES[Type];
  const problem = rule?.check(action, surroundings) ?? null;
  const isNamed =
    Identifier !== "" && Identifier.length <= MAX_IDENTIFIER_CHARACTERS && !FORBIDDEN_CHARACTERS.test(Identifier);
  return [
    ...(isNamed ? [] : ["its Identifier is not valid"]),
    ...(rule !== undefined || TERMINAL.has(Type) || OTHER_TYPES.has(Type) ? [] : [`there is no type "${Type}"`]),
    ...(problem === null ? [] : [problem]),
    ...targets
      .filter((target) => !Actions.some((other) => other.Identifier === target))
      .map((target) => `it leads to "${target}", which is no block of the flow`),
    ...(TERMINAL.has(Type) && targets.length > 0 ? ["nothing can follow it"] : []),
    ...(!TERMINAL.has(Type) && Transitions.NextAction === null ? ["it has no NextAction"] : []),
    ...(rule?.errors ?? [])
      .filter((wanted) => !Transitions.Errors.some(({ type }) => type === wanted))
      .map((wanted) => `its branch ${wanted} is not connected`),
  ];
}

/** The flow language's pages name the time `TimeoutSeconds`, and the console's exports `TimeLimitSeconds`. */
function checkWait({ Parameters, Transitions }: FlowAction): string | null {
  const time = Parameters["TimeLimitSeconds"] ?? Parameters["TimeoutSeconds"];
  if (!isReference(time) && !isWaitTime(time)) return `its time is not 1 to ${MAX_WAIT_SECONDS} seconds`;
  const events: unknown = Parameters["Events"] ?? [];
  const wanted = ["WaitCompleted", ...(Array.isArray(events) ? events.map(String) : [])];
  const missing = wanted.find((result) => !Transitions.Conditions.some(({ operand }) => operand === result));
  return missing === undefined ? null : `it has no condition ${missing}`;
}

function checkLink({ Parameters }: FlowAction, { rehydrationTypeForm }: FlowSurroundings): string | null {
  const { RehydrationType, SourceContactId } = Parameters;
  if (readRehydrationType(RehydrationType, rehydrationTypeForm) === null) {
    return `RehydrationType is not valid: ${JSON.stringify(RehydrationType)}`;
  }
  return typeof SourceContactId === "string" && SourceContactId !== "" ? null : "SourceContactId is missing";
}

function checkQueue({ Parameters: { AgentId, QueueId } }: FlowAction, surroundings: FlowSurroundings): string | null {
  if ((QueueId === undefined) === (AgentId === undefined)) return "it needs either QueueId or AgentId";
  if (QueueId === undefined || isReference(QueueId)) return null;
  return typeof QueueId === "string" && surroundings.hasQueue(QueueId) ? null : "QueueId is no queue of this instance";
}

function isReference(value: unknown): boolean {
  return typeof value === "string" && REFERENCE.test(value);
}

/** @returns Whether a Wait block takes this as its seconds. */
export function isWaitTime(value: unknown): boolean {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^[1-9]\d{0,5}$/.test(text) && Number(text) <= MAX_WAIT_SECONDS;
}
