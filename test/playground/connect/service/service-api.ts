import { randomUUID } from "node:crypto";
import { type Exchange, readBody } from "../api/exchange.ts";
import { type Admit, type Caller, type CallerRefusal, describeDenial } from "../aws/callers.ts";
import { toInstanceArn } from "../console/access.ts";
import { type Answer, fail, failBefore, succeed } from "./answer.ts";
import { type Parameters, readText, type Service } from "./operation.ts";
import {
  findRoute,
  isAllowedToWorker,
  isWorkerAction,
  operationOf,
  type Route,
  type ServiceAction,
  serviceActions,
} from "./operations.ts";
import { type ReadParameters, readParameters } from "./read-parameters.ts";
import type { ServiceHealth } from "./service-health.ts";
import { createTokenBucket } from "./token-bucket.ts";

const PATHS = /^\/(?:contacts?|contact-flows(?:-summary)?|instance|queues-summary)(?:\/|$)/;
/** Much longer than a caller may let a visitor wait. */
const SLOW_MS = 30_000;

/** One call of the service API that has arrived. */
export interface ServiceCall {
  action: ServiceAction;
  /** The contact that the call is about: for a link, the new one. Empty where the call names none. */
  contactId: string;
  /** `null` while there is no answer. */
  status: number | null;
  /** Name of AWS's exception; `null` where there is none. */
  error: string | null;
}

export interface ServiceApi {
  /** The state of every action that has none of its own. */
  health: ServiceHealth;
  /** The state of one action alone. */
  readonly actionHealth: Map<ServiceAction, ServiceHealth>;
  /** Oldest first; may be emptied. */
  readonly calls: ServiceCall[];
  /** @returns Whether the path is one of its own. */
  answer(exchange: Exchange): Promise<boolean>;
}

/**
 * Amazon Connect's service API, as far as this project knows it.
 *
 * Written after Amazon's documentation and models alone, so that a mistake of the caller under test is not repeated here.
 *
 * Source: Amazon Connect API Reference, the page of each action, "Common Errors".
 */
export function createServiceApi(service: Service, admit: Admit, onOwnerCall: (action: string) => void): ServiceApi {
  const { access, console, now } = service;
  const buckets = new Map(
    serviceActions.map((action) => {
      const { burst, perSecond } = operationOf(action);
      return [action, createTokenBucket(perSecond, burst)];
    }),
  );

  const api: ServiceApi = {
    health: "works",
    actionHealth: new Map(),
    calls: [],
    async answer(exchange) {
      if (!PATHS.test(exchange.path)) return false;
      const route = findRoute(exchange.method, exchange.path);
      const body = await readBody(exchange);
      if (route === null) {
        const caller = admit(exchange, body, "connect");
        const unknown = failBefore("UnknownOperationException", "No such operation.");
        reply(exchange, "type" in caller ? toRefusal(caller) : unknown);
      } else await answerAction(exchange, route, body);
      return true;
    },
  };
  return api;

  async function answerAction(exchange: Exchange, route: Route, body: Buffer): Promise<void> {
    const read = readParameters(exchange, route, body);
    const call = recordCall(route.action, read.parameters);
    const health = api.actionHealth.get(route.action) ?? api.health;
    if (health === "down") {
      exchange.response.destroy();
      return;
    }
    if (health === "slow" && !(await waits(SLOW_MS, exchange))) return;
    const caller = admit(exchange, body, "connect");
    const answer = "type" in caller ? toRefusal(caller) : decideAnswer(route, read, health, caller);
    if (health === "late" && !(await waits(SLOW_MS, exchange))) return;
    call.status = answer.status;
    call.error = answer.error;
    reply(exchange, answer);
  }

  function recordCall(action: ServiceAction, parameters: Parameters): ServiceCall {
    const contactId = readText(parameters, "ContactId") || readText(parameters, "InitialContactId");
    const call: ServiceCall = { action, contactId, status: null, error: null };
    api.calls.push(call);
    return call;
  }

  function decideAnswer(
    { action, operation }: Route,
    read: ReadParameters,
    health: ServiceHealth,
    caller: Caller,
  ): Answer {
    if (caller.who === "owner") onOwnerCall(`connect:${action}`);
    const isAdmitted = buckets.get(action)?.(now()) === true;
    if (!isAdmitted || health === "throttles") return fail("ThrottlingException", "Rate exceeded");
    if (read.refusal !== null) return read.refusal;
    const refusal = refuseAction(action, readText(read.parameters, "InstanceId"), health, caller);
    if (refusal !== null) return refusal;
    if (health === "fails") return fail("InternalServiceException", "Request processing failed.");
    if (health === "garbage") return succeed("<html><h1>It works!</h1></html>");
    if (caller.region !== access.region) return succeed({ InstanceSummaryList: [] });
    return operation.run(read.parameters, service);
  }

  /** Refuses an action that the caller's policy does not allow, and an instance that is not there. */
  function refuseAction(
    action: ServiceAction,
    instanceId: string,
    health: ServiceHealth,
    caller: Caller,
  ): Answer | null {
    const isHere = caller.region === access.region && instanceId === access.instanceId;
    const isAllowed =
      caller.who === "owner"
        ? !console.deniedToOwner.has(`connect:${action}`)
        : isAllowedToWorker(action, console.workerPolicy) && isHere && health !== "denies";
    if (!isAllowed) return deny(action, instanceId, caller);
    if (isHere || action === "ListInstances") return null;
    return fail("ResourceNotFoundException", "Instance not found.");
  }

  function deny(action: ServiceAction, instanceId: string, caller: Caller): Answer {
    const instance = toInstanceArn({ ...access, region: caller.region }, instanceId || "*");
    const resource = isWorkerAction(action) ? `${instance}/contact/*` : instance;
    return fail("AccessDeniedException", describeDenial(caller, `connect:${action}`, resource));
  }
}

function toRefusal({ message, type }: CallerRefusal): Answer {
  return type === "UnknownOperationException"
    ? failBefore(type, message)
    : { status: 403, error: type, body: { message } };
}

function reply({ response }: Exchange, { status, error, body }: Answer): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-amzn-requestid": randomUUID(),
    ...(error !== null && { "x-amzn-errortype": error }),
  });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** @returns Whether the caller has waited all the time. */
function waits(ms: number, { response }: Exchange): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms);
    response.once("close", () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
