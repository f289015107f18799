/** What a call of AWS was for: its words go into messages. */
export interface AwsCall {
  /** As IAM names the action, such as `connect:DescribeContact`. */
  readonly action: string;
  /** `null`: the default profile. */
  readonly profile: string | null;
  /** `null`: not known. */
  readonly region: string | null;
}

/** A call of AWS that failed. The message says in one sentence what is wrong, and what to do. */
export class AwsProblem extends Error {
  /** AWS's own name of the error, such as `AccessDeniedException`. */
  readonly code: string;
  readonly action: string;

  constructor(message: string, { action, cause, code }: { action: string; cause: unknown; code: string }) {
    super(message, { cause });
    this.code = code;
    this.action = action;
  }
}

/** Whether this login may not take the action. */
export function isDenied(error: unknown): error is AwsProblem {
  return error instanceof AwsProblem && /^(?:AccessDenied|UnauthorizedOperation|Forbidden)/.test(error.code);
}

/** Whether AWS has nothing of that id. */
export function isNotFound(error: unknown): error is AwsProblem {
  return error instanceof AwsProblem && /NotFound/.test(error.code);
}

/** Whether AWS does not know the key that signed the call. */
export function isUnknownKey(error: unknown): error is AwsProblem {
  return error instanceof AwsProblem && UNKNOWN_KEY.has(error.code);
}

const UNKNOWN_KEY = new Set([
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
]);

/** Whether every other call would fail as well: the login or the network is at fault. */
export function isForAll({ code }: AwsProblem): boolean {
  return UNKNOWN_KEY.has(code) || /^(?:Credentials|Token)ProviderError$|expired/i.test(code) || isOfNetwork(code);
}

/** The system's names of network errors. */
function isOfNetwork(code: string): boolean {
  return /^(?:E[A-Z_]+|UND_ERR_\w+|TimeoutError)$/.test(code);
}

/** Whether AWS has looked at a call, and said no. A call that was too many, or whose answer was lost, tells nothing. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof AwsProblem)) return false;
  const status: unknown = Object(Object(error.cause)["$metadata"])["httpStatusCode"];
  return typeof status === "number" && status >= 400 && status < 500 && !/throttl|TooMany/i.test(error.code);
}

/**
 * Translates an error of the AWS SDK.
 *
 * Source: AWS SDK for JavaScript v3, `@smithy/property-provider` (names of credential errors); AWS General Reference,
 * "Common error types".
 */
export function toAwsProblem(error: unknown, call: AwsCall): AwsProblem {
  if (error instanceof AwsProblem) return error;
  const { message, name } = error instanceof Error ? error : new Error(String(error));
  const code = readNetworkCode(error) ?? name;
  return new AwsProblem(explain(code, message, call), { action: call.action, code, cause: error });
}

/** The system's name of a network error; `null` where AWS has answered. */
function readNetworkCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code } = Object(error);
  if (typeof code === "string" && /^(?:E[A-Z_]+|UND_ERR_\w+)$/.test(code)) return code;
  return readNetworkCode(error.cause);
}

function explain(code: string, message: string, { action, profile, region }: AwsCall): string {
  const withProfile = profile === null ? "" : ` --profile ${profile}`;
  if (/expired/i.test(code) || /expired|refresh|aws sso login/i.test(message)) {
    return `The AWS login has expired: log in again, for example with aws sso login${withProfile}, and repeat.`;
  }
  switch (code) {
    case "CredentialsProviderError":
    case "TokenProviderError":
      return profile === null
        ? "No AWS login was found: log in with aws sso login or aws configure, or name a profile with --profile."
        : `The AWS profile ${profile} gives no login: see aws configure list-profiles, and log in with aws sso login${withProfile}.`;
    case "InvalidClientTokenId":
    case "UnrecognizedClientException":
    case "InvalidSignatureException":
    case "SignatureDoesNotMatch":
      return "AWS does not know this login's key, or its secret is wrong: check the profile or the environment's AWS_ variables.";
    case "ThrottlingException":
    case "Throttling":
    case "TooManyRequestsException":
      return `AWS answers ${action} with "too many requests", again and again: wait a minute and repeat.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `Nothing answers for ${action}${region === null ? "" : ` in the region ${region}`}: check the region, and the network.`;
  }
  if (/^(?:AccessDenied|UnauthorizedOperation|Forbidden)/.test(code)) {
    return `Your AWS login may not call ${action}: allow it (npm run connect -- <command> --print-policy prints what is needed).`;
  }
  if (isOfNetwork(code)) {
    return `The network broke off at ${action} (${code}): check the connection and repeat.`;
  }
  if (/region is missing/i.test(message)) return MISSING_REGION;
  if (code === "SyntaxError") {
    return `The answer to ${action} is not AWS's: something in between, such as a proxy, has answered. Check the network, and repeat.`;
  }
  return `AWS refused ${action}: ${code}: ${message}`;
}

/** Nothing says in which region the instance is. */
export const MISSING_REGION =
  "No region is set: give --region, such as --region eu-central-1, or CONNECT_REGION in wrangler.toml.";
