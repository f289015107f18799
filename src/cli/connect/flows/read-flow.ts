import { type ContactFlow, DescribeContactFlowCommand } from "@aws-sdk/client-connect";
import { AwsProblem, isNotFound } from "../aws/aws-problem.ts";
import { type Connection } from "./list-flows.ts";

/**
 * The flow that chats run.
 *
 * @returns `null`: it was never published.
 * Source: Amazon Connect API Reference, "DescribeContactFlow": ContactFlowNotPublishedException.
 */
export async function readPublished(connection: Connection, id: string): Promise<ContactFlow | null> {
  try {
    const flow = await describe(connection, id);
    return flow.Status === "SAVED" ? null : flow;
  } catch (error) {
    if (error instanceof AwsProblem && error.code === "ContactFlowNotPublishedException") return null;
    throw error;
  }
}

/**
 * The flow that the designer shows.
 *
 * @param isPublished Whether the flow was published. Nothing may have been saved since then.
 * @returns `null`: nothing was saved.
 * Source: the same, the alias `$SAVED`.
 */
export async function readSaved(connection: Connection, id: string, isPublished: boolean): Promise<ContactFlow | null> {
  try {
    return await describe(connection, `${id}:$SAVED`);
  } catch (error) {
    if (isPublished && isNotFound(error)) return null;
    throw error;
  }
}

async function describe({ aws, instance }: Connection, id: string): Promise<ContactFlow> {
  const command = new DescribeContactFlowCommand({ InstanceId: instance.id, ContactFlowId: id });
  return (await aws.connect.send(command)).ContactFlow ?? {};
}
