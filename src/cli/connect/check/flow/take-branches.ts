import { type AttributeNames, CONTINUE_ATTRIBUTE } from "../../../../core/chat/continuation.ts";
import { type FlowAction, type FlowCondition, isLink, readAttributeName, readParameter } from "./parse-flow.ts";

/** What a visitor's token says about the past chat. */
export type Visit = "none" | "now" | "wait";

/** How the tokens of this Worker name and set what a flow reads. */
export interface Tokens extends AttributeNames {
  /** Seconds from a chat's end until its transcript is ready: no token asks for a longer wait. */
  readonly readyAfterSeconds: number;
}

/** One way out of a block. */
export interface Branch {
  /** As the console names it, such as `Success`. */
  readonly name: string;
  /** Identifier of the next block; `null`: the branch is not wired. */
  readonly next: string | null;
}

/** How a chat leaves a block: the branches that it may take, and where it may stay. */
export interface Exits {
  readonly branches: readonly Branch[];
  /** `queue`: it waits for an agent; `elsewhere`: another flow takes over; `ended`; `null`: none of these. */
  readonly end: "queue" | "elsewhere" | "ended" | null;
}

/** Blocks after which nothing follows, where all goes well. */
const ENDS: Readonly<Record<string, Exits["end"] | undefined>> = {
  TransferContactToQueue: "queue",
  TransferContactToAgent: "queue",
  TransferToFlow: "elsewhere",
  DisconnectParticipant: "ended",
  EndFlowExecution: "ended",
  EndFlowModuleExecution: "ended",
};

/**
 * The branches that a chat of such a visitor may take. A block that decides by something that a token does not say may take
 * each of its branches.
 *
 * Source: Amazon Connect Developer Guide, "Actions in the Amazon Connect Flow Language".
 */
export function takeBranches(action: FlowAction, visit: Visit, tokens: Tokens): Exits {
  const { Conditions, Errors, NextAction } = action.Transitions;
  const errors = Errors.map(({ ErrorType, NextAction: next }) => ({
    name: toErrorName(ErrorType),
    next: next ?? null,
  }));
  const end = ENDS[action.Type];
  if (end !== undefined) return { branches: errors, end };
  if (action.Type === "Compare") return { branches: compare(action, readValue(action, visit, tokens)), end: null };
  const conditions = Conditions.map((condition) => ({ name: toName(condition), next: condition.NextAction ?? null }));
  const isOurs = action.Type === "Wait" || isLink(action);
  const others = [...conditions, ...errors];
  if (!isOurs && (NextAction ?? null) === null) return { branches: others, end: others.length === 0 ? "ended" : null };
  const isCompletedByName = action.Type === "Wait" && conditions.some(({ name }) => name === "WaitCompleted");
  const onSuccess = { name: "Success", next: NextAction ?? null };
  const unwired = isOurs && errors.length === 0 ? [{ name: "Error", next: null }] : [];
  return {
    branches: [...(isCompletedByName && onSuccess.next === null ? [] : [onSuccess]), ...others, ...unwired],
    end: null,
  };
}

/** What a value is known to be: this text, any but this one, or a number from this one on; `null`: nothing is known. */
type Known = { readonly is: string } | { readonly isNot: string } | { readonly isAtLeast: number } | null;

function readValue(action: FlowAction, visit: Visit, tokens: Tokens): Known {
  const reference = readParameter(action, "ComparisonValue");
  if (reference === "$.Channel") return { is: "CHAT" };
  const attribute = readAttributeName(reference);
  if (attribute === CONTINUE_ATTRIBUTE) return { is: visit };
  if (attribute === tokens.contact) return visit === "none" ? { is: "none" } : { isNot: "none" };
  if (attribute === "chatWaitSeconds") return visit === "wait" ? { isAtLeast: 1 } : { is: "0" };
  return attribute === "contactIdFallback" && visit === "none" ? { is: "none" } : null;
}

function compare({ Transitions }: FlowAction, value: Known): readonly Branch[] {
  const branches: Branch[] = [];
  for (const condition of Transitions.Conditions) {
    const isMet = decide(condition, value);
    if (isMet !== false) branches.push({ name: toName(condition), next: condition.NextAction ?? null });
    if (isMet === true) return branches;
  }
  const noMatch = Transitions.Errors.find(({ ErrorType }) => ErrorType === "NoMatchingCondition");
  return [...branches, { name: "No match", next: noMatch?.NextAction ?? Transitions.NextAction ?? null }];
}

/** @returns `null` where a token does not tell. */
function decide({ Condition: { Operands, Operator } }: FlowCondition, value: Known): boolean | null {
  const operand = readText(Operands[0]);
  if (value === null) return null;
  if ("isNot" in value) return Operator === "Equals" && operand === value.isNot ? false : null;
  if (Operator.startsWith("Number")) return decideNumber(Operator, Number.parseFloat(operand), value);
  if ("isAtLeast" in value) return Operator === "Equals" && Number.parseFloat(operand) < value.isAtLeast ? false : null;
  switch (Operator) {
    case "Equals":
      return value.is === operand;
    case "TextStartsWith":
      return value.is.startsWith(operand);
    case "TextEndsWith":
      return value.is.endsWith(operand);
    case "TextContains":
      return value.is.includes(operand);
    default:
      return null;
  }
}

/** Source: Amazon Connect Developer Guide, "Compare" (the operators of numbers). */
function decideNumber(
  operator: string,
  operand: number,
  value: { readonly is: string } | { readonly isAtLeast: number },
): boolean | null {
  const least = "is" in value ? Number.parseFloat(value.is) : value.isAtLeast;
  const most = "is" in value ? least : Number.POSITIVE_INFINITY;
  if (Number.isNaN(operand) || Number.isNaN(least)) return null;
  switch (operator) {
    case "NumberGreaterThan":
      return decideRange(least > operand, most > operand);
    case "NumberGreaterOrEqualTo":
      return decideRange(least >= operand, most >= operand);
    case "NumberLessThan":
      return decideRange(most < operand, least < operand);
    case "NumberLessOrEqualTo":
      return decideRange(most <= operand, least <= operand);
    default:
      return null;
  }
}

function decideRange(isAlways: boolean, isEver: boolean): boolean | null {
  return isAlways || !isEver ? isAlways : null;
}

function toName({ Condition: { Operands } }: FlowCondition): string {
  return readText(Operands[0]);
}

function toErrorName(type: string): string {
  if (type === "NoMatchingError") return "Error";
  return type === "NoMatchingCondition" ? "No match" : type;
}

function readText(operand: unknown): string {
  return typeof operand === "string" ? operand : JSON.stringify(operand ?? "");
}
