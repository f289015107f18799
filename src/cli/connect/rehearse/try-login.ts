import { randomUUID } from "node:crypto";
import {
  CreatePersistentContactAssociationCommand,
  DescribeContactCommand,
  GetContactAttributesCommand,
  ListAssociatedContactsCommand,
  StopContactCommand,
} from "@aws-sdk/client-connect";
import { isDenied, isRefusal } from "../aws/aws-problem.ts";
import { type Aws } from "../aws/open-aws.ts";

/**
 * Takes each action once, with contacts that do not exist: Connect refuses the contacts to a login that may take the action.
 *
 * @returns The actions that this login may not take.
 * @throws {AwsProblem} Where Connect does not answer.
 */
export async function findDeniedActions({ connect }: Pick<Aws, "connect">, instanceId: string): Promise<string[]> {
  const instance = { InstanceId: instanceId };
  const contact = { ...instance, ContactId: randomUUID() };
  const initial = { ...instance, InitialContactId: randomUUID() };
  const link = { ...initial, SourceContactId: randomUUID(), RehydrationType: "ENTIRE_PAST_SESSION" } as const;
  const trials: readonly (() => Promise<unknown>)[] = [
    () => connect.send(new DescribeContactCommand(contact)),
    () => connect.send(new GetContactAttributesCommand(initial)),
    () => connect.send(new ListAssociatedContactsCommand(contact)),
    () => connect.send(new CreatePersistentContactAssociationCommand(link)),
    () => connect.send(new StopContactCommand(contact)),
  ];
  const denied: string[] = [];
  for (const take of trials) {
    try {
      await take();
    } catch (error) {
      if (isDenied(error)) denied.push(error.action);
      else if (!isRefusal(error)) throw error;
    }
  }
  return denied;
}
