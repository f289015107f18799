import { createPersistentContactAssociation } from "./create-persistent-contact-association.ts";
import { describeContact } from "./describe-contact.ts";
import { getContactAttributes } from "./get-contact-attributes.ts";
import { listAssociatedContacts } from "./list-associated-contacts.ts";
import type { Operation } from "./operation.ts";
import { stopContact } from "./stop-contact.ts";

const operations = {
  CreatePersistentContactAssociation: createPersistentContactAssociation,
  DescribeContact: describeContact,
  GetContactAttributes: getContactAttributes,
  ListAssociatedContacts: listAssociatedContacts,
  StopContact: stopContact,
} as const satisfies Record<string, Operation>;

/** The name of an action, as in IAM's `connect:<Action>`. */
export type ServiceAction = keyof typeof operations;

export interface Route {
  action: ServiceAction;
  operation: Operation;
  /** The parameters in the path, decoded. */
  labels: Record<string, string>;
}

export const serviceActions = Object.keys(operations).filter(isServiceAction);

export function isServiceAction(name: string): name is ServiceAction {
  return Object.hasOwn(operations, name);
}

export function operationOf(action: ServiceAction): Operation {
  return operations[action];
}

/** @returns The action at this address; `null` where there is none. */
export function findRoute(method: string, path: string): Route | null {
  for (const action of serviceActions) {
    const operation = operationOf(action);
    const match = operation.method === method ? operation.path.exec(path) : null;
    if (match === null) continue;
    const labels = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)]);
    return { action, operation, labels: Object.fromEntries(labels) };
  }
  return null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
