/** A flow of Connect, as far as it is run here. Source: Amazon Connect Developer Guide, "Flow language". */
export interface FlowDocument {
  readonly StartAction: string;
  readonly Actions: readonly FlowAction[];
}

/** One block. */
export interface FlowAction {
  readonly Identifier: string;
  readonly Type: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Transitions: {
    readonly NextAction: string | null;
    readonly Conditions: readonly { readonly next: string; readonly operand: string }[];
    readonly Errors: readonly { readonly next: string; readonly type: string }[];
  };
}

/**
 * Reads a flow, as generously as it can: what is missing is empty.
 *
 * @returns `null` where the text is no JSON object with a list of blocks.
 */
export function readFlow(content: string): FlowDocument | null {
  const value = parseJson(content);
  const actions = toObject(value)["Actions"];
  if (!Array.isArray(actions)) return null;
  return { StartAction: toText(toObject(value)["StartAction"]), Actions: actions.map(readAction) };
}

/** The blocks that can follow. */
export function targetsOf({ Transitions: { NextAction, Conditions, Errors } }: FlowAction): string[] {
  return [...(NextAction === null ? [] : [NextAction]), ...[...Conditions, ...Errors].map(({ next }) => next)];
}

function readAction(value: unknown): FlowAction {
  const { Identifier, Parameters, Transitions, Type } = toObject(value);
  const { NextAction, Conditions, Errors } = toObject(Transitions);
  return {
    Identifier: toText(Identifier),
    Type: toText(Type),
    Parameters: toObject(Parameters),
    Transitions: {
      NextAction: typeof NextAction === "string" ? NextAction : null,
      Conditions: toList(Conditions).map((one) => ({
        next: toText(toObject(one)["NextAction"]),
        operand: toText(toList(toObject(toObject(one)["Condition"])["Operands"])[0]),
      })),
      Errors: toList(Errors).map((one) => ({
        next: toText(toObject(one)["NextAction"]),
        type: toText(toObject(one)["ErrorType"]),
      })),
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
