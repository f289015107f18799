import type { Attributes } from "../contacts/attributes.ts";
import type { Link, LinkRequest } from "../contacts/contact.ts";
import type { Switches } from "../switches.ts";
import { isWaitTime } from "./find-problems.ts";
import { type FlowAction, type FlowDocument } from "./flow-document.ts";
import { readRehydrationType } from "./rehydration-type.ts";

/** Connect too stops a flow that runs in a circle. */
const MAX_STEPS = 1_000;
const ATTRIBUTE = /^\$\.Attributes\.(?<name>[\w-]+)$/;

/** How a Wait block ends. */
export type WaitResult = "completed" | "customer-return";

/** The effects that a flow has on its contact. */
export interface FlowEffects {
  note(words: string): void;
  wait(seconds: number): Promise<WaitResult>;
  isLive(): boolean;
  /** Create persistent contact association. */
  link(source: string, rehydrationType: LinkRequest["rehydrationType"]): Link;
  say(text: string): void;
  disconnect(): void;
}

/** What a flow reads beside its blocks. */
export interface FlowInput {
  readonly attributes: Attributes;
  /** In which form Connect takes a rehydration type. */
  readonly rehydrationTypeForm: Switches["rehydrationTypeForm"];
  /** @returns The name of the queue with this id or ARN; `null` where there is none. */
  findQueue(queue: string): string | null;
}

/** How a block ends: by a result, for its conditions, or by an error. */
type Outcome = { readonly result?: string; readonly error?: string } | "end";

/**
 * Runs the contact flow of one new chat.
 *
 * An attribute that is missing matches no condition, and is no time and no source. A block of a type that is not run
 * here does nothing.
 *
 * Source: Amazon Connect Developer Guide, the pages of the flow language's actions.
 */
export async function runFlow(flow: FlowDocument, input: FlowInput, effects: FlowEffects): Promise<void> {
  /** The queue that the flow has set last. */
  let queue: string | null = null;
  let name: string | null = flow.StartAction;
  for (let step = 0; step < MAX_STEPS; step++) {
    const action = flow.Actions.find(({ Identifier }) => Identifier === name);
    if (action === undefined) break;
    const outcome = await take(action);
    if (outcome === "end") return;
    name = follow(action, outcome);
  }
  effects.note("The flow leads nowhere: the chat ends.");
  effects.disconnect();

  async function take(action: FlowAction): Promise<Outcome> {
    const { Identifier, Parameters, Type } = action;
    const say = (words: string) => effects.note(`${Identifier}: ${words}`);
    switch (Type) {
      case "Compare":
        return compare(action, say);
      case "Wait":
        return wait(action, say);
      case "CreatePersistentContactAssociation":
        return link(action, say);
      case "UpdateContactTargetQueue": {
        queue = input.findQueue(read(Parameters["QueueId"]) ?? "");
        if (queue === null) say("Error, there is no such queue.");
        return queue === null ? { error: "NoMatchingError" } : {};
      }
      case "TransferContactToQueue":
        if (queue === null) {
          say("Error, no queue is set.");
          return { error: "NoMatchingError" };
        }
        say(`waits for an agent, in the queue ${queue}.`);
        return "end";
      case "MessageParticipant":
        effects.say(read(Parameters["Text"]) ?? "");
        return {};
      case "DisconnectParticipant":
        say("ends the chat.");
        effects.disconnect();
        return "end";
      case "EndFlowExecution":
        return "end";
      default:
        say(`does nothing here: blocks of the type ${Type} are not run.`);
        return {};
    }
  }

  function compare({ Parameters, Transitions }: FlowAction, say: (words: string) => void): Outcome {
    const result = read(Parameters["ComparisonValue"]);
    const isMet = Transitions.Conditions.some(({ operand }) => operand === result);
    say(`${describe(Parameters["ComparisonValue"])}${isMet ? "" : ": no match"}.`);
    return result !== undefined && isMet ? { result } : { error: "NoMatchingCondition" };
  }

  async function wait({ Parameters }: FlowAction, say: (words: string) => void): Promise<Outcome> {
    const given = Parameters["TimeLimitSeconds"] ?? Parameters["TimeoutSeconds"];
    const time = read(given);
    if (!isWaitTime(time)) {
      say(`Error, ${describe(given)}: no time to wait.`);
      return { error: "NoMatchingError" };
    }
    say(`waits ${time} s, the chat is already connected.`);
    const result = await effects.wait(Number(time));
    if (!effects.isLive()) {
      say("the chat ended while the flow waited.");
      return "end";
    }
    if (result === "customer-return") say("Customer return, the customer has written.");
    return { result: result === "customer-return" ? "CustomerReturned" : "WaitCompleted" };
  }

  function link({ Parameters }: FlowAction, say: (words: string) => void): Outcome {
    const rehydrationType = readRehydrationType(Parameters["RehydrationType"], input.rehydrationTypeForm);
    if (rehydrationType === null) {
      say("Error, the block has no rehydration type: Connect did not take it.");
      return { error: "NoMatchingError" };
    }
    const { outcome, reason } = effects.link(read(Parameters["SourceContactId"]) ?? "", rehydrationType);
    say(`${outcome === "linked" ? "Success" : "Error"}, ${reason}.`);
    return outcome === "linked" ? {} : { error: "NoMatchingError" };
  }

  /** A parameter's value: an attribute, or the text itself. */
  function read(value: unknown): string | undefined {
    if (typeof value === "number") return String(value);
    if (typeof value !== "string" || !value.startsWith("$.")) return typeof value === "string" ? value : undefined;
    return input.attributes[ATTRIBUTE.exec(value)?.groups?.["name"] ?? ""];
  }

  function describe(value: unknown): string {
    const found = read(value);
    const name = ATTRIBUTE.exec(String(value))?.groups?.["name"] ?? String(value);
    return found === undefined ? `${name} is missing` : `${name} is "${found}"`;
  }
}

/** @returns The next block's name; `null` where nothing follows. */
function follow({ Transitions }: FlowAction, outcome: Exclude<Outcome, "end">): string | null {
  const { Conditions, Errors, NextAction } = Transitions;
  if (outcome.error !== undefined) return Errors.find(({ type }) => type === outcome.error)?.next ?? null;
  return Conditions.find(({ operand }) => operand === outcome.result)?.next ?? NextAction;
}
