import { mkdir, writeFile } from "node:fs/promises";
import { confirm, isCancel } from "@clack/prompts";
import packageJson from "../../../../package.json" with { type: "json" };
import { EXIT, type ExitCode, Misuse, print, printError } from "../../shared/command-line.ts";
import { moveTo } from "../../site/start-call.ts";
import { readHealth } from "../../site/read-health.ts";
import { type ConnectContext } from "../context.ts";
import { cleanUp } from "./clean-up.ts";
import { type Facts } from "./judge/facts.ts";
import { getToken, type IssuedToken } from "./play/live-worker-calls.ts";
import { openVisitor } from "./open-visitor.ts";
import { renderPlan } from "./play/plan.ts";
import { play, type Script } from "./play/play.ts";
import { judgePoints } from "./judge/points.ts";
import { createProgress } from "./play/progress.ts";
import { listByHand, type Rehearsed, renderPoints, renderReport } from "./judge/render-report.ts";
import { readRequirements, type Requirements } from "./requirements.ts";
import { type Stage } from "./play/stage.ts";
import { describeLeft } from "./play/started-chats.ts";
import { findDeniedActions } from "./try-login.ts";
import { decideVerdict } from "./judge/verdict.ts";

/** Actions that the owner's login must be allowed to take. */
export const REHEARSE_ACTIONS: readonly string[] = [
  "connect:ListInstances",
  "connect:DescribeContact",
  "connect:GetContactAttributes",
  "connect:ListAssociatedContacts",
  "connect:CreatePersistentContactAssociation",
  "connect:StopContact",
];

const AGENT = "persistent-chat-edge-rehearsal";
const REPORT_FILE = ".connect/rehearsal.md";

/** Plays a customer who chats twice, and says whether the second chat continues the first. */
export async function rehearse(context: ConnectContext): Promise<ExitCode> {
  const requirements = readRequirements(context.settings, process.env, context.site);
  const { liveVersion, stage, issued, stop } = await prepare(context, requirements);
  const linkBy = requirements.settings.LINK_BY;
  const { hasAgent, names, readyAfterSeconds, site } = stage;
  print(renderPlan({ linkBy, readyAfterSeconds, hasAgent }, site.host));
  if (!(await isWanted(context))) return EXIT.done;

  const script: Script = { facts: { linkBy, linkBySet: linkBy, names, readyAfterSeconds }, moments: [] };
  const failure = await playAndCleanUp(stage, issued, { script, stop });
  const facts = failure === null ? script.facts : { ...script.facts, brokenOff: failure };
  const isGood = await tell(context, { facts, liveVersion, moments: script.moments });
  return isGood ? EXIT.done : EXIT.failed;
}

/** Finds whatever would stop the rehearsal, before a chat is started. */
async function prepare(
  { aws, endpoint, instance, options }: ConnectContext,
  { settings, site, snippet }: Requirements,
) {
  const chatUrl = `${site.origin}${settings.CHAT_PATH}`;
  const health = await readHealth(chatUrl, AGENT);
  if (health === null) {
    throw new Misuse(`No Worker answers at ${chatUrl}/health: deploy it with npm run deploy, or check the address.`);
  }
  const denied = await findDeniedActions(aws, instance.id);
  if (denied.length > 0) {
    throw new Error(
      `Your AWS login may not call ${denied.join(", ")}: allow it (npm run connect -- rehearse --print-policy prints what is needed).`,
    );
  }
  const visitor = await openVisitor(chatUrl, AGENT, settings);
  const issued = await getToken(visitor);
  if (issued.widgetId !== snippet.widgetId) {
    throw new Error(
      "The live Worker has another widget than this machine's WIDGET_SNIPPET: run npm run deploy (or start npm start again), and repeat.",
    );
  }
  const names = { contact: settings.CONTACT_ATTRIBUTE, visitor: settings.VISITOR_ATTRIBUTE };
  const other = Object.values(names).find((name) => issued.attributes[name] === undefined);
  if (other !== undefined) {
    throw new Error(
      `The live Worker's token has no attribute ${other}: it has another CONTACT_ATTRIBUTE or VISITOR_ATTRIBUTE than this machine. Run npm run deploy, and repeat.`,
    );
  }
  const stop = new AbortController();
  const stage: Stage = {
    aws,
    instanceId: instance.id,
    visitor,
    snippet: moveTo(endpoint, snippet),
    site,
    names,
    readyAfterSeconds: settings.READY_AFTER_SECONDS,
    hasAgent: !options["without-agent"],
    chats: [],
    progress: createProgress(),
    signal: stop.signal,
  };
  return { issued, liveVersion: health.status === "ok" ? health.version : "unknown", stage, stop };
}

async function isWanted({ options }: ConnectContext): Promise<boolean> {
  if (options.yes) return true;
  if (!process.stdin.isTTY) throw new Misuse("Nobody can be asked here: give --yes.");
  const answer = await confirm({ message: "Start?" });
  if (!isCancel(answer) && answer) return true;
  print("Nothing was started.");
  return false;
}

/** @returns Why the play was broken off; `null`: it was played to its end. */
async function playAndCleanUp(
  stage: Stage,
  issued: IssuedToken,
  { script, stop }: { readonly script: Script; readonly stop: AbortController },
): Promise<string | null> {
  const interrupt = (signal: NodeJS.Signals) => {
    // A terminal that is gone cannot mean it twice.
    if (stop.signal.aborted && signal === "SIGHUP") return;
    if (stop.signal.aborted) {
      for (const line of describeLeft(stage.chats, "Rehearsal")) printError(line);
      process.exit(EXIT.failed);
    }
    const how = signal === "SIGINT" ? "with Ctrl-C" : `by ${signal}`;
    stop.abort(new Error(`It was stopped ${how}.`));
    stage.progress.say("Broken off: the chats are being ended. Wait a moment.");
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  let failure: string | null = null;
  try {
    await play(stage, issued, script);
  } catch (error) {
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
    failure = reason instanceof Error ? reason.message : String(reason);
  }
  stage.progress.clear();
  const left = await cleanUp(stage);
  for (const signal of signals) process.off(signal, interrupt);
  if (left.length === 0) print("Cleaned up: every chat is ended, and the Worker has forgotten the made-up visitor.");
  for (const line of left) printError(line);
  return failure;
}

/** @returns Whether all is well. */
async function tell(
  { aws }: ConnectContext,
  { facts, ...played }: { readonly facts: Facts } & Pick<Rehearsed, "liveVersion" | "moments">,
): Promise<boolean> {
  const points = judgePoints(facts);
  const verdict = decideVerdict(facts, points);
  const { linkBy, readyAfterSeconds } = facts;
  const byHand = listByHand({ linkBy, points });
  if (facts.first === undefined) {
    printError(verdict.todo ?? verdict.headline);
    return false;
  }
  const { version } = packageJson;
  const rehearsed = { ...played, version, linkBy, region: aws.region, readyAfterSeconds, points, verdict, byHand };
  print(`\n${renderPoints(rehearsed)}\n`);
  await mkdir(".connect", { recursive: true });
  await writeFile(REPORT_FILE, renderReport(rehearsed));
  print(`Report without ids or secrets, for an issue: ${REPORT_FILE}`);
  return verdict.isGood;
}
