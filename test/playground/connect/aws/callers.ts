import { type Exchange, readHeader } from "../api/exchange.ts";
import { type AccessKey, ACCOUNT_ID, type ServiceAccess } from "../console/access.ts";
import type { AwsConsole } from "../console/aws-console.ts";
import { checkSignature } from "../signing/signature-v4.ts";

/** Holds the host that the caller would have asked if its request had not been sent here. */
const ADDRESSED_HOST_HEADER = "x-addressed-host";
const CREDENTIAL = /\bCredential=(?<key>[^/,\s]+)\/\d*\/(?<region>[\w-]*)\/(?<service>[\w-]*)\//;

export type AwsService = "connect" | "iam" | "sts" | "servicequotas";

/** Whose key has signed a call. */
export interface Caller {
  readonly who: "worker" | "owner";
  readonly arn: string;
  readonly userId: string;
  /** The region that the call is for. */
  readonly region: string;
}

/** `type` is the name of AWS's exception, as services with JSON name it. */
export interface CallerRefusal {
  readonly type: string;
  readonly message: string;
}

export const WORKER: Omit<Caller, "region"> = {
  who: "worker",
  arn: `arn:aws:iam::${ACCOUNT_ID}:user/persistent-chat`,
  userId: "AIDAPLAYGROUNDWORKER0",
};
const OWNER: Omit<Caller, "region"> = {
  who: "owner",
  arn: `arn:aws:iam::${ACCOUNT_ID}:user/owner`,
  userId: "AIDAPLAYGROUNDOWNER00",
};

/** Decides whose key has signed a call. */
export type Admit = (exchange: Exchange, body: Buffer, service: AwsService) => Caller | CallerRefusal;

export interface AdmitDeps {
  readonly access: ServiceAccess;
  /** `null`: the owner has no login. */
  readonly ownerAccess: AccessKey | null;
  readonly console: AwsConsole;
  readonly now: () => number;
}

/**
 * Admits the Worker's key and the owner's login.
 *
 * A call is signed for the real host of its service, or for this stand-in's own: then for any region, as AWS has a host
 * for each one.
 */
export function createAdmit({ access, ownerAccess, console, now }: AdmitDeps): Admit {
  return (exchange, body, service) => {
    const { method, request } = exchange;
    const host = readHeader(exchange, ADDRESSED_HOST_HEADER) ?? readHeader(exchange, "host") ?? "";
    const isOwnHost = [`localhost:${request.socket.localPort}`, `127.0.0.1:${request.socket.localPort}`].includes(host);
    if (!isOwnHost && host !== `${service}.${access.region}.amazonaws.com`) {
      return { type: "UnknownOperationException", message: "No such host." };
    }
    const credential = readCredential(exchange);
    const isOwner = ownerAccess !== null && credential.key === ownerAccess.accessKeyId;
    if (isOwner && console.isOwnerExpired) {
      return { type: "ExpiredTokenException", message: "The security token included in the request is expired" };
    }
    const region = isOwnHost && credential.region !== "" ? credential.region : access.region;
    const { accessKeyId, secretAccessKey } = isOwner ? ownerAccess : access;
    const check = checkSignature(
      { method, host, target: request.url ?? "/", headers: request.headers, body },
      { accessKeyId, secretAccessKey, region, service, now: now() },
    );
    return check.accepted ? { ...(isOwner ? OWNER : WORKER), region } : check;
  };
}

/** The service in the scope of the call's signature; empty where there is none. */
export function readSignedService(exchange: Exchange): string {
  return readCredential(exchange).service;
}

function readCredential(exchange: Exchange): { key: string; region: string; service: string } {
  const {
    key = "",
    region = "",
    service = "",
  } = CREDENTIAL.exec(readHeader(exchange, "authorization") ?? "")?.groups ?? {};
  return { key, region, service };
}

/** AWS's words to a caller who may not do something. */
export function describeDenial({ arn }: Caller, action: string, resource: string): string {
  const why = `because no identity-based policy allows the ${action} action`;
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
