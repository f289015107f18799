import * as models from "@aws-sdk/client-connect";
import {
  AccessDeniedException,
  ContactNotFoundException,
  type ConnectClient,
  CreatePersistentContactAssociationCommand,
  DescribeContactCommand,
  GetContactAttributesCommand,
  InternalServiceException,
  InvalidParameterException,
  InvalidRequestException,
  ListAssociatedContactsCommand,
  ResourceNotFoundException,
  StopContactCommand,
  ThrottlingException,
} from "@aws-sdk/client-connect";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Connect } from "../connect.ts";
import { access, unknownId } from "../testing/call-service.ts";
import { createSdkClient } from "../testing/sdk-client.ts";
import { clock, connectWith, pastChat, start, view } from "../testing/with-connect.ts";
import { modelledStatuses } from "./answer.ts";
import { type WorkerAction, workerActions } from "./operations.ts";

/*
 * Amazon's own SDK calls the stand-in: paths, names, signatures, answers and exceptions are held to models that nobody
 * here wrote. Where the two differ, the stand-in is wrong.
 */

const InstanceId = access.instanceId;
let connect: Connect;
let sdk: ConnectClient;

beforeEach(async () => {
  // The SDK signs with the machine's clock.
  clock.now = Math.floor(Date.now() / 1000);
  connect = await connectWith({ access });
  sdk = createSdkClient(connect.origin);
});
afterEach(() => sdk.destroy());

async function startChat(): Promise<string> {
  return (await start(connect, { attributes: { chatContinue: "none" } })).contactId;
}

describe("Amazon's SDK reads from the stand-in", () => {
  it("a contact, with its times as dates", async () => {
    const ContactId = await startChat();
    const startedAt = clock.now;
    clock.now += 10;
    const transferred = connect.agent.transfer(ContactId);
    const { Contact } = await sdk.send(new DescribeContactCommand({ InstanceId, ContactId: transferred }));
    expect(Contact).toEqual({
      Arn: `arn:aws:connect:eu-central-1:123456789012:instance/${InstanceId}/contact/${transferred}`,
      Id: transferred,
      InitialContactId: ContactId,
      PreviousContactId: ContactId,
      Channel: "CHAT",
      InitiationMethod: "TRANSFER",
      InitiationTimestamp: new Date(clock.now * 1000),
      LastUpdateTimestamp: new Date(clock.now * 1000),
      Attributes: { chatContinue: "none" },
    });
    const first = await sdk.send(new DescribeContactCommand({ InstanceId, ContactId }));
    expect(first.Contact?.InitiationTimestamp).toEqual(new Date(startedAt * 1000));
    expect(first.Contact?.DisconnectTimestamp).toEqual(new Date(clock.now * 1000));
  });

  it("its attributes", async () => {
    const InitialContactId = await startChat();
    const { Attributes } = await sdk.send(new GetContactAttributesCommand({ InstanceId, InitialContactId }));
    expect(Attributes).toEqual({ chatContinue: "none" });
  });

  it("the contacts of its session", async () => {
    const ContactId = await startChat();
    connect.agent.transfer(ContactId);
    const { ContactSummaryList } = await sdk.send(new ListAssociatedContactsCommand({ InstanceId, ContactId }));
    expect(ContactSummaryList).toMatchObject([
      { ContactId, DisconnectTimestamp: new Date(clock.now * 1000) },
      { PreviousContactId: ContactId, InitiationTimestamp: new Date(clock.now * 1000) },
    ]);
    expect(ContactSummaryList?.[1]).not.toHaveProperty("DisconnectTimestamp");
  });

  it("the same in pages", async () => {
    const ContactId = await startChat();
    for (let times = 0; times < 6; times++) connect.agent.transfer(ContactId);
    const first = await sdk.send(new ListAssociatedContactsCommand({ InstanceId, ContactId, MaxResults: 4 }));
    const { NextToken = "" } = first;
    const second = await sdk.send(
      new ListAssociatedContactsCommand({ InstanceId, ContactId, MaxResults: 4, NextToken }),
    );
    expect([first, second].map(({ ContactSummaryList }) => ContactSummaryList?.length)).toEqual([4, 3]);
    expect(second.NextToken).toBeUndefined();
  });
});

describe("Amazon's SDK changes in the stand-in", () => {
  it("the link of a chat", async () => {
    const SourceContactId = await pastChat(connect, "one");
    const InitialContactId = await startChat();
    const input = { InstanceId, InitialContactId, SourceContactId, RehydrationType: "ENTIRE_PAST_SESSION" } as const;
    const command = new CreatePersistentContactAssociationCommand({ ...input, ClientToken: "token" });
    expect((await sdk.send(command)).ContinuedFromContactId).toBe(SourceContactId);
    const { Contact } = await sdk.send(new DescribeContactCommand({ InstanceId, ContactId: InitialContactId }));
    expect(Contact?.RelatedContactId).toBe(SourceContactId);
  });

  it("whether a chat is live", async () => {
    const ContactId = await startChat();
    const answer = await sdk.send(new StopContactCommand({ InstanceId, ContactId }));
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(view(connect, ContactId).live).toBe(false);
  });
});

const calls: Record<WorkerAction, (id: string, instance?: string) => Promise<unknown>> = {
  CreatePersistentContactAssociation: (InitialContactId, instance = InstanceId) =>
    sdk.send(
      new CreatePersistentContactAssociationCommand({
        InstanceId: instance,
        InitialContactId,
        RehydrationType: "ENTIRE_PAST_SESSION",
        SourceContactId: unknownId,
      }),
    ),
  DescribeContact: (ContactId, instance = InstanceId) =>
    sdk.send(new DescribeContactCommand({ InstanceId: instance, ContactId })),
  GetContactAttributes: (InitialContactId, instance = InstanceId) =>
    sdk.send(new GetContactAttributesCommand({ InstanceId: instance, InitialContactId })),
  ListAssociatedContacts: (ContactId, instance = InstanceId) =>
    sdk.send(new ListAssociatedContactsCommand({ InstanceId: instance, ContactId })),
  StopContact: (ContactId, instance = InstanceId) =>
    sdk.send(new StopContactCommand({ InstanceId: instance, ContactId })),
};

describe.each(workerActions)("Amazon's SDK knows each refusal of %s", (action) => {
  const call = calls[action];

  it("an unknown contact", async () => {
    const [name, known, httpStatusCode] =
      action === "StopContact"
        ? (["ContactNotFoundException", ContactNotFoundException, 410] as const)
        : (["ResourceNotFoundException", ResourceNotFoundException, 404] as const);
    const error = await call(unknownId).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(known);
    expect(error).toMatchObject({ name, $fault: "client", $metadata: { httpStatusCode } });
  });

  it.each(["none", "a b/c?d'(e)*+é"])("a contact id %j, which is none", async (id) => {
    const known = action === "GetContactAttributes" ? InvalidRequestException : InvalidParameterException;
    await expect(call(id)).rejects.toBeInstanceOf(known);
  });

  it.each([
    ["denies", "AccessDeniedException", AccessDeniedException, 403],
    ["throttles", "ThrottlingException", ThrottlingException, 429],
    ["fails", "InternalServiceException", InternalServiceException, 500],
  ] as const)("a service that %s", async (health, name, known, httpStatusCode) => {
    connect.actionHealth.set(action, health);
    const error = await call(unknownId).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(known);
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode } });
    // What the SDK says where the answer has no message.
    expect(error).not.toMatchObject({ message: "UnknownError" });
  });

  it("another instance", async () => {
    await expect(call(unknownId, unknownId)).rejects.toBeInstanceOf(AccessDeniedException);
  });

  it("a key that is not known", async () => {
    sdk.destroy();
    sdk = createSdkClient(connect.origin, { secretAccessKey: "wrong" });
    await expect(call(unknownId)).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringContaining("does not match"),
    });
    expect(connect.serviceCalls).toMatchObject([{ action, status: 403 }]);
  });
});

describe("Amazon's SDK knows", () => {
  it.each(Object.entries(modelledStatuses))("%s, with the status %i", (name, status) => {
    expect(Reflect.get(models, `${name}$`)).toEqual(
      expect.arrayContaining([expect.objectContaining({ httpError: status })]),
    );
  });

  it("the refusal of a second link, of a source that is not ready, and of one that is unknown", async () => {
    const [one, two] = [await pastChat(connect, "one"), await pastChat(connect, "two")];
    const link = (InitialContactId: string, SourceContactId: string) =>
      sdk.send(
        new CreatePersistentContactAssociationCommand({
          InstanceId,
          InitialContactId,
          RehydrationType: "ENTIRE_PAST_SESSION",
          SourceContactId,
        }),
      );
    const chat = await startChat();
    await expect(link(chat, unknownId)).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(link(chat, await startChat())).rejects.toBeInstanceOf(InvalidRequestException);
    await link(chat, one);
    await expect(link(chat, two)).rejects.toBeInstanceOf(InvalidRequestException);
  });

  it("the refusal of a reason that only campaigns may give", async () => {
    const DisconnectReason = { Code: "OTHER" };
    const command = new StopContactCommand({ InstanceId, ContactId: await startChat(), DisconnectReason });
    await expect(sdk.send(command)).rejects.toBeInstanceOf(InvalidRequestException);
  });
});
