import { randomUUID } from "node:crypto";
import type { Contact } from "../contacts/contact.ts";
import type { Contacts } from "../contacts/contacts.ts";
import { type Exchange, readBody, readHeader } from "./exchange.ts";
import { checkSignature } from "../signing/signature-v4.ts";
import { createTokenBucket } from "./token-bucket.ts";

/** Source: Amazon Connect Administrator Guide, "Amazon Connect service quotas" (API throttling quotas). */
const DESCRIBE_CALLS_PER_SECOND = 10;
const DESCRIBE_BURST = 15;
const ROUTE = /^\/contacts\/([^/]+)\/([^/]+)$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Holds the host that the caller would have asked if its request had not been sent here. */
const ADDRESSED_HOST_HEADER = "x-addressed-host";
/** Much longer than a caller may let a visitor wait. */
const SLOW_MS = 30_000;

/** The state of the service API. */
export type ServiceHealth = "works" | "slow" | "down" | "fails" | "throttles" | "denies" | "garbage";

export const serviceHealths: readonly ServiceHealth[] = [
  "works",
  "slow",
  "down",
  "fails",
  "throttles",
  "denies",
  "garbage",
];

export function isServiceHealth(value: unknown): value is ServiceHealth {
  return serviceHealths.some((health) => health === value);
}

/** The key that may call the service API, and the instance. */
export interface ServiceAccess {
  region: string;
  instanceId: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** One call of DescribeContact that has arrived. */
export interface DescribeCall {
  contactId: string;
  /** `null` while there is no answer. */
  status: number | null;
  /** Name of AWS's exception; `null` where there is none. */
  error: string | null;
}

export interface ServiceApi {
  health: ServiceHealth;
  /** Oldest first; may be emptied. */
  readonly describeCalls: DescribeCall[];
  /** @returns Whether the path is one of its own. */
  answer(exchange: Exchange): Promise<boolean>;
}

interface Answer {
  status: number;
  error: string | null;
  body: unknown;
}

/**
 * The one call of Amazon Connect's service API that the Worker makes: DescribeContact.
 *
 * Source: Amazon Connect API Reference, "DescribeContact", "Common Errors".
 */
export function createServiceApi(deps: { access: ServiceAccess; contacts: Contacts; now: () => number }): ServiceApi {
  const { access, contacts, now } = deps;
  const admits = createTokenBucket(DESCRIBE_CALLS_PER_SECOND, DESCRIBE_BURST);

  const api: ServiceApi = {
    health: "works",
    describeCalls: [],
    async answer(exchange) {
      const [, instanceId, contactId] = ROUTE.exec(exchange.path) ?? [];
      if (instanceId === undefined || contactId === undefined) return false;
      const call: DescribeCall = { contactId: decode(contactId), status: null, error: null };
      api.describeCalls.push(call);
      const body = await readBody(exchange);
      if (api.health === "down") {
        exchange.response.destroy();
        return true;
      }
      if (api.health === "slow" && !(await waits(SLOW_MS, exchange))) return true;
      const answer = decideAnswer(exchange, body, decode(instanceId), call.contactId);
      call.status = answer.status;
      call.error = answer.error;
      reply(exchange, answer);
      return true;
    },
  };
  return api;

  function decideAnswer(exchange: Exchange, body: Buffer, instanceId: string, contactId: string): Answer {
    const { method, request } = exchange;
    const host = readHeader(exchange, ADDRESSED_HOST_HEADER) ?? readHeader(exchange, "host") ?? "";
    if (host !== `connect.${access.region}.amazonaws.com`)
      return fail(404, "UnknownOperationException", "No such host.");
    const check = checkSignature(
      { method, host, target: request.url ?? "/", headers: request.headers, body },
      { ...access, service: "connect", now: now() },
    );
    if (!check.accepted) return fail(403, check.type, check.message);
    if (!admits(now()) || api.health === "throttles") return fail(429, "TooManyRequestsException", "Too Many Requests");
    if (method !== "GET") return fail(404, "UnknownOperationException", "There is no such operation.");
    // A policy names the contacts of one instance.
    if (instanceId !== access.instanceId || api.health === "denies") {
      return fail(403, "AccessDeniedException", "The user is not authorized to perform: connect:DescribeContact");
    }
    if (api.health === "fails") return fail(500, "InternalServiceException", "Request processing failed.");
    if (api.health === "garbage") return { status: 200, error: null, body: "<html><h1>It works!</h1></html>" };
    return describe(contactId);
  }

  function describe(contactId: string): Answer {
    // The documented length is 1 to 256. The answer to a text that cannot be an id is not documented.
    if (!UUID.test(contactId)) return fail(400, "InvalidParameterException", "The ContactId is not valid.");
    const contact = contacts.find(contactId, now());
    if (contact === null) return fail(404, "ResourceNotFoundException", "Contact not found.");
    return { status: 200, error: null, body: { Contact: toDescription(contact) } };
  }

  function toDescription(contact: Contact): Record<string, unknown> {
    const { attributes, contactId, customerId, endedAt, initialContactId, initiatedAt, kind } = contact;
    const previous = contacts.segmentBefore(contact);
    const { relatedContactId } = contacts.view(contact);
    return {
      Arn: `arn:aws:connect:${access.region}:123456789012:instance/${access.instanceId}/contact/${contactId}`,
      Id: contactId,
      ...(previous !== null && { InitialContactId: initialContactId, PreviousContactId: previous.contactId }),
      ...(relatedContactId !== null && { RelatedContactId: relatedContactId }),
      ...(customerId !== null && { CustomerId: customerId }),
      Channel: "CHAT",
      InitiationMethod: { start: "API", transfer: "TRANSFER", survey: "DISCONNECT" }[kind],
      InitiationTimestamp: initiatedAt,
      ...(endedAt !== null && { DisconnectTimestamp: endedAt }),
      LastUpdateTimestamp: endedAt ?? initiatedAt,
      ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
    };
  }
}

function fail(status: number, error: string, message: string): Answer {
  return { status, error, body: { message } };
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

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
