import { describe, expect, it } from "vitest";
import { checkSignature, type ReceivedRequest, type SigningRules } from "./signature-v4.ts";

/** "get-vanilla" of AWS's Signature Version 4 test suite. */
const request: ReceivedRequest = {
  method: "GET",
  host: "example.amazonaws.com",
  target: "/",
  headers: {
    "x-amz-date": "20150830T123600Z",
    authorization: authorize("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
  },
  body: Buffer.alloc(0),
};
const rules: SigningRules = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
  service: "service",
  now: Date.parse("2015-08-30T12:36:00Z") / 1000,
};

function authorize(signature: string, change: { scope?: string; signedHeaders?: string } = {}): string {
  const { scope = "20150830/us-east-1/service/aws4_request", signedHeaders = "host;x-amz-date" } = change;
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

const check = (change: Partial<ReceivedRequest> = {}, rule: Partial<SigningRules> = {}) =>
  checkSignature({ ...request, ...change }, { ...rules, ...rule });
const withHeaders = (headers: ReceivedRequest["headers"]) => ({ headers: { ...request.headers, ...headers } });

describe("checkSignature()", () => {
  it("accepts the vanilla request of AWS's own test suite", () => {
    expect(check()).toEqual({ accepted: true });
  });

  it.each([
    ["/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"],
    [
      "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
      "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
    ],
  ])("accepts that suite's %s", (target, signature) => {
    expect(check({ target, ...withHeaders({ authorization: authorize(signature) }) })).toEqual({ accepted: true });
  });

  it("accepts that suite's POST", () => {
    const authorization = authorize("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    expect(check({ method: "POST", ...withHeaders({ authorization }) })).toEqual({ accepted: true });
  });

  it.each<[string, string, string, Partial<ReceivedRequest>, Partial<SigningRules>]>([
    ["no signature", "MissingAuthenticationTokenException", "Missing Authentication Token", { headers: {} }, {}],
    ["another scheme", "IncompleteSignatureException", "requires", withHeaders({ authorization: "Bearer abc" }), {}],
    [
      "a signature without a date",
      "IncompleteSignatureException",
      "requires",
      { headers: { authorization: request.headers.authorization ?? "" } },
      {},
    ],
    ["an unknown access key", "UnrecognizedClientException", "is invalid", {}, { accessKeyId: "AKIDANOTHER" }],
    ["another secret", "InvalidSignatureException", "does not match", {}, { secretAccessKey: "another" }],
    ["another method", "InvalidSignatureException", "does not match", { method: "POST" }, {}],
    ["another path", "InvalidSignatureException", "does not match", { target: "/other" }, {}],
    ["another query", "InvalidSignatureException", "does not match", { target: "/?a=b" }, {}],
    ["another host", "InvalidSignatureException", "does not match", { host: "other.amazonaws.com" }, {}],
    ["another body", "InvalidSignatureException", "does not match", { body: Buffer.from("x") }, {}],
    [
      "another date",
      "InvalidSignatureException",
      "does not match",
      withHeaders({ "x-amz-date": "20150830T123601Z" }),
      {},
    ],
    [
      "an unsigned x-amz header",
      "InvalidSignatureException",
      "'x-amz-security-token' must be a 'SignedHeader'",
      withHeaders({ "x-amz-security-token": "x" }),
      {},
    ],
    [
      "an unsigned host",
      "InvalidSignatureException",
      "'host' must be a 'SignedHeader'",
      withHeaders({ authorization: authorize("00", { signedHeaders: "x-amz-date" }) }),
      {},
    ],
    ["the scope of another region", "InvalidSignatureException", "valid region", {}, { region: "eu-central-1" }],
    [
      "the scope of another service",
      "InvalidSignatureException",
      "correct service: 'connect'",
      {},
      { service: "connect" },
    ],
    [
      "the scope of another day",
      "InvalidSignatureException",
      "Date in Credential scope",
      withHeaders({ authorization: authorize("00", { scope: "20150831/us-east-1/service/aws4_request" }) }),
      {},
    ],
  ])("refuses %s as %s", (_, type, words, change, rule) => {
    expect(check(change, rule)).toEqual({ accepted: false, type, message: expect.stringContaining(words) });
  });

  it.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])("at a clock that is %i s off: %s", (seconds, accepted) => {
    expect(check({}, { now: rules.now + seconds }).accepted).toBe(accepted);
  });

  it("tells a request that is too old from one that is too early", () => {
    expect(check({}, { now: rules.now + 301 })).toMatchObject({ message: expect.stringContaining("expired") });
    expect(check({}, { now: rules.now - 301 })).toMatchObject({ message: expect.stringContaining("not yet current") });
  });
});
