import { type Exchange, readBody } from "../api/exchange.ts";
import type { AwsDeps } from "./aws-deps.ts";
import { readSignedService } from "./callers.ts";
import { getCallerIdentity } from "./get-caller-identity.ts";
import { answerQuery, type QueryAction } from "./query-protocol.ts";
import { answerQuotas } from "./service-quotas.ts";
import { simulatePrincipalPolicy } from "./simulate-principal-policy.ts";

export interface AwsApi {
  /** @returns Whether the call was signed for one of its services. */
  answer(exchange: Exchange): Promise<boolean>;
}

const ACTIONS: Readonly<Record<"iam" | "sts", Readonly<Record<string, QueryAction>>>> = {
  iam: { SimulatePrincipalPolicy: simulatePrincipalPolicy },
  sts: { GetCallerIdentity: getCallerIdentity },
};

/** IAM, STS and Service Quotas at the address of Connect: the scope of the signature tells them apart. */
export function createAwsApi(deps: AwsDeps): AwsApi {
  return {
    async answer(exchange) {
      const service = readSignedService(exchange);
      if (service === "iam" || service === "sts") {
        answerQuery(exchange, await readBody(exchange), { ...deps, service, actions: ACTIONS[service] });
        return true;
      }
      if (service !== "servicequotas") return false;
      answerQuotas(exchange, await readBody(exchange), deps);
      return true;
    },
  };
}
