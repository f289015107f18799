import { toArn } from "../../console/access.ts";
import type { ConsoleFlow } from "../../console/aws-console.ts";
import { findQueue } from "../../console/aws-console.ts";
import { findProblems } from "../../flow/find-problems.ts";
import { type Answer, fail, failFlow } from "../answer.ts";
import { type Parameters, readText, type Service } from "../operation.ts";

/** Source: Amazon Connect API Reference, "CreateContactFlow". */
const MAX_CONTENT_CHARACTERS = 256_000;
const MAX_NAME_CHARACTERS = 127;
const MAX_DESCRIPTION_CHARACTERS = 500;
const SAVED_ALIAS = ":$SAVED";

export interface FoundFlow {
  readonly flow: ConsoleFlow;
  /** Whether the call asks for what is saved, and not for what is published. */
  readonly isSaved: boolean;
}

/** Finds the flow of a call, which names it by its id or ARN, with or without the alias `$SAVED`. */
export function findFlow(parameters: Parameters, { access, console }: Service): FoundFlow | Answer {
  const text = readText(parameters, "ContactFlowId");
  const isSaved = text.endsWith(SAVED_ALIAS);
  const name = isSaved ? text.slice(0, -SAVED_ALIAS.length) : text;
  const flow = console.flows.find(({ id }) => name === id || name === toArn(access, "contact-flow", id));
  return flow === undefined ? fail("ResourceNotFoundException", "Contact flow not found.") : { flow, isSaved };
}

/** @returns A refusal of what cannot be the content of any flow; `null` otherwise. */
export function refuseContent(content: string): Answer | null {
  if (content.length >= 1 && content.length <= MAX_CONTENT_CHARACTERS) return null;
  return fail("InvalidParameterException", `The Content has not 1 to ${MAX_CONTENT_CHARACTERS} characters.`);
}

/** @returns A refusal of what Connect would not publish; `null` otherwise. */
export function refuseToPublish(content: string, { access, console, switches }: Service): Answer | null {
  const problems = findProblems(content, {
    hasQueue: (queue) => findQueue(console, access, queue) !== null,
    rehydrationTypeForm: switches.rehydrationTypeForm,
  });
  return problems.length === 0 ? null : failFlow(problems);
}

/** @param except The flow that may have this name. */
export function refuseName(name: string, { console }: Service, except: ConsoleFlow | null = null): Answer | null {
  if (name === "" || name.length > MAX_NAME_CHARACTERS) {
    return fail("InvalidParameterException", `The Name has not 1 to ${MAX_NAME_CHARACTERS} characters.`);
  }
  const isTaken = console.flows.some((flow) => flow !== except && flow.name === name);
  return isTaken ? fail("DuplicateResourceException", "A contact flow with this name exists.") : null;
}

export function refuseDescription(description: string): Answer | null {
  if (description.length <= MAX_DESCRIPTION_CHARACTERS) return null;
  return fail("InvalidParameterException", `The Description is longer than ${MAX_DESCRIPTION_CHARACTERS} characters.`);
}
