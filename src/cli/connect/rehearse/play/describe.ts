import { setTimeout as sleep } from "node:timers/promises";
import {
  type Contact,
  DescribeContactCommand,
  GetContactAttributesCommand,
  ListAssociatedContactsCommand,
} from "@aws-sdk/client-connect";
import { SETTLING_SECONDS } from "../../../../limits.ts";
import { isDenied, isNotFound } from "../../aws/aws-problem.ts";
import { type Aws } from "../../aws/open-aws.ts";
import { type Seen } from "../judge/facts.ts";

/** Pause before a contact that is not known yet is asked for again, in milliseconds. */
const AGAIN_MS = 2000;

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

/**
 * Asks Connect something that this login may not be allowed to see.
 *
 * Some of Connect's servers may not know a contact that has just begun: it is asked for again.
 */
export async function look<T>(ask: () => Promise<T>, patienceMs = SETTLING_SECONDS * 1000): Promise<Seen<T>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return { seen: await ask() };
    } catch (error) {
      const isKnown = isDenied(error) || isNotFound(error);
      if (!isKnown) throw error;
      if (isDenied(error) || Date.now() >= deadline) return { unseen: `${error.action}: ${error.code}` };
      await sleep(Math.min(AGAIN_MS, patienceMs));
    }
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
