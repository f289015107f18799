import { randomUUID } from "node:crypto";
import { type Exchange, readBody, readHeader } from "../api/exchange.ts";
import { checkSignature } from "../signing/signature-v4.ts";
import { type Answer, fail, failBefore, succeed } from "./answer.ts";
import { type Parameters, readText, type Service, toContactArn } from "./operation.ts";
import { findRoute, operationOf, type Route, type ServiceAction, serviceActions } from "./operations.ts";
import { type ReadParameters, readParameters } from "./read-parameters.ts";
import type { ServiceHealth } from "./service-health.ts";
import { createTokenBucket } from "./token-bucket.ts";

const PATHS = /^\/contacts?\//;
/** Holds the host that the caller would have asked if its request had not been sent here. */
const ADDRESSED_HOST_HEADER = "x-addressed-host";
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
export function createServiceApi(service: Service): ServiceApi {
  const { access, now } = service;
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
        reply(exchange, refuseCaller(exchange, body) ?? failBefore("UnknownOperationException", "No such operation."));
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
    const answer = refuseCaller(exchange, body) ?? decideAnswer(route, read, health);
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

  /** Refuses a call at the wrong host, and one that nobody who may call has signed. */
  function refuseCaller(exchange: Exchange, body: Buffer): Answer | null {
    const { method, request } = exchange;
    const host = readHeader(exchange, ADDRESSED_HOST_HEADER) ?? readHeader(exchange, "host") ?? "";
    if (host !== `connect.${access.region}.amazonaws.com`)
      return failBefore("UnknownOperationException", "No such host.");
    const check = checkSignature(
      { method, host, target: request.url ?? "/", headers: request.headers, body },
      { ...access, service: "connect", now: now() },
    );
    return check.accepted ? null : { status: 403, error: check.type, body: { message: check.message } };
  }

  function decideAnswer({ action, operation }: Route, read: ReadParameters, health: ServiceHealth): Answer {
    const isAdmitted = buckets.get(action)?.(now()) === true;
    if (!isAdmitted || health === "throttles") return fail("ThrottlingException", "Rate exceeded");
    if (read.refusal !== null) return read.refusal;
    const instanceId = readText(read.parameters, "InstanceId");
    // A policy names the contacts of one instance.
    if (instanceId !== access.instanceId || health === "denies") return deny(action, instanceId);
    if (health === "fails") return fail("InternalServiceException", "Request processing failed.");
    if (health === "garbage") return succeed("<html><h1>It works!</h1></html>");
    return operation.run(read.parameters, service);
  }

  function deny(action: ServiceAction, instanceId: string): Answer {
    const user = "arn:aws:iam::123456789012:user/persistent-chat";
    const resource = toContactArn({ ...access, instanceId }, "*");
    const words = `User: ${user} is not authorized to perform: connect:${action} on resource: ${resource}`;
    return fail("AccessDeniedException", words);
  }
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
