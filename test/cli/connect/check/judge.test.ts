import { describe, expect, it } from "vitest";
import { lookAtInstance } from "../../../../src/cli/connect/check/look-at-instance.ts";
import { toLook } from "../../../../src/cli/connect/check/look-at-quotas.ts";
import { judgeSimulation } from "../../../../src/cli/connect/check/look-at-worker-key.ts";
import { instance } from "./instance.ts";

describe("lookAtInstance()", () => {
  const settings = { CONNECT_REGION: instance.region, CONNECT_INSTANCE_ID: instance.id };

  it("finds nothing where the settings name this instance", () => {
    expect(lookAtInstance(instance, settings)).toEqual({ facts: [], findings: [] });
  });

  it("says what to set where they name none, and where they name another", () => {
    expect(lookAtInstance(instance, {}).facts).toEqual([
      'not set in wrangler.toml: CONNECT_REGION = "eu-central-1"',
      `not set in wrangler.toml: CONNECT_INSTANCE_ID = "${instance.id}"`,
    ]);
    expect(lookAtInstance(instance, { ...settings, CONNECT_REGION: "eu-west-2" }).findings).toMatchObject([
      { code: "instance-differs", details: ['CONNECT_REGION = "eu-central-1", found "eu-west-2"'] },
    ]);
  });

  it("warns of a region where the contact API is not known to be", () => {
    const elsewhere = { ...instance, region: "eu-west-3" };
    expect(lookAtInstance(elsewhere, {}).findings).toMatchObject([{ code: "region-unknown" }]);
  });
});

describe("toLook() of quotas", () => {
  const chats = { QuotaName: "Concurrent active chats per instance", Value: 500 };
  const rate = { QuotaName: "Rate of DescribeContact API requests", Value: 10 };

  it("says the figures in one line", () => {
    expect(toLook([chats, rate], instance, ["DescribeContact"])).toEqual({
      facts: ["quotas: 500 chats at the same time, 10 DescribeContact a second"],
      findings: [],
    });
  });

  it("warns of a quota below Amazon's default, and takes the instance's own before the account's", () => {
    const own = { ...chats, Value: 10, QuotaContext: { ContextId: instance.arn } };
    const other = { ...chats, Value: 5, QuotaContext: { ContextId: `${instance.arn}-other` } };
    expect(toLook([other, chats, own], instance, []).findings).toMatchObject([
      { code: "quota-low", details: ["10 chats at the same time, Amazon's default is 500"] },
    ]);
    expect(toLook([{ ...rate, Value: 2 }], instance, ["StopContact"]).findings).toEqual([]);
  });

  it("says nothing of quotas that AWS does not list", () => {
    expect(toLook([], instance, [])).toEqual({ facts: [], findings: [] });
  });
});

describe("judgeSimulation()", () => {
  const result = (action: string, EvalDecision: "allowed" | "implicitDeny" = "allowed", more = {}) => ({
    EvalActionName: action,
    EvalDecision,
    ...more,
  });
  const actions = ["DescribeContact", "StopContact"] as const;
  const judge = (second: object, strong: readonly object[] = []) =>
    judgeSimulation(
      actions,
      [result("connect:DescribeContact"), { ...result("connect:StopContact"), ...second }],
      strong.map((one) => ({ ...result("iam:CreateAccessKey"), ...one })),
    );

  it("names each action that the policy lacks", () => {
    expect(judge({ EvalDecision: "implicitDeny" }).tried).toEqual([
      { action: "DescribeContact", reason: null },
      { action: "StopContact", reason: "policy" },
    ]);
  });

  it("needs an action allowed on each resource", () => {
    const results = [result("connect:StopContact"), result("connect:StopContact", "implicitDeny")];
    expect(judgeSimulation(["StopContact"], results, []).tried).toEqual([{ action: "StopContact", reason: "policy" }]);
  });

  it.each([
    ["a condition's value is missing", { EvalDecision: "implicitDeny", MissingContextValues: ["aws:SourceIp"] }],
    [
      "the organization forbids it",
      { EvalDecision: "explicitDeny", OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
    ],
    ["there is no result", { EvalActionName: "connect:Other" }],
  ])("does not tell where %s", (_what, second) => {
    expect(judge(second).tried).toBeNull();
  });

  it("warns of a key that may do far more", () => {
    expect(judge({}, [{}]).findings).toMatchObject([
      { code: "aws-key-too-strong", details: ["it may also take iam:CreateAccessKey"] },
    ]);
    expect(judge({}, [{ EvalDecision: "implicitDeny" }]).findings).toEqual([]);
  });
});
