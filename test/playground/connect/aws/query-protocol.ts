import { randomUUID } from "node:crypto";
import type { Exchange } from "../api/exchange.ts";
import type { AwsDeps } from "./aws-deps.ts";
import { type Caller, describeDenial } from "./callers.ts";

/** How the protocol Query names what services with JSON name otherwise. Source: IAM API Reference, "Common Errors". */
const QUERY_NAMES: Readonly<Record<string, string>> = {
  ExpiredTokenException: "ExpiredToken",
  IncompleteSignatureException: "IncompleteSignature",
  InvalidSignatureException: "SignatureDoesNotMatch",
  MissingAuthenticationTokenException: "MissingAuthenticationToken",
  UnrecognizedClientException: "InvalidClientTokenId",
};
const NAMESPACES = {
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
};
const VERSIONS = { iam: "2010-05-08", sts: "2011-06-15" };

export interface QueryFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** @returns The XML in the result element, or why the call fails. */
export type QueryAction = (parameters: URLSearchParams, caller: Caller, deps: QueryDeps) => string | QueryFailure;

export interface QueryDeps extends AwsDeps {
  readonly service: "iam" | "sts";
  readonly actions: Readonly<Record<string, QueryAction>>;
}

/** Answers a call in the protocol Query: parameters of a form, answers in XML. Source: Smithy, "AWS Query protocol". */
export function answerQuery(exchange: Exchange, body: Buffer, deps: QueryDeps): void {
  const parameters = new URLSearchParams(body.toString("utf8"));
  const action = parameters.get("Action") ?? "";
  const result = decide(exchange, body, parameters, deps);
  const [status, xml] =
    typeof result === "string"
      ? [200, `<${action}Result>${result}</${action}Result><ResponseMetadata>${requestId()}</ResponseMetadata>`]
      : [
          result.status,
          `<Error><Type>Sender</Type>${element("Code", result.code)}${element("Message", result.message)}`,
        ];
  const root = typeof result === "string" ? `${action}Response` : "ErrorResponse";
  const closed = typeof result === "string" ? xml : `${xml}</Error>${requestId()}`;
  exchange.response.writeHead(status, { "content-type": "text/xml" });
  exchange.response.end(`<${root} xmlns="${NAMESPACES[deps.service]}">${closed}</${root}>`);
}

function decide(exchange: Exchange, body: Buffer, parameters: URLSearchParams, deps: QueryDeps): string | QueryFailure {
  const { actions, admit, console, onOwnerCall, service } = deps;
  const caller = admit(exchange, body, service);
  if ("type" in caller) {
    return { status: 403, code: QUERY_NAMES[caller.type] ?? caller.type, message: caller.message };
  }
  const name = parameters.get("Action") ?? "";
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (exchange.method !== "POST" || action === undefined || parameters.get("Version") !== VERSIONS[service]) {
    return { status: 400, code: "InvalidAction", message: `Could not find operation ${name}.` };
  }
  const iamName = `${service}:${name}`;
  if (caller.who === "owner") onOwnerCall(iamName);
  // Everyone may ask who they are: even a policy that denies it does not count.
  const isAllowed = service === "sts" || (caller.who === "owner" && !console.deniedToOwner.has(iamName));
  if (isAllowed) return action(parameters, caller, deps);
  const message = describeDenial(caller, iamName, parameters.get("PolicySourceArn") ?? "*");
  return { status: 403, code: "AccessDenied", message };
}

export function element(name: string, text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<${name}>${escaped}</${name}>`;
}

function requestId(): string {
  return element("RequestId", randomUUID());
}
