import { print } from "../../shared/command-line.ts";
import { AwsProblem } from "../aws/aws-problem.ts";
import { type ConnectContext } from "../context.ts";
import { askBefore } from "./ask.ts";
import { deleteFlow, findOwnFlow } from "./own-flow.ts";

/** Deletes the flow that install has made. */
export async function removeOwnFlow(context: ConnectContext, name: string): Promise<void> {
  const own = await findOwnFlow(context, name);
  if (own === null) {
    print(`There is no flow "${name}" in Connect: nothing was changed. If the flow was renamed, give --name.`);
    return;
  }
  print(`The flow "${name}" would be deleted: install has made it.`);
  await askBefore("Delete it?", context.options.yes);
  try {
    await deleteFlow(context, own.id);
  } catch (error) {
    if (!isInUse(error)) throw error;
    throw new Error(
      `Connect keeps the flow "${name}", since something uses it: choose another flow in the widget's settings (Channels, Communications widgets), in phone numbers and in other flows, and repeat.`,
      { cause: error },
    );
  }
  print(`Taken back: the flow "${name}"`);
}

/** Source: Amazon Connect API Reference: ResourceInUseException; DeleteContactFlow itself names InvalidRequestException. */
function isInUse(error: unknown): boolean {
  return error instanceof AwsProblem && /^(?:ResourceInUse|ResourceConflict|InvalidRequest)/.test(error.code);
}
