import { Misuse } from "../../shared/command-line.ts";
import { toPrintableLine } from "../../shared/printable.ts";
import { type Connection, findNamed, type FlowEntry, isInbound, listFlows } from "../flows/list-flows.ts";

/**
 * Finds the flow that the owner names, and which a chat can come to.
 *
 * @param given Its name, id or ARN.
 * @throws {Misuse} With what is wrong and what to do.
 */
export async function findFlow(context: Connection, given: string): Promise<FlowEntry> {
  const wanted = toPrintableLine(given);
  const found = findNamed(await listFlows(context), given);
  const [flow, ...others] = found;
  if (flow === undefined) throw new Misuse(`--into: ${explainMissing(wanted)}`);
  if (others.length > 0) {
    const ids = found.map(({ id }) => id).join(", ");
    throw new Misuse(`--into: ${found.length} flows are named "${wanted}": give the id of one: ${ids}.`);
  }
  if (flow.isArchived) {
    throw new Misuse(
      `--into: the flow "${flow.name}" is archived: restore it in Connect, under Flows, or name another.`,
    );
  }
  if (!isInbound(flow)) {
    const type = flow.type.toLowerCase().replaceAll("_", " ");
    throw new Misuse(
      `--into: "${flow.name}" is a flow of the type ${type}: name an inbound flow, to which chats come.`,
    );
  }
  return flow;
}

function explainMissing(wanted: string): string {
  return wanted.includes("/flow-module/")
    ? "this is a module, and chats are linked in flows: name the flow that calls the module."
    : `the instance has no flow "${wanted}", and a module is no flow: check the name, or give the flow's id or ARN.`;
}
