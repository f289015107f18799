import { type ConnectAction } from "../../adapters/connect-api.ts";

/** The Connect instance with the contacts that the Worker may use. */
export interface ConnectInstance {
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** 12 digits; `null`: not known. */
  readonly accountId: string | null;
  readonly instanceId: string;
}

/** IAM checks this action on the instance as well: allowed on contacts alone, it is denied. */
const LINK: ConnectAction = "CreatePersistentContactAssociation";

/**
 * Builds the policy for the Worker's AWS key: it allows these actions on the contacts of this instance, and nothing else.
 *
 * An unknown account becomes a wildcard. That grants nothing more: an instance id is unique, and a key reaches only the
 * instances of its own account.
 *
 * Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon Connect"; AWS General
 * Reference, "Amazon Resource Names (ARNs)".
 */
export function buildIamPolicy({ region, accountId, instanceId }: ConnectInstance, actions: readonly ConnectAction[]) {
  const partition = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  const instance = `arn:${partition}:connect:${region}:${accountId ?? "*"}:instance/${instanceId}`;
  const contacts = `${instance}/contact/*`;
  const onContacts = actions.filter((action) => action !== LINK);
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "UseContacts", Effect: "Allow", Action: onContacts.map(toIamName), Resource: [contacts] },
      ...(actions.includes(LINK)
        ? [{ Sid: "LinkContacts", Effect: "Allow", Action: [toIamName(LINK)], Resource: [instance, contacts] }]
        : []),
    ],
  };
}

/** An action as IAM names it. */
export function toIamName(action: ConnectAction): string {
  return `connect:${action}`;
}
