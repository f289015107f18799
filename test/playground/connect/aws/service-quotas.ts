import { type Exchange, readHeader } from "../api/exchange.ts";
import { ACCOUNT_ID } from "../console/access.ts";
import { paginate } from "../service/paginate.ts";
import type { AwsDeps } from "./aws-deps.ts";
import { type Caller, describeDenial } from "./callers.ts";
import { defaultQuotas, type Quota } from "./default-quotas.ts";

const TARGET = /^ServiceQuotasV20190624\.(?<action>\w+)$/;
const SERVICE_CODE = "connect";

interface QuotasAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The quotas of Connect.
 *
 * Source: Service Quotas API Reference, "ListServiceQuotas", "ListAWSDefaultServiceQuotas"; Smithy, "AWS JSON 1.1 protocol".
 */
export function answerQuotas(exchange: Exchange, body: Buffer, deps: AwsDeps): void {
  const { admit } = deps;
  const caller = admit(exchange, body, "servicequotas");
  const answer = "type" in caller ? fail(400, caller.type, caller.message) : decide(exchange, body, caller, deps);
  exchange.response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
  exchange.response.end(JSON.stringify(answer.body));
}

function decide(exchange: Exchange, body: Buffer, caller: Caller, deps: AwsDeps): QuotasAnswer {
  const { console, onOwnerCall } = deps;
  const { action = "" } = TARGET.exec(readHeader(exchange, "x-amz-target") ?? "")?.groups ?? {};
  const lists = new Map([
    ["ListServiceQuotas", console.quotas],
    ["ListAWSDefaultServiceQuotas", defaultQuotas],
  ]);
  const quotas = lists.get(action);
  if (quotas === undefined) return fail(400, "UnknownOperationException", "No such operation.");
  const iamName = `servicequotas:${action}`;
  if (caller.who === "owner") onOwnerCall(iamName);
  if (caller.who === "worker" || console.deniedToOwner.has(iamName)) {
    return fail(403, "AccessDeniedException", describeDenial(caller, iamName, "*"));
  }
  const parameters: Record<string, unknown> = { ...JSON.parse(body.toString("utf8")) };
  if (parameters["ServiceCode"] !== SERVICE_CODE) {
    return fail(404, "NoSuchResourceException", "The request failed because the specified service does not exist.");
  }
  const level = parameters["QuotaAppliedAtLevel"] ?? "ACCOUNT";
  const items = quotas.filter((quota) => level === "ALL" || quota.level === level);
  const page = paginate(parameters, { items, defaultResults: 100, maxResults: 100, list: action });
  if ("status" in page) return fail(400, "IllegalArgumentException", "MaxResults or NextToken is not valid.");
  return { status: 200, body: { Quotas: page.items.map((quota) => toQuota(quota, caller)), ...page.next } };
}

function toQuota({ code, isAdjustable, level, name, value }: Quota, { region }: Caller): object {
  return {
    ServiceCode: SERVICE_CODE,
    ServiceName: "Amazon Connect",
    QuotaArn: `arn:aws:servicequotas:${region}:${ACCOUNT_ID}:${SERVICE_CODE}/${code}`,
    QuotaCode: code,
    QuotaName: name,
    Value: value,
    Unit: "None",
    Adjustable: isAdjustable,
    GlobalQuota: false,
    QuotaAppliedAtLevel: level,
  };
}

function fail(status: number, type: string, message: string): QuotasAnswer {
  return { status, body: { __type: type, Message: message } };
}
