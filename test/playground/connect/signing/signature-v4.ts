import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Source: IAM User Guide, "Troubleshoot Signature Version 4 signing for AWS API requests". */
const MAX_SKEW_SECONDS = 300;
const ALGORITHM = "AWS4-HMAC-SHA256";
const TERMINATOR = "aws4_request";
const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** A request that has arrived at the service. */
export interface ReceivedRequest {
  method: string;
  /** The host that the caller asked, and so signed. */
  host: string;
  /** Path and query, still encoded. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The key that may sign, and for which service. */
export interface SigningRules {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  service: string;
  /** Seconds. */
  now: number;
}

/** `type` is the name of AWS's exception. */
export type SignatureCheck = { accepted: true } | { accepted: false; type: string; message: string };

interface Authorization {
  credential: string[];
  signedHeaders: string[];
  signature: string;
}

/**
 * Judges the signature of a request, given in its `Authorization` header.
 *
 * Written after AWS's documentation alone, so that a mistake of the signer under test is not repeated here.
 *
 * Source: IAM User Guide, "Create a signed AWS API request"; refusals: "Troubleshoot Signature Version 4 signing".
 */
export function checkSignature(request: ReceivedRequest, rules: SigningRules): SignatureCheck {
  const header = request.headers.authorization;
  if (header === undefined) return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
  const authorization = parseAuthorization(header);
  if (authorization === null) {
    const wanted = "'Credential', 'SignedHeaders' and 'Signature'";
    return refuse("IncompleteSignatureException", `Authorization header requires ${wanted} parameters.`);
  }
  const amzDate = readHeader(request, "x-amz-date");
  if (!AMZ_DATE.test(amzDate)) {
    return refuse("IncompleteSignatureException", "Authorization header requires existence of a 'X-Amz-Date' header.");
  }
  const missing = findUnsigned(request, authorization.signedHeaders);
  if (missing !== null) {
    const words = `'${missing}' must be a 'SignedHeader' in the AWS Authorization.`;
    return refuse("InvalidSignatureException", words);
  }
  if (authorization.credential[0] !== rules.accessKeyId) {
    return refuse("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  const problem = findScopeProblem(authorization.credential, amzDate, rules) ?? findDateProblem(amzDate, rules.now);
  if (problem !== null) return refuse("InvalidSignatureException", problem);
  if (isSame(sign(request, authorization, amzDate, rules), authorization.signature)) return { accepted: true };
  return refuse(
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided.",
  );
}

function parseAuthorization(header: string): Authorization | null {
  const [algorithm, ...rest] = header.split(" ");
  if (algorithm !== ALGORITHM) return null;
  const parameters = new Map(
    rest
      .join("")
      .split(",")
      .map((parameter) => {
        const equals = parameter.indexOf("=");
        return [parameter.slice(0, equals), parameter.slice(equals + 1)];
      }),
  );
  const credential = parameters.get("Credential")?.split("/") ?? [];
  const signedHeaders = parameters.get("SignedHeaders")?.split(";") ?? [];
  const signature = parameters.get("Signature") ?? "";
  return credential.length === 5 && signedHeaders.length > 0 && signature !== ""
    ? { credential, signedHeaders, signature }
    : null;
}

/** The host and every `x-amz-*` header have to be signed. */
function findUnsigned({ headers }: ReceivedRequest, signed: readonly string[]): string | null {
  const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  return needed.find((name) => !signed.includes(name)) ?? null;
}

function findScopeProblem(credential: readonly string[], amzDate: string, rules: SigningRules): string | null {
  const [, date, region, service, terminator] = credential;
  if (terminator !== TERMINATOR) return `Credential should be scoped with a valid terminator: '${TERMINATOR}'.`;
  if (region !== rules.region) return "Credential should be scoped to a valid region.";
  if (service !== rules.service) return `Credential should be scoped to correct service: '${rules.service}'.`;
  if (date !== amzDate.slice(0, 8)) {
    return "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.";
  }
  return null;
}

function findDateProblem(amzDate: string, now: number): string | null {
  const age = now - Date.parse(amzDate.replace(AMZ_DATE, "$1-$2-$3T$4:$5:$6Z")) / 1000;
  if (age > MAX_SKEW_SECONDS) return `Signature expired: ${amzDate} is too long ago (5 min.).`;
  if (age < -MAX_SKEW_SECONDS) return `Signature not yet current: ${amzDate} is still later (5 min.).`;
  return Number.isNaN(age) ? "The date is none." : null;
}

function sign(
  request: ReceivedRequest,
  { signedHeaders }: Authorization,
  amzDate: string,
  { region, secretAccessKey, service }: SigningRules,
): string {
  const date = amzDate.slice(0, 8);
  const scope = [date, region, service, TERMINATOR].join("/");
  const stringToSign = [ALGORITHM, amzDate, scope, sha256(toCanonicalRequest(request, signedHeaders))].join("\n");
  const key = [date, region, service, TERMINATOR].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, stringToSign).digest("hex");
}

function toCanonicalRequest(request: ReceivedRequest, signedHeaders: readonly string[]): string {
  const { pathname, searchParams } = new URL(request.target, "http://service");
  return [
    request.method,
    // Encoded a second time: the path arrives encoded. All services but S3 do this.
    pathname.split("/").map(encode).join("/"),
    toCanonicalQuery(searchParams),
    ...signedHeaders.map((name) => `${name}:${readHeader(request, name).trim().replace(/ +/g, " ")}`),
    "",
    signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
}

function toCanonicalQuery(parameters: URLSearchParams): string {
  return [...parameters]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
}

/** Everything but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function readHeader({ headers, host }: ReceivedRequest, name: string): string {
  return name === "host" ? host : [headers[name] ?? ""].flat().join(",");
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, data: string) {
  return createHmac("sha256", key).update(data);
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function refuse(type: string, message: string): SignatureCheck {
  return { accepted: false, type, message };
}
