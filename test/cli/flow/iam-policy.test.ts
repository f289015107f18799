import { describe, expect, it } from "vitest";
import { buildIamPolicy } from "../../../src/cli/flow/iam-policy.ts";

const instance = {
  region: "eu-central-1",
  accountId: "123456789012",
  instanceId: "11111111-2222-3333-4444-555555555555",
};
const resourceOf = (changes: Partial<Parameters<typeof buildIamPolicy>[0]>) =>
  buildIamPolicy({ ...instance, ...changes }).Statement[0]?.Resource;

describe("buildIamPolicy()", () => {
  it("allows DescribeContact for the contacts of one instance, and nothing else", () => {
    expect(buildIamPolicy(instance)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReadWhoseAContactIs",
          Effect: "Allow",
          Action: "connect:DescribeContact",
          Resource: "arn:aws:connect:eu-central-1:123456789012:instance/11111111-2222-3333-4444-555555555555/contact/*",
        },
      ],
    });
  });

  it("puts a wildcard in place of an unknown account", () => {
    expect(resourceOf({ accountId: null })).toBe(
      "arn:aws:connect:eu-central-1:*:instance/11111111-2222-3333-4444-555555555555/contact/*",
    );
  });

  it("names the partition of the US government regions", () => {
    expect(resourceOf({ region: "us-gov-west-1" })).toMatch(/^arn:aws-us-gov:connect:us-gov-west-1:/);
  });
});
