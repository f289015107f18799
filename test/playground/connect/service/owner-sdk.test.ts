import {
  AccessDeniedException,
  type ConnectClient,
  ContactFlowNotPublishedException,
  CreateContactFlowCommand,
  DeleteContactFlowCommand,
  DescribeContactCommand,
  DescribeContactFlowCommand,
  DuplicateResourceException,
  InvalidContactFlowException,
  InvalidParameterException,
  ListContactFlowsCommand,
  ListInstancesCommand,
  ListInstanceStorageConfigsCommand,
  ListQueuesCommand,
  paginateListContactFlows,
  paginateListInstances,
  ResourceNotFoundException,
  UpdateContactFlowContentCommand,
  UpdateContactFlowMetadataCommand,
} from "@aws-sdk/client-connect";
import { beforeEach, describe, expect, it } from "vitest";
import { type Connect } from "../connect.ts";
import { buildFlow } from "../console/aws-console.ts";
import { access, ownerAccess, unknownId } from "../testing/call-service.ts";
import { createAwsClients } from "../testing/sdk-client.ts";
import { clock, connectWith, pastChat } from "../testing/with-connect.ts";

/* As sdk.test.ts: Amazon's own SDK judges requests and answers, here of what the owner's login may do. */

const InstanceId = access.instanceId;
const instanceArn = `arn:aws:connect:eu-central-1:123456789012:instance/${InstanceId}`;
let connect: Connect;
let sdk: ConnectClient;
let content: string;

beforeEach(async () => {
  clock.now = Math.floor(Date.now() / 1000);
  connect = await connectWith({ access, ownerAccess });
  sdk = createAwsClients(connect.origin).connect;
  content = connect.console.flows[0]?.saved ?? "";
});

describe("the instance", () => {
  it("is listed with its ARN and alias, in pages", async () => {
    connect.console.instances.push({ id: unknownId, alias: "other", status: "CREATION_IN_PROGRESS" });
    const seen = [];
    for await (const page of paginateListInstances({ client: sdk, pageSize: 1 }, {})) {
      seen.push(page.InstanceSummaryList);
    }
    expect(seen).toMatchObject([
      [{ Id: InstanceId, Arn: instanceArn, InstanceAlias: "shop", InstanceStatus: "ACTIVE" }],
      [{ Id: unknownId, InstanceAlias: "other", InstanceStatus: "CREATION_IN_PROGRESS" }],
    ]);
  });

  it("is in one region alone", async () => {
    const { connect: abroad } = createAwsClients(connect.origin, { region: "us-east-1" });
    expect((await abroad.send(new ListInstancesCommand())).InstanceSummaryList).toEqual([]);
    await expect(abroad.send(new ListQueuesCommand({ InstanceId }))).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it("has its buckets for transcripts", async () => {
    connect.console.transcriptBuckets.push("another");
    const list = (ResourceType: "CHAT_TRANSCRIPTS" | "CALL_RECORDINGS") =>
      sdk.send(new ListInstanceStorageConfigsCommand({ InstanceId, ResourceType }));
    expect((await list("CHAT_TRANSCRIPTS")).StorageConfigs).toMatchObject([
      { StorageType: "S3", S3Config: { BucketName: "amazon-connect-shop", BucketPrefix: expect.any(String) } },
      { S3Config: { BucketName: "another" } },
    ]);
    expect((await list("CALL_RECORDINGS")).StorageConfigs).toEqual([]);
    connect.console.transcriptBuckets = [];
    expect((await list("CHAT_TRANSCRIPTS")).StorageConfigs).toEqual([]);
  });

  it("has its queues, by type", async () => {
    connect.console.queues.push({ id: unknownId, name: "", type: "AGENT" });
    const list = async (QueueTypes?: ("STANDARD" | "AGENT")[]) =>
      (await sdk.send(new ListQueuesCommand({ InstanceId, QueueTypes }))).QueueSummaryList ?? [];
    const [queue] = await list(["STANDARD"]);
    expect(queue).toMatchObject({ Name: "BasicQueue", QueueType: "STANDARD" });
    expect(queue?.Arn).toBe(`${instanceArn}/queue/${queue?.Id}`);
    expect(await list()).toHaveLength(2);
  });

  it("tells where an ended chat's transcript is, by the contact id, once it is there", async () => {
    const ContactId = await pastChat(connect, "one");
    const read = async () =>
      (await sdk.send(new DescribeContactCommand({ InstanceId, ContactId }))).Contact?.Recordings;
    const [recording] = (await read()) ?? [];
    expect(recording).toMatchObject({ StorageType: "S3", Status: "AVAILABLE" });
    expect(recording?.Location).toMatch(new RegExp(`^amazon-connect-shop/.*/${ContactId}_[\\dT:]+_UTC\\.json$`));
    clock.now -= 1;
    expect(await read()).toBeUndefined();
  });
});

async function create(Name: string, Status?: "SAVED" | "PUBLISHED", Content = content): Promise<string> {
  const input = { InstanceId, Name, Type: "CONTACT_FLOW", Content, Status, Tags: { by: "test" } } as const;
  const { ContactFlowArn, ContactFlowId = "" } = await sdk.send(new CreateContactFlowCommand(input));
  expect(ContactFlowArn).toBe(`${instanceArn}/contact-flow/${ContactFlowId}`);
  return ContactFlowId;
}
const read = async (ContactFlowId: string) =>
  (await sdk.send(new DescribeContactFlowCommand({ InstanceId, ContactFlowId }))).ContactFlow;
const update = (ContactFlowId: string, Content: string) =>
  sdk.send(new UpdateContactFlowContentCommand({ InstanceId, ContactFlowId, Content }));

describe("a flow", () => {
  it("is saved without a check, and then can be read by its alias alone", async () => {
    const id = await create("Draft", "SAVED", "{}");
    expect(await read(`${id}:$SAVED`)).toMatchObject({ Content: "{}", Status: "SAVED", Tags: { by: "test" } });
    await expect(read(id)).rejects.toBeInstanceOf(ContactFlowNotPublishedException);
    expect(connect.console.flows.at(-1)).toMatchObject({ name: "Draft", saved: "{}", published: null });
  });

  it("is checked when it is published, by each of both ways, and stays as it was where it is wrong", async () => {
    await expect(create("Wrong", undefined, "{}")).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining("no flow") }],
    });
    const id = await create("Right", "SAVED");
    await expect(update(id, content.replace("chatContinue", "chat Continue"))).rejects.toBeInstanceOf(
      InvalidContactFlowException,
    );
    expect(connect.console.flows.at(-1)).toMatchObject({ saved: content, published: null });
    await update(id, content);
    expect(await read(`${instanceArn}/contact-flow/${id}`)).toMatchObject({ Content: content, Status: "PUBLISHED" });
  });

  it("keeps what is published while something else is saved", async () => {
    const id = await create("Both", "PUBLISHED");
    await update(`${id}:$SAVED`, "{}");
    expect([(await read(id))?.Content, (await read(`${id}:$SAVED`))?.Content]).toEqual([content, "{}"]);
  });

  it("is listed by type, in pages, with its state", async () => {
    const id = await create("Second", "SAVED");
    await sdk.send(
      new UpdateContactFlowMetadataCommand({
        InstanceId,
        ContactFlowId: id,
        ContactFlowState: "ARCHIVED",
        Name: "Old",
      }),
    );
    connect.console.flows.push({ ...buildFlow("Whisper", content), type: "AGENT_WHISPER" });
    const input = { InstanceId, ContactFlowTypes: ["CONTACT_FLOW" as const] };
    const seen = [];
    for await (const { ContactFlowSummaryList = [] } of paginateListContactFlows({ client: sdk, pageSize: 1 }, input)) {
      seen.push(...ContactFlowSummaryList);
    }
    expect(seen).toMatchObject([
      { Name: "Shop chat", ContactFlowState: "ACTIVE", ContactFlowStatus: "PUBLISHED" },
      {
        Id: id,
        Name: "Old",
        ContactFlowState: "ARCHIVED",
        ContactFlowStatus: "SAVED",
        ContactFlowType: "CONTACT_FLOW",
      },
    ]);
    expect((await sdk.send(new ListContactFlowsCommand({ InstanceId }))).ContactFlowSummaryList).toHaveLength(3);
  });

  it("can be deleted, once", async () => {
    const ContactFlowId = await create("Short", "SAVED");
    await sdk.send(new DeleteContactFlowCommand({ InstanceId, ContactFlowId }));
    await expect(read(`${ContactFlowId}:$SAVED`)).rejects.toBeInstanceOf(ResourceNotFoundException);
    const again = sdk.send(new DeleteContactFlowCommand({ InstanceId, ContactFlowId }));
    await expect(again).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it("needs a name of its own, new or renamed", async () => {
    await expect(create("Shop chat")).rejects.toBeInstanceOf(DuplicateResourceException);
    const ContactFlowId = await create("Other");
    const rename = (Name: string) =>
      sdk.send(new UpdateContactFlowMetadataCommand({ InstanceId, ContactFlowId, Name }));
    await expect(rename("Shop chat")).rejects.toBeInstanceOf(DuplicateResourceException);
    await rename("Other");
    await expect(rename("")).rejects.toBeInstanceOf(InvalidParameterException);
  });
});

describe("the callers", () => {
  it("the owner's login may not do what a test denies", async () => {
    connect.console.deniedToOwner.add("connect:ListQueues");
    const denied = await sdk.send(new ListQueuesCommand({ InstanceId })).catch((error: unknown) => error);
    expect(denied).toBeInstanceOf(AccessDeniedException);
    expect(denied).toMatchObject({
      message: expect.stringContaining("connect:ListQueues on resource: arn:aws:connect"),
    });
    expect(connect.ownerCalls).toEqual(["connect:ListQueues"]);
  });

  it("the Worker's key may do what the Worker needs, and nothing more", async () => {
    const { connect: worker } = createAwsClients(connect.origin, access);
    await expect(worker.send(new ListInstancesCommand())).rejects.toBeInstanceOf(AccessDeniedException);
    const describe = () => worker.send(new DescribeContactCommand({ InstanceId, ContactId: unknownId }));
    await expect(describe()).rejects.toBeInstanceOf(ResourceNotFoundException);
    connect.console.workerPolicy = [];
    await expect(describe()).rejects.toBeInstanceOf(AccessDeniedException);
  });

  it("what is denied to the Worker's key is allowed to the owner", async () => {
    connect.actionHealth.set("DescribeContact", "denies");
    const described = sdk.send(new DescribeContactCommand({ InstanceId, ContactId: unknownId }));
    await expect(described).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it.each([
    ["a key that nobody has", { accessKeyId: "AKIDANOTHER" }, "UnrecognizedClientException"],
    ["a wrong secret", { secretAccessKey: "wrong" }, "InvalidSignatureException"],
  ])("%s is refused", async (_, change, name) => {
    const { connect: stranger } = createAwsClients(connect.origin, change);
    const refused = stranger.send(new ListInstancesCommand());
    await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
  });

  it("a login whose session has expired is refused", async () => {
    connect.console.isOwnerExpired = true;
    await expect(sdk.send(new ListInstancesCommand())).rejects.toMatchObject({ name: "ExpiredTokenException" });
  });

  it("another instance is not found", async () => {
    const refused = sdk.send(new ListQueuesCommand({ InstanceId: unknownId }));
    await expect(refused).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});
