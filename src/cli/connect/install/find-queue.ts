import { isCancel, select } from "@clack/prompts";
import { paginateListQueues } from "@aws-sdk/client-connect";
import { type FlowQueue } from "../../flow/contact-flow.ts";
import { Misuse, print } from "../../shared/command-line.ts";
import { toPrintableLine } from "../../shared/printable.ts";
import { type ConnectContext } from "../context.ts";
import { Declined } from "./ask.ts";

interface Queue extends FlowQueue {
  readonly id: string;
}

/**
 * Finds the queue where the chats are to wait.
 *
 * Without `--queue` the only one is taken, or the owner chooses.
 *
 * @throws {Misuse} Where there is none, or no such queue.
 */
export async function findQueue({ aws, instance, options }: ConnectContext): Promise<FlowQueue> {
  const queues: Queue[] = [];
  const input = { InstanceId: instance.id, QueueTypes: ["STANDARD" as const] };
  for await (const page of paginateListQueues({ client: aws.connect }, input)) {
    queues.push(
      ...(page.QueueSummaryList ?? []).map(({ Arn = "", Id = "", Name = Id }) => ({ arn: Arn, id: Id, name: Name })),
    );
  }
  const [only, ...others] = queues;
  if (only === undefined) {
    throw new Misuse("The instance has no queue: make one in Connect (Routing, Queues), and repeat.");
  }
  if (options.queue !== undefined) return pick(queues, options.queue);
  if (others.length > 0) return choose(queues);
  print(`Queue: ${toPrintableLine(only.name)}, the only one.`);
  return only;
}

function pick(queues: readonly Queue[], wanted: string): Queue {
  const found = queues.filter(({ arn, id, name }) => [arn, id, name].includes(wanted));
  const [queue, ...others] = found;
  if (queue === undefined) {
    throw new Misuse(`--queue: the instance has no queue "${toPrintableLine(wanted)}", but ${listNames(queues)}.`);
  }
  if (others.length > 0) {
    const ids = found.map(({ id }) => id).join(", ");
    throw new Misuse(
      `--queue: ${found.length} queues are named "${toPrintableLine(wanted)}": give the id of one: ${ids}.`,
    );
  }
  return queue;
}

async function choose(queues: readonly Queue[]): Promise<Queue> {
  if (!process.stdin.isTTY) throw new Misuse(`--queue: expected one of ${listNames(queues)}.`);
  const chosen = await select<Queue>({
    message: "In which queue do the chats wait for an agent?",
    options: queues.map((queue) => ({ value: queue, label: toPrintableLine(queue.name) })),
  });
  if (isCancel(chosen)) throw new Declined();
  return chosen;
}

function listNames(queues: readonly Queue[]): string {
  return queues.map(({ name }) => toPrintableLine(name)).join(", ");
}
