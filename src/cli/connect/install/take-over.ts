import { REHYDRATION_TYPES } from "../../flow/contact-flow.ts";
import { print } from "../../shared/command-line.ts";
import { type ConnectContext } from "../context.ts";
import { askBefore } from "./ask.ts";
import { takePlan } from "./change-flow.ts";
import { buildAsWritten, isAsWritten } from "./content/as-written.ts";
import { diffContent } from "./content/diff-content.ts";
import { type FlowContent, parseContent } from "./content/flow-content.ts";
import { readFlow } from "./flow-store.ts";
import { keepBefore } from "./keep-before.ts";
import { type MadeFlow, type OwnFlow, toRemoveCommand } from "./own-flow.ts";
import { type OwnWanted, planOwn } from "./plan-own.ts";
import { printDiff } from "./print-diff.ts";

/**
 * Goes on with a flow of an earlier run that was broken off.
 *
 * What the owner has changed in it since is shown and kept in a file, and published only after a yes.
 *
 * @throws {Error} Where the flow cannot become what is wanted: it is then as it was.
 */
export async function takeOver(context: ConnectContext, own: OwnFlow, wanted: OwnWanted): Promise<MadeFlow> {
  const { id, name, stored } = own;
  print(`The flow "${name}" of an earlier run is not published: this goes on from there.`);
  const content = parseContent(stored.saved);
  if (content === null) throw new Error(`The flow "${name}" cannot be read. Take it back: ${toRemoveCommand(own)}`);
  const after = takePlan(own, planOwn(content, wanted, REHYDRATION_TYPES[0])) ?? content;
  const written = buildAsWritten(content, wanted.contactAttribute);
  if (!isAsWritten(content, written)) await askToPublish(context, own, [written, after]);
  return { id, name, content: JSON.stringify(after), isNew: false };
}

async function askToPublish(
  context: ConnectContext,
  { id, name, stored }: OwnFlow,
  [written, after]: readonly [FlowContent, FlowContent],
): Promise<void> {
  print(`Somebody has changed the flow "${name}" since install made it. These changes would be published with it:`);
  printDiff(diffContent(written, after));
  await askBefore("Publish this?", context.options.yes);
  if ((await readFlow(context, id)).saved !== stored.saved) {
    throw new Error(`Somebody has changed the flow "${name}" meanwhile. Nothing was changed: repeat.`);
  }
  print(`The flow as it was: ${await keepBefore(stored.saved)}`);
}
