import { EXIT, type ExitCode, print, printError } from "../../shared/command-line.ts";
import { listNeededActions } from "../../shared/needed-actions.ts";
import { readLinkSettings } from "../../shared/own-settings.ts";
import { type ConnectContext } from "../context.ts";
import { type Look, mergeLooks, tryToLook } from "./look.ts";
import { lookAtFlows } from "./look-at-flows.ts";
import { lookAtInstance } from "./look-at-instance.ts";
import { lookAtQuotas } from "./look-at-quotas.ts";
import { lookAtTranscripts } from "./look-at-transcripts.ts";
import { lookAtWidget } from "./look-at-widget.ts";
import { lookAtWorkerKey } from "./look-at-worker-key.ts";
import { decideVerdict, renderReport, toJson } from "./report.ts";

/** Actions that the owner's login must be allowed to take. */
export const CHECK_ACTIONS: readonly string[] = [
  "connect:ListInstances",
  "connect:ListInstanceStorageConfigs",
  "connect:ListContactFlows",
  "connect:DescribeContactFlow",
  "iam:SimulatePrincipalPolicy",
  "servicequotas:ListServiceQuotas",
];

/** Looks at Amazon Connect's side, and changes nothing there. */
export async function check({ aws, endpoint, instance, options, settings, site }: ConnectContext): Promise<ExitCode> {
  const link = readLinkSettings(settings);
  const tokens = {
    contact: settings["CONTACT_ATTRIBUTE"] ?? "contactId",
    visitor: settings["VISITOR_ATTRIBUTE"] ?? "persistentChatVisitor",
    readyAfterSeconds: Number(settings["READY_AFTER_SECONDS"] ?? 60),
  };
  const looks: Look[] = [lookAtInstance(instance, settings)];
  const look = async (progress: string, what: string, take: () => Promise<Look>): Promise<void> => {
    printError(`${progress} …`);
    looks.push(await tryToLook(what, take));
  };
  await look("Looking at the chat transcripts", "the chat transcripts", () => lookAtTranscripts(aws, instance));
  await look("Looking at the contact flows", "the contact flows", () =>
    lookAtFlows(
      { aws, instance },
      { tokens, linkBy: link.linkBy, wanted: options.flow ?? null, onProgress: printError },
    ),
  );
  await look("Looking at the Worker's AWS key", "the Worker's AWS key", () =>
    lookAtWorkerKey(aws, instance, settings, link),
  );
  await look("Looking at the quotas", "the quotas", () => lookAtQuotas(aws, instance, listNeededActions(link)));
  await look("Asking the widget for a chat that it must refuse", "the widget", () =>
    lookAtWidget(aws, { endpoint, site }, settings, Math.floor(Date.now() / 1000)),
  );
  const report = { instance, linkBy: link.linkBy, ...mergeLooks(looks) };
  printError("");
  print(options.json ? toJson(report) : renderReport(report));
  return decideVerdict(report).isFine ? EXIT.done : EXIT.failed;
}
