import { print } from "../../shared/command-line.ts";
import { AwsProblem } from "../aws/aws-problem.ts";
import { type ConnectContext } from "../context.ts";
import { askBefore } from "./ask.ts";
import { buildAsWritten, isAsWritten } from "./content/as-written.ts";
import { parseContent } from "./content/flow-content.ts";
import { type StoredFlow } from "./flow-store.ts";
import { keepBefore } from "./keep-before.ts";
import { deleteFlow, findOwnFlow } from "./own-flow.ts";

/** Deletes the flow that install has made. */
export async function removeOwnFlow(context: ConnectContext, wanted: string): Promise<void> {
  const own = await findOwnFlow(context, wanted);
  if (own === null) {
    print(`There is no flow "${wanted}" in Connect: nothing was changed. If the flow was renamed, give --name.`);
    return;
  }
  const { name, stored } = own;
  print(`The flow "${name}" would be deleted: install has made it.`);
  const content = parseContent(stored.saved);
  if (content === null || !isSame(stored) || !isAsWritten(content, buildAsWritten(content, ""))) {
    print("But it is not as install wrote it: somebody has changed it since.");
  }
  await askBefore("Delete it?", context.options.yes);
  print(`The flow as it was: ${await keepBefore(stored.published ?? stored.saved)}`);
  if (!isSame(stored)) print(`What was saved and not published: ${await keepBefore(stored.saved, "saved")}`);
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

/** Whether nothing waits to be published. */
function isSame({ published, saved }: StoredFlow): boolean {
  return published === null || published === saved;
}

/** Source: Amazon Connect API Reference: ResourceInUseException; DeleteContactFlow itself names InvalidRequestException. */
function isInUse(error: unknown): boolean {
  return error instanceof AwsProblem && /^(?:ResourceInUse|ResourceConflict|InvalidRequest)/.test(error.code);
}
