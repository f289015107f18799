import { type IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import {
  AccessDeniedException,
  ListAWSDefaultServiceQuotasCommand,
  ListServiceQuotasCommand,
  NoSuchResourceException,
  paginateListServiceQuotas,
} from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { beforeEach, describe, expect, it } from "vitest";
import { type Connect } from "../connect.ts";
import { access, ownerAccess, unknownId } from "../testing/call-service.ts";
import { createAwsClients } from "../testing/sdk-client.ts";
import { clock, connectWith } from "../testing/with-connect.ts";

/* As sdk.test.ts: Amazon's own SDK judges requests and answers, here of the services beside Connect. */

const worker = "arn:aws:iam::123456789012:user/persistent-chat";
const instance = `arn:aws:connect:eu-central-1:123456789012:instance/${access.instanceId}`;
let connect: Connect;
let owner: ReturnType<typeof createAwsClients>;

beforeEach(async () => {
  clock.now = Math.floor(Date.now() / 1000);
  connect = await connectWith({ access, ownerAccess });
  owner = createAwsClients(connect.origin);
});

describe("STS", () => {
  it.each([
    ["the owner's login", ownerAccess, "arn:aws:iam::123456789012:user/owner"],
    ["the Worker's key", access, worker],
  ])("tells whose key it is: %s", async (_, key, Arn) => {
    const { sts } = createAwsClients(connect.origin, key);
    expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({ Arn, Account: "123456789012" });
  });

  it.each([
    ["a key that nobody has", { accessKeyId: "AKIDANOTHER" }, "InvalidClientTokenId"],
    ["a wrong secret", { secretAccessKey: "wrong" }, "SignatureDoesNotMatch"],
  ])("refuses %s", async (_, change, name) => {
    const { sts } = createAwsClients(connect.origin, change);
    const refused = sts.send(new GetCallerIdentityCommand());
    await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
  });

  it("refuses a login whose session has expired", async () => {
    connect.console.isOwnerExpired = true;
    await expect(owner.sts.send(new GetCallerIdentityCommand())).rejects.toMatchObject({
      name: "ExpiredToken",
    });
  });
});

async function simulate(iam: IAMClient, actions: string[], resources: string[], principal = worker) {
  const input = { PolicySourceArn: principal, ActionNames: actions, ResourceArns: resources };
  const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(input));
  return EvaluationResults.map(({ EvalActionName, EvalDecision, EvalResourceName }) =>
    [EvalActionName, EvalResourceName, EvalDecision].join(" "),
  );
}

describe("IAM SimulatePrincipalPolicy", () => {
  const contacts = `${instance}/contact/*`;

  it("tells what the Worker's key may do on this instance, and on no other", async () => {
    const other = contacts.replace(access.instanceId, unknownId);
    expect(await simulate(owner.iam, ["connect:DescribeContact"], [contacts, other, "*"])).toEqual([
      `connect:DescribeContact ${contacts} allowed`,
      `connect:DescribeContact ${other} implicitDeny`,
      "connect:DescribeContact * implicitDeny",
    ]);
    expect(await simulate(owner.iam, ["connect:ListInstances", "s3:GetObject"], [contacts])).toEqual([
      `connect:ListInstances ${contacts} implicitDeny`,
      `s3:GetObject ${contacts} implicitDeny`,
    ]);
  });

  it("allows the link on the instance too, and nothing else", async () => {
    const actions = ["connect:CreatePersistentContactAssociation", "connect:DescribeContact"];
    expect(await simulate(owner.iam, actions, [instance])).toEqual([
      `${actions[0]} ${instance} allowed`,
      `${actions[1]} ${instance} implicitDeny`,
    ]);
  });

  it("follows the policy, and what the action's state denies", async () => {
    const actions = ["connect:DescribeContact", "connect:StopContact", "connect:GetContactAttributes"];
    connect.console.workerPolicy = ["connect:DescribeContact", "connect:StopContact"];
    connect.actionHealth.set("StopContact", "denies");
    expect(await simulate(owner.iam, actions, [contacts])).toEqual([
      `${actions[0]} ${contacts} allowed`,
      `${actions[1]} ${contacts} implicitDeny`,
      `${actions[2]} ${contacts} implicitDeny`,
    ]);
  });

  it("gives long answers in pages", async () => {
    const input = {
      PolicySourceArn: worker,
      ActionNames: ["connect:DescribeContact", "connect:StopContact"],
      ResourceArns: [contacts],
      MaxItems: 1,
    };
    const first = await owner.iam.send(new SimulatePrincipalPolicyCommand(input));
    expect(first).toMatchObject({ IsTruncated: true, EvaluationResults: [{ EvalActionName: input.ActionNames[0] }] });
    const last = await owner.iam.send(new SimulatePrincipalPolicyCommand({ ...input, Marker: first.Marker }));
    expect(last).toMatchObject({ IsTruncated: false, EvaluationResults: [{ EvalActionName: input.ActionNames[1] }] });
  });

  it.each([
    ["of an unknown user", "arn:aws:iam::123456789012:user/nobody", "NoSuchEntityException", 404],
    ["of what is no ARN", "persistent-chat-edge-worker", "InvalidInputException", 400],
  ])("refuses a simulation %s", async (_, principal, name, httpStatusCode) => {
    const refused = simulate(owner.iam, ["connect:StopContact"], [contacts], principal);
    await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  it("refuses the Worker's key, and a login that may not simulate", async () => {
    const refusal = { name: "AccessDenied", message: expect.stringContaining("perform: iam:SimulatePrincipalPolicy") };
    const { iam } = createAwsClients(connect.origin, access);
    await expect(simulate(iam, ["connect:StopContact"], [contacts])).rejects.toMatchObject(refusal);
    connect.console.deniedToOwner.add("iam:SimulatePrincipalPolicy");
    await expect(simulate(owner.iam, ["connect:StopContact"], [contacts])).rejects.toMatchObject(refusal);
  });
});

describe("Service Quotas", () => {
  it("lists the quotas that the account has, in pages, and AWS's own", async () => {
    for (const quota of connect.console.quotas) if (quota.name.includes("chats")) quota.value = 7;
    const names: (readonly [string | undefined, number | undefined])[] = [];
    const paginated = paginateListServiceQuotas({ client: owner.quotas }, { ServiceCode: "connect", MaxResults: 2 });
    for await (const { Quotas = [] } of paginated)
      names.push(...Quotas.map((one) => [one.QuotaName, one.Value] as const));
    expect(names).toHaveLength(connect.console.quotas.length);
    expect(names).toContainEqual(["Concurrent active chats per instance", 7]);
    const { Quotas } = await owner.quotas.send(new ListAWSDefaultServiceQuotasCommand({ ServiceCode: "connect" }));
    expect(Quotas).toContainEqual(expect.objectContaining({ QuotaCode: "L-D4BA6F6E", Value: 500, Adjustable: true }));
  });

  it("does not know another service", async () => {
    const refused = owner.quotas.send(new ListServiceQuotasCommand({ ServiceCode: "conect" }));
    await expect(refused).rejects.toBeInstanceOf(NoSuchResourceException);
  });

  it("refuses the Worker's key, and a login that may not list them", async () => {
    const command = new ListServiceQuotasCommand({ ServiceCode: "connect" });
    const { quotas } = createAwsClients(connect.origin, access);
    await expect(quotas.send(command)).rejects.toBeInstanceOf(AccessDeniedException);
    connect.console.deniedToOwner.add("servicequotas:ListServiceQuotas");
    await expect(owner.quotas.send(command)).rejects.toBeInstanceOf(AccessDeniedException);
  });
});
