import { type Flow, type FlowAction } from "./flow-language.ts";

export type Attributes = Readonly<Record<string, string>>;

/** What a chat brings, and how Connect answers. */
export interface World {
  readonly attributes: Attributes;
  /** Whether Connect accepts this contact as the source of a link. */
  readonly canLink: (contactId: string) => boolean;
  /** Whether the customer writes during a wait, and the console has added the branch Customer return to the block. */
  readonly doesCustomerReturn: boolean;
  readonly queue: "open" | "full" | "not set";
}

export interface Outcome {
  /** Seconds of each wait. */
  readonly waited: readonly number[];
  /** The sources given to the link block, in order; `undefined` where the attribute was missing. */
  readonly tried: readonly (string | undefined)[];
  readonly linked: readonly string[];
  readonly end: "queue" | "disconnected";
}

const MAX_STEPS = 50;

/**
 * Runs a contact flow as AWS describes its actions.
 *
 * With a missing attribute, a comparison finds no match, and a wait or a link takes the error branch.
 */
export function runFlow(flow: Flow, world: World): Outcome {
  const outcome = { waited: [] as number[], tried: [] as (string | undefined)[], linked: [] as string[] };
  let name = flow.StartAction;
  for (let step = 0; step < MAX_STEPS; step++) {
    const action = flow.Actions.find(({ Identifier }) => Identifier === name);
    if (action === undefined) throw new Error(`no action ${name}`);
    if (action.Type === "DisconnectParticipant") return { ...outcome, end: "disconnected" };
    const branch = take(action, world, outcome);
    if (branch.result === "in queue") return { ...outcome, end: "queue" };
    name = follow(action, branch);
  }
  throw new Error("the flow does not end");
}

interface Branch {
  /** The value for the conditions, or `in queue`. */
  readonly result?: string | undefined;
  readonly error?: string;
}

function take(
  action: FlowAction,
  world: World,
  outcome: { waited: number[]; tried: (string | undefined)[]; linked: string[] },
): Branch {
  const read = (reference: string): string | undefined => world.attributes[reference.replace("$.Attributes.", "")];
  switch (action.Type) {
    case "Compare":
      return { result: read(action.Parameters.ComparisonValue), error: "NoMatchingCondition" };
    case "Wait": {
      const text = read(action.Parameters.TimeLimitSeconds) ?? "";
      if (!/^[1-9]\d{0,5}$/.test(text) || Number(text) > 604_800) return { error: "NoMatchingError" };
      outcome.waited.push(Number(text));
      return { result: world.doesCustomerReturn ? "CustomerReturned" : "WaitCompleted" };
    }
    case "CreatePersistentContactAssociation": {
      const source = read(action.Parameters.SourceContactId);
      outcome.tried.push(source);
      // Connect links a chat once.
      if (source === undefined || outcome.linked.length > 0 || !world.canLink(source)) {
        return { error: "NoMatchingError" };
      }
      outcome.linked.push(source);
      return {};
    }
    case "TransferContactToQueue":
      if (world.queue === "open") return { result: "in queue" };
      return { error: world.queue === "full" ? "QueueAtCapacity" : "NoMatchingError" };
    case "UpdateContactTargetQueue":
    case "MessageParticipant":
    case "DisconnectParticipant":
      return {};
  }
}

function follow({ Transitions }: FlowAction, { result, error }: Branch): string {
  if ("Conditions" in Transitions) {
    const met = Transitions.Conditions.find(({ Condition }) => Condition.Operands[0] === result);
    if (met !== undefined) return met.NextAction;
  }
  if (error !== undefined && "Errors" in Transitions) {
    const met = Transitions.Errors.find(({ ErrorType }) => ErrorType === error);
    if (met !== undefined) return met.NextAction;
  }
  if (!("NextAction" in Transitions)) throw new Error("expected a next action, found the end of the flow");
  return Transitions.NextAction;
}
