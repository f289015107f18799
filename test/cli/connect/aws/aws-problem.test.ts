import { describe, expect, it } from "vitest";
import {
  AwsProblem,
  isDenied,
  isNotFound,
  isRefusal,
  toAwsProblem,
} from "../../../../src/cli/connect/aws/aws-problem.ts";

const CALL = { action: "connect:DescribeContactFlow", profile: null, region: "eu-central-1" };

function problem(name: string, message = "words of AWS", more: object = {}) {
  return toAwsProblem(Object.assign(new Error(message), { name }, more), CALL);
}

describe("toAwsProblem()", () => {
  it.each([
    ["no login", "CredentialsProviderError", "Could not load credentials from any providers", /No AWS login was found/],
    [
      "a session of SSO that is over",
      "TokenProviderError",
      "Token is expired. To refresh run aws sso login",
      /has expired/,
    ],
    ["temporary credentials that are over", "ExpiredTokenException", "The security token is expired", /has expired/],
    ["a key that AWS does not know", "UnrecognizedClientException", "", /does not know this login's key/],
    ["the wrong secret", "SignatureDoesNotMatch", "", /its secret is wrong/],
    ["a missing permission", "AccessDeniedException", "", /may not call connect:DescribeContactFlow/],
    ["too many requests", "ThrottlingException", "", /wait a minute/],
  ])("says what to do about %s", (_what, name, message, expected) => {
    expect(problem(name, message).message).toMatch(expected);
  });

  it("says that a region or the network is wrong, also where the SDK hides the system's error in a cause", () => {
    const cause = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
    expect(problem("Error", "", { cause }).message).toContain("in the region eu-central-1: check the region");
    expect(problem("Error", "", { code: "ECONNRESET" }).message).toContain("(ECONNRESET)");
  });

  it("names the profile that gives no login", () => {
    const { message } = toAwsProblem(Object.assign(new Error(""), { name: "CredentialsProviderError" }), {
      ...CALL,
      profile: "shop",
    });
    expect(message).toContain("aws sso login --profile shop");
  });

  it("keeps AWS's own words for what it does not know, and the SDK's error", () => {
    const found = problem("InvalidRequestException", "The flow is no flow");
    expect(found.message).toBe("AWS refused connect:DescribeContactFlow: InvalidRequestException: The flow is no flow");
    expect(found.cause).toMatchObject({ name: "InvalidRequestException" });
  });

  it("translates an error once", () => {
    const once = problem("AccessDeniedException");
    expect(toAwsProblem(once, CALL)).toBe(once);
  });
});

describe("isDenied() and isNotFound()", () => {
  it("tell a missing permission from a missing thing, for every service's names", () => {
    const denied = ["AccessDeniedException", "AccessDenied"].map((name) => isDenied(problem(name)));
    const missing = ["ResourceNotFoundException", "NoSuchEntityNotFound"].map((name) => isNotFound(problem(name)));
    expect([...denied, ...missing]).toEqual([true, true, true, true]);
    expect([isDenied(problem("Other")), isNotFound(problem("Other")), isDenied(new Error("x"))]).toEqual([
      false,
      false,
      false,
    ]);
    expect(problem("Other")).toBeInstanceOf(AwsProblem);
  });
});

describe("isRefusal()", () => {
  it("tells AWS's no from a failure that says nothing", () => {
    const answer = (name: string, httpStatusCode: number) => problem(name, "", { $metadata: { httpStatusCode } });
    expect(isRefusal(answer("InvalidRequestException", 400))).toBe(true);
    expect(isRefusal(answer("ThrottlingException", 429))).toBe(false);
    expect(isRefusal(answer("InternalServiceException", 500))).toBe(false);
    expect(isRefusal(problem("Error", "", { code: "ECONNRESET" }))).toBe(false);
  });
});
