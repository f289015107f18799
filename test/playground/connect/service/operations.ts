import { createPersistentContactAssociation } from "./contacts/create-persistent-contact-association.ts";
import { describeContact } from "./contacts/describe-contact.ts";
import { getContactAttributes } from "./contacts/get-contact-attributes.ts";
import { listAssociatedContacts } from "./contacts/list-associated-contacts.ts";
import { createContactFlow } from "./flows/create-contact-flow.ts";
import { deleteContactFlow } from "./flows/delete-contact-flow.ts";
import { describeContactFlow } from "./flows/describe-contact-flow.ts";
import { listContactFlows } from "./flows/list-contact-flows.ts";
import { updateContactFlowContent } from "./flows/update-contact-flow-content.ts";
import { updateContactFlowMetadata } from "./flows/update-contact-flow-metadata.ts";
import { listInstanceStorageConfigs } from "./instance/list-instance-storage-configs.ts";
import { listInstances } from "./instance/list-instances.ts";
import { listQueues } from "./instance/list-queues.ts";
import type { Operation } from "./operation.ts";
import { stopContact } from "./contacts/stop-contact.ts";

/** What the Worker needs. */
const workerOperations = {
  CreatePersistentContactAssociation: createPersistentContactAssociation,
  DescribeContact: describeContact,
  GetContactAttributes: getContactAttributes,
  ListAssociatedContacts: listAssociatedContacts,
  StopContact: stopContact,
} as const satisfies Record<string, Operation>;

const operations = {
  ...workerOperations,
  CreateContactFlow: createContactFlow,
  DeleteContactFlow: deleteContactFlow,
  DescribeContactFlow: describeContactFlow,
  ListContactFlows: listContactFlows,
  ListInstanceStorageConfigs: listInstanceStorageConfigs,
  ListInstances: listInstances,
  ListQueues: listQueues,
  UpdateContactFlowContent: updateContactFlowContent,
  UpdateContactFlowMetadata: updateContactFlowMetadata,
} as const satisfies Record<string, Operation>;

/** An action that the Worker takes. */
export type WorkerAction = keyof typeof workerOperations;

/** The name of an action, as in IAM's `connect:<Action>`. */
export type ServiceAction = keyof typeof operations;

export interface Route {
  action: ServiceAction;
  operation: Operation;
  /** The parameters in the path, decoded. */
  labels: Record<string, string>;
}

export const serviceActions = Object.keys(operations).filter(isServiceAction);
export const workerActions = serviceActions.filter(isWorkerAction);

export function isServiceAction(name: string): name is ServiceAction {
  return Object.hasOwn(operations, name);
}

export function isWorkerAction(name: string): name is WorkerAction {
  return Object.hasOwn(workerOperations, name);
}

/** @param policy Names such as `connect:StopContact`; `null`: all that the Worker needs. */
export function isAllowedToWorker(action: string, policy: readonly string[] | null): boolean {
  return policy === null ? isWorkerAction(action) : policy.includes(`connect:${action}`);
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
