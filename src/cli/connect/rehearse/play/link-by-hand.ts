import { randomUUID } from "node:crypto";
import { CreatePersistentContactAssociationCommand } from "@aws-sdk/client-connect";
import { AwsProblem, isRefusal } from "../../aws/aws-problem.ts";
import { type Asking } from "./describe.ts";
import { type LinkAnswer } from "../judge/facts.ts";

/** Links a chat to a past one with the owner's login. Each call has a ClientToken of its own. */
export async function linkByHand(
  { aws, instanceId, signal }: Asking & { readonly signal: AbortSignal },
  contactId: string,
  sourceContactId: string,
): Promise<LinkAnswer> {
  signal.throwIfAborted();
  try {
    const { ContinuedFromContactId } = await aws.connect.send(
      new CreatePersistentContactAssociationCommand({
        InstanceId: instanceId,
        InitialContactId: contactId,
        SourceContactId: sourceContactId,
        RehydrationType: "ENTIRE_PAST_SESSION",
        ClientToken: randomUUID(),
      }),
    );
    return { answer: "linked", continues: ContinuedFromContactId !== undefined };
  } catch (error) {
    if (!(error instanceof AwsProblem) || !isRefusal(error)) throw error;
    return { answer: "refused", error: error.code };
  }
}
