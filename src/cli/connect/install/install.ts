import * as v from "valibot";
import { RESERVED_ATTRIBUTES } from "../../../core/chat/reserved-attributes.ts";
import { attributeKey } from "../../../core/settings/schemas.ts";
import { type RehydrationType } from "../../flow/contact-flow.ts";
import { EXIT, type ExitCode, Misuse, print } from "../../shared/command-line.ts";
import { readLinkSettings, type Settings } from "../../shared/own-settings.ts";
import { toPrintableLine } from "../../shared/printable.ts";
import { type ConnectContext } from "../context.ts";
import { changeFlow } from "./change-flow.ts";
import { findLinkBlocks } from "./content/find-link-blocks.ts";
import { parseContent } from "./content/flow-content.ts";
import { planInsert } from "./content/plan-insert.ts";
import { planRemove } from "./content/plan-remove.ts";
import { spell } from "./content/spell.ts";
import { findFlow } from "./find-flow.ts";
import { findQueue } from "./find-queue.ts";
import { listenForInterrupt } from "./interruption.ts";
import {
  createFlow,
  findOwnFlow,
  FLOW_NAME,
  type MadeFlow,
  type OwnFlow,
  toArgument,
  toRemoveCommand,
} from "./own-flow.ts";
import { type OwnWanted, planOwn } from "./plan-own.ts";
import { publishOwnFlow } from "./publish-own-flow.ts";
import { removeOwnFlow } from "./remove-flow.ts";
import { takeOver } from "./take-over.ts";

/**
 * Actions that the owner's login must be allowed to take.
 *
 * A flow that is made with a tag needs TagResource as well.
 *
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Connect".
 */
export const INSTALL_ACTIONS: readonly string[] = [
  "connect:ListInstances",
  "connect:ListQueues",
  "connect:ListContactFlows",
  "connect:DescribeContactFlow",
  "connect:CreateContactFlow",
  "connect:TagResource",
  "connect:UpdateContactFlowContent",
  "connect:DeleteContactFlow",
];

/** Makes the contact flow, or puts its blocks into a flow of the owner's, or takes either back. */
export async function install(context: ConnectContext): Promise<ExitCode> {
  const { into, name = FLOW_NAME, queue, remove } = context.options;
  if (into !== undefined && (queue ?? context.options.name) !== undefined) {
    throw new Misuse("--into takes no --queue and no --name: the flow keeps its own.");
  }
  if (toPrintableLine(name) !== name)
    throw new Misuse("--name: expected a name without line ends and unseen characters.");
  if (remove) await (into === undefined ? removeOwnFlow(context, name) : removeFrom(context, into));
  else if (readLinkSettings(context.settings).linkBy === "worker") print(NOTHING_TO_INSTALL);
  else if (into === undefined) await installOwn(context, name);
  else await installInto(context, into);
  return EXIT.done;
}

const NOTHING_TO_INSTALL = `With LINK_BY=worker nothing is to be installed in Connect: the Worker links the chats itself.
Its AWS key needs the policy that npm run flow writes. Then: npm run connect -- check`;

async function installOwn(context: ConnectContext, wantedName: string): Promise<void> {
  const contactAttribute = readContactAttribute(context.settings);
  const own = await findOwnFlow(context, wantedName);
  const { id, name } = own ?? { id: "<its id>", name: wantedName };
  if (own?.isArchived) {
    throw new Error(
      `The flow "${name}" is archived: restore it in Connect, under Flows, or take it back: ${toRemoveCommand(own)}`,
    );
  }
  const queue = own === null || context.options.queue !== undefined ? await findQueue(context) : null;
  const wanted = { contactAttribute, queue };
  if (own !== null && own.stored.published !== null) return mendOwn(context, own, wanted);
  const takenOver = own && (await takeOver(context, own, wanted));
  const interruption = listenForInterrupt(`The flow "${name}" may be left: ${toRemoveCommand({ id, name })}`);
  try {
    const made = takenOver ?? (await make(context, name, wanted));
    const content = parseContent(made.content);
    if (content === null) throw new Error(`The flow "${name}" cannot be read. Take it back: ${toRemoveCommand(made)}`);
    const build = (spelling: RehydrationType) => JSON.stringify(spell(content, spelling));
    announceSpelling(await publishOwnFlow(context, made, build, interruption));
    print(`Published: the flow "${name}"`);
    printHandsOn(name);
  } finally {
    interruption.close();
  }
}

async function make(context: ConnectContext, name: string, { contactAttribute, queue }: OwnWanted): Promise<MadeFlow> {
  if (queue === null) throw new Error("Cannot make a flow without a queue");
  const made = await createFlow(context, name, { contactAttribute, queue });
  print(`Made in Connect, not yet published: the flow "${name}", to the queue ${toPrintableLine(queue.name)}`);
  return made;
}

async function mendOwn(context: ConnectContext, own: OwnFlow, wanted: OwnWanted): Promise<void> {
  const spelling = await changeFlow(context, own, (content, rehydrationType) =>
    planOwn(content, wanted, rehydrationType),
  );
  if (spelling === null) {
    print(`The flow "${own.name}" is published in Connect already: nothing was changed.`);
    return printChoice(own.name);
  }
  print(`Published: the flow "${own.name}"`);
  printHandsOn(own.name);
}

async function installInto(context: ConnectContext, wanted: string): Promise<void> {
  const contactAttribute = readContactAttribute(context.settings);
  const flow = await findFlow(context, wanted);
  const spelling = await changeFlow(context, flow, (content, rehydrationType) =>
    planInsert(content, { contactAttribute, rehydrationType }),
  );
  if (spelling === null) {
    print(`The flow "${flow.name}" has the blocks already: nothing was changed.`);
    return printChoice(flow.name);
  }
  announceSpelling(spelling);
  print(`Published: the flow "${flow.name}", with the four blocks`);
  print(`To undo: npm run connect -- install --into ${toArgument(flow)} --remove`);
  printHandsOn(flow.name);
}

async function removeFrom(context: ConnectContext, wanted: string): Promise<void> {
  const flow = await findFlow(context, wanted);
  let hasMore = false;
  const spelling = await changeFlow(context, flow, (content) => {
    const plan = planRemove(content);
    hasMore = plan.kind === "change" && findLinkBlocks(plan.content) !== null;
    return plan;
  });
  if (spelling === null) return print(`The flow "${flow.name}" does not have the blocks: nothing was changed.`);
  print(`Published: the flow "${flow.name}", without the four blocks`);
  if (hasMore) print("The flow has these blocks a second time: repeat this command to remove those as well.");
}

function readContactAttribute(settings: Settings): string {
  const visitor = settings["VISITOR_ATTRIBUTE"] ?? "persistentChatVisitor";
  const schema = attributeKey("contactId", [...RESERVED_ATTRIBUTES, visitor]);
  const result = v.safeParse(schema, settings["CONTACT_ATTRIBUTE"]);
  if (!result.success) throw new Misuse(`CONTACT_ATTRIBUTE: ${result.issues[0].message}`);
  return result.output;
}

function announceSpelling(spelling: RehydrationType): void {
  print(`Connect takes the flow with RehydrationType "${spelling}".`);
}

function printChoice(name: string): void {
  print(`If the widget does not use this flow yet: choose "${name}" in Connect, in the widget's settings.`);
}

function printHandsOn(name: string): void {
  print(`Left to do in Connect: choose the flow "${name}" in the widget's settings (Channels, Communications widgets).
Then: npm run connect -- check`);
}
