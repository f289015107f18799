import { toInstanceArn } from "../console/access.ts";
import { isAllowedToWorker, isServiceAction } from "../service/operations.ts";
import { WORKER } from "./callers.ts";
import { element, type QueryAction, type QueryDeps } from "./query-protocol.ts";

const ARN = /^arn:aws:iam::\d{12}:(?:user|role|group)\/\S+$/;
const ACTION = /^[\w-]+:[\w*]+$/;
/** AWS's own. Source: the same page (MaxItems). */
const DEFAULT_ITEMS = 100;

/**
 * Simulates the policy of the Worker's key: it names the contacts of one instance, and for a link the instance as well.
 *
 * Source: AWS Identity and Access Management API Reference, "SimulatePrincipalPolicy".
 */
export const simulatePrincipalPolicy: QueryAction = (parameters, _caller, deps) => {
  const principal = parameters.get("PolicySourceArn") ?? "";
  const actions = readList(parameters, "ActionNames");
  const given = readList(parameters, "ResourceArns");
  const resources = given.length === 0 ? ["*"] : given;
  if (!ARN.test(principal)) {
    return {
      status: 400,
      code: "InvalidInput",
      message: `Invalid Entity Arn: ${principal} does not clearly define entity type and name.`,
    };
  }
  if (actions.length === 0 || actions.some((action) => !ACTION.test(action))) {
    return { status: 400, code: "InvalidInput", message: "The ActionNames are not valid." };
  }
  if (principal !== WORKER.arn) {
    return { status: 404, code: "NoSuchEntity", message: `The principal ${principal} cannot be found.` };
  }
  const start = Number(parameters.get("Marker") ?? 0);
  const end = start + Number(parameters.get("MaxItems") ?? DEFAULT_ITEMS);
  const pairs = actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
  const members = pairs.slice(start, end).map(({ action, resource }) => toMember(action, resource, deps));
  const isTruncated = end < pairs.length;
  return [
    element("IsTruncated", String(isTruncated)),
    isTruncated ? element("Marker", String(end)) : "",
    `<EvaluationResults>${members.join("")}</EvaluationResults>`,
  ].join("");
};

function toMember(action: string, resource: string, deps: QueryDeps): string {
  const xml = [
    element("EvalActionName", action),
    element("EvalResourceName", resource),
    element("EvalDecision", isAllowed(action, resource, deps) ? "allowed" : "implicitDeny"),
    "<MatchedStatements/><MissingContextValues/>",
  ];
  return `<member>${xml.join("")}</member>`;
}

function isAllowed(name: string, resource: string, { access, actionHealth, console }: QueryDeps): boolean {
  const [, action = ""] = /^connect:(\w+)$/.exec(name) ?? [];
  if (!isServiceAction(action) || actionHealth.get(action) === "denies") return false;
  const instance = toInstanceArn(access, access.instanceId);
  const isNamed =
    resource.startsWith(`${instance}/contact/`) ||
    (action === "CreatePersistentContactAssociation" && resource === instance);
  return isNamed && isAllowedToWorker(action, console.workerPolicy);
}

function readList(parameters: URLSearchParams, name: string): string[] {
  return [...parameters].filter(([key]) => key.startsWith(`${name}.member.`)).map(([, value]) => value);
}
