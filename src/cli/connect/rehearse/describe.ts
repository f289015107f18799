import {
  type Contact,
  DescribeContactCommand,
  GetContactAttributesCommand,
  ListAssociatedContactsCommand,
} from "@aws-sdk/client-connect";
import { AwsProblem, isDenied } from "../aws/aws-problem.ts";
import { type Aws } from "../aws/open-aws.ts";
import { type Seen } from "./facts.ts";

/** The instance, and the login that asks it. */
export interface Asking {
  readonly aws: Pick<Aws, "connect">;
  readonly instanceId: string;
}

/** One contact of a session. */
export interface SessionContact {
  readonly contactId: string;
  readonly isOpen: boolean;
  readonly initiatedAt: number;
}

/** Asks Connect something that this login may not be allowed to see. */
export async function look<T>(ask: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { seen: await ask() };
  } catch (error) {
    if (isDenied(error)) return { unseen: `${error.action}: ${error.code}` };
    throw error;
  }
}

/** @throws {AwsProblem} Where Connect knows no such contact. */
export async function describeContact({ aws, instanceId }: Asking, contactId: string): Promise<Contact> {
  const { Contact } = await aws.connect.send(
    new DescribeContactCommand({ InstanceId: instanceId, ContactId: contactId }),
  );
  return Contact ?? {};
}

export async function readAttributes(
  { aws, instanceId }: Asking,
  contactId: string,
): Promise<Readonly<Record<string, string>>> {
  const { Attributes } = await aws.connect.send(
    new GetContactAttributesCommand({ InstanceId: instanceId, InitialContactId: contactId }),
  );
  return Attributes ?? {};
}

/** The contacts that Connect lists with one, oldest first. */
export async function listSession({ aws, instanceId }: Asking, contactId: string): Promise<SessionContact[]> {
  const contacts: SessionContact[] = [];
  let next: string | undefined;
  do {
    const page = await aws.connect.send(
      new ListAssociatedContactsCommand({ InstanceId: instanceId, ContactId: contactId, NextToken: next }),
    );
    for (const { ContactId, DisconnectTimestamp, InitiationTimestamp } of page.ContactSummaryList ?? []) {
      if (ContactId === undefined) continue;
      const initiatedAt = (InitiationTimestamp?.getTime() ?? 0) / 1000;
      contacts.push({ contactId: ContactId, isOpen: DisconnectTimestamp === undefined, initiatedAt });
    }
    next = page.NextToken;
  } while (next !== undefined);
  return contacts.toSorted((a, b) => a.initiatedAt - b.initiatedAt);
}

/** Whether AWS has answered, and said no: another failure says nothing of the call. */
export function isAnswer(error: unknown): error is AwsProblem {
  if (!(error instanceof AwsProblem)) return false;
  const status: unknown = Object(Object(error.cause)["$metadata"])["httpStatusCode"];
  return typeof status === "number" && status >= 400 && status < 500 && !/throttl|TooMany/i.test(error.code);
}
