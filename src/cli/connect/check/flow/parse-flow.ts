import * as v from "valibot";
import { LINK_TYPE } from "../../../flow/contact-flow.ts";
import { parseJson } from "../../../site/request.ts";

// One odd value must not hide the rest of the flow: a value of another form counts as none.
const target = v.fallback(v.nullish(v.string()), null);

const conditionSchema = v.object({
  NextAction: target,
  Condition: v.fallback(
    v.object({ Operator: v.fallback(v.string(), ""), Operands: v.fallback(v.array(v.unknown()), []) }),
    { Operator: "", Operands: [] },
  ),
});

const errorSchema = v.object({ NextAction: target, ErrorType: v.fallback(v.string(), "NoMatchingError") });

const NOWHERE = { NextAction: null, Conditions: [], Errors: [] };

const actionSchema = v.object({
  Identifier: v.string(),
  Type: v.fallback(v.string(), ""),
  Parameters: v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {}),
  Transitions: v.fallback(
    v.optional(
      v.object({ NextAction: target, Conditions: listOf(conditionSchema), Errors: listOf(errorSchema) }),
      NOWHERE,
    ),
    NOWHERE,
  ),
});

const flowSchema = v.object({
  StartAction: v.string(),
  Actions: listOf(actionSchema),
});

/** A list; what in it has another form is left out. */
function listOf<T extends v.GenericSchema>(schema: T) {
  const pick = (value: unknown): v.InferOutput<T>[] =>
    (Array.isArray(value) ? value : []).flatMap((one) => {
      const parsed = v.safeParse(schema, one);
      return parsed.success ? [parsed.output] : [];
    });
  return v.optional(v.pipe(v.unknown(), v.transform(pick)), []);
}

/** A block of a contact flow. */
export type FlowAction = v.InferOutput<typeof actionSchema>;
/** The content of a contact flow, as DescribeContactFlow gives it: only what decides the way of a chat. */
export type FlowContent = v.InferOutput<typeof flowSchema>;
export type FlowCondition = FlowAction["Transitions"]["Conditions"][number];

/**
 * @returns `null` for a text that is no flow.
 * Source: Amazon Connect Developer Guide, "Amazon Connect Flow language".
 */
export function parseFlow(content: string): FlowContent | null {
  const flow = v.safeParse(flowSchema, parseJson(content));
  return flow.success && flow.output.Actions.length > 0 ? flow.output : null;
}

export function isLink({ Type }: FlowAction): boolean {
  return Type === LINK_TYPE;
}

/** Whether the block waits until the transcript of the past chat is ready. */
export function isOurWait(action: FlowAction): boolean {
  return action.Type === "Wait" && readAttributeName(readWaitTime(action)) === "chatWaitSeconds";
}

/** A Wait block's time: the reference and the console's exports name it differently. */
export function readWaitTime(action: FlowAction): string {
  return readParameter(action, "TimeLimitSeconds") || readParameter(action, "TimeoutSeconds");
}

/** Whether the flow has a block that links a past chat. */
export function hasLink({ Actions }: FlowContent): boolean {
  return Actions.some(isLink);
}

/** A parameter that is a text; empty where there is none. */
export function readParameter({ Parameters }: FlowAction, name: string): string {
  const value = Parameters[name];
  return typeof value === "string" ? value : "";
}

/** Both ways in which a flow may name one: `$.Attributes.name` and `$.Attributes['name']`. */
const USER_DEFINED = /^\$\.Attributes(?:\.(?<name>.+)|\[(?<quote>["'])(?<quoted>.+)\k<quote>\])$/;

/** The user-defined attribute that a value refers to; `null` for another value. */
export function readAttributeName(reference: string): string | null {
  const { name, quoted } = USER_DEFINED.exec(reference.trim())?.groups ?? {};
  return name ?? quoted ?? null;
}

const KINDS: Readonly<Record<string, string | undefined>> = {
  Compare: "Check contact attributes",
  UpdateContactAttributes: "Set contact attributes",
  DisconnectParticipant: "Disconnect",
  [LINK_TYPE]: "Create persistent contact association",
  TransferContactToQueue: "Transfer to queue",
  TransferToFlow: "Transfer to flow",
  InvokeLambdaFunction: "Invoke AWS Lambda function",
};

/** A block in words for the owner: its own name, or what it is where the console has only numbered it. */
export function describeBlock({ Identifier, Type }: FlowAction): string {
  const isNumbered = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(Identifier);
  return isNumbered ? `${KINDS[Type] ?? Type} (${Identifier.slice(0, 8)})` : `"${Identifier}"`;
}

/** Whether two flows lead each chat the same way: the place of a block on the screen does not matter. */
export function isSameFlow(one: FlowContent, other: FlowContent): boolean {
  return toComparable(one) === toComparable(other);
}

function toComparable({ Actions, StartAction }: FlowContent): string {
  const actions = Actions.toSorted((a, b) => a.Identifier.localeCompare(b.Identifier));
  return JSON.stringify(sortKeys({ StartAction, actions }));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sortKeys(inner)]));
}
