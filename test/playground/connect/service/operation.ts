import { type ServiceAccess } from "../console/access.ts";
import type { AwsConsole } from "../console/aws-console.ts";
import type { Associate } from "../contacts/association.ts";
import type { Contacts } from "../contacts/contacts.ts";
import type { Switches } from "../switches.ts";
import { type Answer, fail } from "./answer.ts";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** What the actions work on. */
export interface Service {
  readonly access: ServiceAccess;
  readonly console: AwsConsole;
  readonly contacts: Contacts;
  readonly switches: Switches;
  readonly associate: Associate;
  readonly transcriptDelaySeconds: number;
  readonly now: () => number;
}

/** The members of an action's request, under the names of its model. */
export type Parameters = Readonly<Record<string, unknown>>;

/** One action of the service API, as its page in the Amazon Connect API Reference has it. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Each named group is a parameter. */
  readonly path: RegExp;
  /** The parameters that come in the query, by their names there. */
  readonly query?: Readonly<Record<string, string>>;
  /** Those of them that are lists. */
  readonly lists?: readonly string[];
  /** The parameters that come in a JSON body. */
  readonly body?: readonly string[];
  readonly perSecond: number;
  readonly burst: number;
  /** Gets the parameters of a caller who may make this call. */
  run(parameters: Parameters, service: Service): Answer;
}

/** Actions that are not on the list of quotas have this rate. Source: Administrator Guide, "API throttling quotas". */
export const USUAL_RATE = { perSecond: 2, burst: 5 } as const;

/** @returns The text; empty where the parameter is missing or no text. */
export function readText(parameters: Parameters, name: string): string {
  const value = parameters[name];
  return typeof value === "string" ? value : "";
}

/** @returns The texts; empty where the parameter is missing. */
export function readTexts(parameters: Parameters, name: string): readonly string[] {
  const value = parameters[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/**
 * Refuses a contact id that cannot be one.
 *
 * The documented length is 1 to 256. The answer to a text that cannot be an id is not documented.
 */
export function refuseContactId(
  parameters: Parameters,
  name: string,
  error: "InvalidParameterException" | "InvalidRequestException" = "InvalidParameterException",
): Answer | null {
  return UUID.test(readText(parameters, name)) ? null : fail(error, `The ${name} is not valid.`);
}
