import { type ConsoleFlow } from "../../../playground/connect/console/aws-console.ts";
import { toArn } from "../../../playground/connect/console/access.ts";
import { access } from "../../../playground/playground.ts";
import { type InstallRuns } from "./use-install.ts";

export const SITE = "Website chat";

const onward = (next: string, ...errors: string[]) => ({
  NextAction: next,
  Errors: errors.map((ErrorType) => ({ NextAction: next, ErrorType })),
});
/** The owner's flow: it greets, sets the queue and goes there. One of its blocks has the name of one of ours. */
const buildSite = (queue: string) => ({
  Version: "2019-10-30",
  StartAction: "Continue a past chat",
  Metadata: { ActionMetadata: { "Continue a past chat": { position: { x: 150, y: 40 } } }, name: SITE },
  Actions: [
    {
      Identifier: "Continue a past chat",
      Type: "MessageParticipant",
      Parameters: { Text: "Hello" },
      Transitions: onward("Queue", "NoMatchingError"),
    },
    {
      Identifier: "Queue",
      Type: "UpdateContactTargetQueue",
      Parameters: { QueueId: queue },
      Transitions: onward("Go", "NoMatchingError"),
    },
    {
      Identifier: "Go",
      Type: "TransferContactToQueue",
      Parameters: {},
      Transitions: onward("End", "QueueAtCapacity", "NoMatchingError"),
    },
    { Identifier: "End", Type: "DisconnectParticipant", Parameters: {}, Transitions: {} },
  ],
});
/** Has the owner's flow in Connect, published. */
export function addSiteTo(runs: InstallRuns, changes: Partial<ConsoleFlow> = {}): ConsoleFlow {
  return runs.addFlow(SITE, buildSite(toArn(access, "queue", runs.connect.console.queues[0]?.id ?? "")), changes);
}
