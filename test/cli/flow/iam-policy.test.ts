import { describe, expect, it } from "vitest";
import { buildIamPolicy } from "../../../src/cli/flow/iam-policy.ts";
import { listNeededActions } from "../../../src/cli/shared/needed-actions.ts";

const instance = {
  region: "eu-central-1",
  accountId: "123456789012",
  instanceId: "11111111-2222-3333-4444-555555555555",
};
const ARN = "arn:aws:connect:eu-central-1:123456789012:instance/11111111-2222-3333-4444-555555555555";
const READING = ["connect:DescribeContact", "connect:GetContactAttributes", "connect:ListAssociatedContacts"];

const resourceOf = (changes: Partial<typeof instance> | { accountId: null }) =>
  buildIamPolicy({ ...instance, ...changes }, ["DescribeContact"]).Statement[0]?.Resource;
const allow = (linkBy: "flow" | "worker", endAbandoned: boolean) =>
  buildIamPolicy(instance, listNeededActions({ linkBy, endAbandoned }));

describe("buildIamPolicy()", () => {
  it("allows a Worker whose contact flow links to ask about the contacts of one instance, and nothing else", () => {
    expect(allow("flow", false)).toEqual({
      Version: "2012-10-17",
      Statement: [{ Sid: "UseContacts", Effect: "Allow", Action: READING, Resource: [`${ARN}/contact/*`] }],
    });
  });

  it("allows a Worker that links to link contacts, also on the instance, since IAM checks both", () => {
    expect(allow("worker", false).Statement).toEqual([
      { Sid: "UseContacts", Effect: "Allow", Action: READING, Resource: [`${ARN}/contact/*`] },
      {
        Sid: "LinkContacts",
        Effect: "Allow",
        Action: ["connect:CreatePersistentContactAssociation"],
        Resource: [ARN, `${ARN}/contact/*`],
      },
    ]);
  });

  it("allows only a Worker that ends abandoned chats to end contacts", () => {
    const [contacts, link] = allow("worker", true).Statement;
    expect(contacts?.Action).toEqual([...READING, "connect:StopContact"]);
    expect(link).toEqual(allow("worker", false).Statement[1]);
    expect(JSON.stringify(allow("flow", true))).not.toContain("StopContact");
  });

  it("puts a wildcard in place of an unknown account", () => {
    expect(resourceOf({ accountId: null })).toEqual([
      "arn:aws:connect:eu-central-1:*:instance/11111111-2222-3333-4444-555555555555/contact/*",
    ]);
  });

  it("names the partition of the US government regions", () => {
    expect(resourceOf({ region: "us-gov-west-1" })?.[0]).toMatch(/^arn:aws-us-gov:connect:us-gov-west-1:/);
  });
});
