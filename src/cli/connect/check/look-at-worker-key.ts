import { type EvaluationResult, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type ConnectAction } from "../../../adapters/connect-api.ts";
import { buildFinding, type Finding } from "../../findings/catalogue.ts";
import { findRefused } from "../../findings/find-in-amazon.ts";
import { findIf } from "../../findings/find-if.ts";
import { buildIamPolicy } from "../../flow/iam-policy.ts";
import { type LinkSettings, listNeededActions } from "../../shared/needed-actions.ts";
import { type Settings } from "../../shared/own-settings.ts";
import { askAmazon, type TriedAction } from "../../shared/try-actions.ts";
import { AwsProblem, isForAll, isUnknownKey } from "../aws/aws-problem.ts";
import { type Instance } from "../aws/find-instance.ts";
import { type AccessKey, type Aws } from "../aws/open-aws.ts";
import { buildNotLookedAt, type Look } from "./look.ts";

/** Actions that only a key for much more than this Worker may take. */
const TOO_STRONG = ["iam:CreateAccessKey", "s3:DeleteBucket", "connect:DeleteInstance", "connect:CreateUser"];

/**
 * Looks whether the Worker's AWS key may do what these settings need, and not much more.
 *
 * The key alone names its user. The owner's login then has the user's policy simulated; where the simulation leaves a doubt,
 * the key itself tries each action on contacts that do not exist.
 */
export async function lookAtWorkerKey(
  aws: Aws,
  instance: Instance,
  settings: Settings,
  link: LinkSettings,
): Promise<Look> {
  const key = readKey(settings);
  const usesKey = link.linkBy === "worker" || settings["CONNECT_INSTANCE_ID"] !== undefined;
  if (key === null) return { facts: [], findings: findIf(usesKey, "aws-key-not-here") };
  const owner = await readOwner(aws, key);
  if (owner === null) return refuse("AWS does not know the key in .dev.vars, or its secret is wrong");
  if (owner.accountId !== instance.accountId) {
    return refuse(`the key is of the account ${owner.accountId}, and the instance of ${instance.accountId}`);
  }
  if (owner.arn.endsWith(":root")) {
    return { facts: [], findings: [buildFinding("aws-key-too-strong", { details: ["it is the root user's key"] })] };
  }
  const actions = listNeededActions(link);
  const simulated = await simulate(aws, owner.arn, instance, actions);
  const tried =
    simulated.tried ??
    (await askAmazon({ ...key, region: instance.region, instanceId: instance.id }, actions, (request) =>
      aws.sendSigned(request),
    ));
  const isFine = tried.every(({ reason }) => reason === null);
  return {
    facts: isFine ? [`the Worker's AWS key (${owner.arn.replace(/^.*:/, "")}): may do what these settings need`] : [],
    findings: [...simulated.findings, ...findRefused(tried)],
  };
}

/** The environment's key is the owner's login. */
function readKey(settings: Settings): AccessKey | null {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  return accessKeyId === undefined || secretAccessKey === undefined ? null : { accessKeyId, secretAccessKey };
}

function refuse(detail: string): Look {
  return { facts: [], findings: [buildFinding("aws-refused", { details: [detail] })] };
}

/** @returns Whose key it is; `null` where AWS does not know it. */
async function readOwner(aws: Aws, key: AccessKey): Promise<{ arn: string; accountId: string } | null> {
  const sts = aws.openSts(key);
  try {
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { arn: Arn, accountId: Account };
  } catch (error) {
    if (isUnknownKey(error)) return null;
    throw error;
  } finally {
    sts.destroy();
  }
}

interface Simulated {
  /** `null`: the simulation does not tell. */
  readonly tried: readonly TriedAction[] | null;
  readonly findings: readonly Finding[];
}

async function simulate(
  aws: Aws,
  arn: string,
  instance: Instance,
  actions: readonly ConnectAction[],
): Promise<Simulated> {
  const { accountId, id: instanceId, region } = instance;
  const { Statement } = buildIamPolicy({ region, accountId, instanceId }, actions);
  const results: EvaluationResult[] = [];
  try {
    for (const { Action, Resource } of Statement) results.push(...(await simulateOn(aws, arn, Action, Resource)));
    const strong = await simulateOn(aws, arn, TOO_STRONG, ["*"]);
    return judgeSimulation(actions, results, strong);
  } catch (error) {
    if (!(error instanceof AwsProblem) || isForAll(error)) throw error;
    return { tried: null, findings: [buildNotLookedAt("whether the Worker's AWS key may do too much", error)] };
  }
}

async function simulateOn(
  aws: Aws,
  PolicySourceArn: string,
  ActionNames: string[],
  ResourceArns: string[],
): Promise<readonly EvaluationResult[]> {
  const command = new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames, ResourceArns });
  return (await aws.iam.send(command)).EvaluationResults ?? [];
}

/**
 * @param results How the policy decides on what the Worker needs.
 * @param strong How it decides on what only a far stronger key may do.
 */
export function judgeSimulation(
  actions: readonly ConnectAction[],
  results: readonly EvaluationResult[],
  strong: readonly EvaluationResult[],
): Simulated {
  const allowed = strong.filter(isAllowed).map(({ EvalActionName = "" }) => EvalActionName);
  const findings = findIf(allowed.length > 0, "aws-key-too-strong", [`it may also take ${allowed.join(", ")}`]);
  const of = (action: ConnectAction) => results.filter(({ EvalActionName }) => EvalActionName === `connect:${action}`);
  // A condition whose values nobody gave, or a rule of the organization: only the key itself knows.
  const hasDoubt = results.some((result) => !isAllowed(result) && isConditional(result));
  if (hasDoubt || actions.some((action) => of(action).length === 0)) return { tried: null, findings };
  const tried = actions.map((action) => ({ action, reason: of(action).every(isAllowed) ? null : "policy" }));
  return { tried, findings };
}

function isAllowed({ EvalDecision }: EvaluationResult): boolean {
  return EvalDecision === "allowed";
}

function isConditional({ MissingContextValues = [], OrganizationsDecisionDetail }: EvaluationResult): boolean {
  return MissingContextValues.length > 0 || OrganizationsDecisionDetail !== undefined;
}
