import { randomUUID } from "node:crypto";
import {
  type AwsAccess,
  type ConnectAction,
  type ConnectApi,
  createConnectApi,
  type Patience,
  type Reply,
} from "../../adapters/connect-api.ts";

/** How long one check waits for Amazon, in milliseconds. */
const CHECK_TIMEOUT_MS = 5000;

const silent = () => undefined;
const noLog = { debug: silent, info: silent, warn: silent, error: silent };

/** An action of Connect's API that was tried, or simulated. */
export interface TriedAction {
  readonly action: ConnectAction;
  /** `null` where the key may take the action; else why Amazon did not answer, such as `status-403`, or `policy`. */
  readonly reason: string | null;
}

/** Calls that change nothing: there are no contacts of these ids. */
const CALLS: Readonly<Record<ConnectAction, (connect: ConnectApi, patience: Patience) => Promise<Reply<unknown>>>> = {
  DescribeContact: (connect, patience) => connect.describeContact(randomUUID(), patience),
  GetContactAttributes: (connect, patience) => connect.getContactAttributes(randomUUID(), patience),
  ListAssociatedContacts: (connect, patience) => connect.listAssociatedContacts(randomUUID(), patience),
  CreatePersistentContactAssociation: (connect, patience) =>
    connect.createPersistentContactAssociation(randomUUID(), randomUUID(), randomUUID(), patience),
  StopContact: (connect, patience) => connect.stopContact(randomUUID(), patience),
};

/**
 * Takes each action as the Worker does, but with contacts that do not exist: Amazon refuses the contacts of a key that may
 * take the action, and the action of another key.
 */
export function askAmazon(
  access: AwsAccess,
  actions: readonly ConnectAction[],
  fetch: (request: Request) => Promise<Response> = globalThis.fetch,
): Promise<readonly TriedAction[]> {
  return Promise.all(
    actions.map(async (action) => {
      // One API for each: the Worker's makes no calls for a while after one that got no answer.
      const connect = createConnectApi(access, { fetch, log: noLog });
      const patience = { now: Math.floor(Date.now() / 1000), signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) };
      const reply = await CALLS[action](connect, patience);
      return { action, reason: reply.outcome === "silent" ? reply.reason : null };
    }),
  );
}
