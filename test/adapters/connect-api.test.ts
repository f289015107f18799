import {
  CreatePersistentContactAssociationCommand,
  DescribeContactCommand,
  GetContactAttributesCommand,
  ListAssociatedContactsCommand,
  StopContactCommand,
} from "@aws-sdk/client-connect";
import { beforeEach, describe, expect, it } from "vitest";
import { type ConnectApi, createConnectApi } from "../../src/adapters/connect-api.ts";
import { type LogFields } from "../../src/adapters/log.ts";
import { access } from "../playground/playground.ts";
import { useServer } from "../worker/use-workers.ts";
import { type GivenAnswer, startRecordingServer } from "./recording-server.ts";
import { recordSdkCall, toSentCall } from "./sent-call.ts";

const InstanceId = access.instanceId;
const ContactId = "2b7e1516-28ae-4d2a-abf7-158809cf4f3c";
const SourceContactId = "6bc1bee2-2e40-4f96-a93d-7e117393172a";
const NOW = 1_800_000_000;

let given: GivenAnswer = { status: 200, body: "{}" };
const server = useServer(() => startRecordingServer(() => given));
let logged: [event: string, fields: LogFields | undefined][] = [];
let api: ConnectApi;

beforeEach(() => {
  given = { status: 200, body: "{}" };
  logged = [];
  const write = (event: string, fields?: LogFields) => void logged.push([event, fields]);
  api = createConnectApi(access, {
    log: { debug: () => undefined, info: write, warn: write, error: write },
    fetch: async (request) => {
      const { host, pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.set("x-addressed-host", host);
      const { method, signal } = request;
      const body = method === "POST" ? await request.text() : null;
      const { redirect } = request;
      return fetch(server.origin + pathname + search, { method, headers, body, redirect, signal });
    },
  });
});

const patience = (now = NOW) => ({ now, signal: AbortSignal.timeout(5000) });
const answer = (status: number, body: unknown = {}, headers: Readonly<Record<string, string>> = {}) =>
  (given = { status, body: JSON.stringify(body), headers });

describe("each call of Connect's API is the one that Amazon's own SDK makes", () => {
  it.each([
    [
      "DescribeContact",
      () => api.describeContact(ContactId, patience()),
      new DescribeContactCommand({ InstanceId, ContactId }),
    ],
    [
      "GetContactAttributes",
      () => api.getContactAttributes(ContactId, patience()),
      new GetContactAttributesCommand({ InstanceId, InitialContactId: ContactId }),
    ],
    [
      "ListAssociatedContacts",
      () => api.listAssociatedContacts(ContactId, patience()),
      new ListAssociatedContactsCommand({ InstanceId, ContactId, MaxResults: 100 }),
    ],
    [
      "CreatePersistentContactAssociation",
      () => api.createPersistentContactAssociation(ContactId, SourceContactId, "once", patience()),
      new CreatePersistentContactAssociationCommand({
        InstanceId,
        InitialContactId: ContactId,
        RehydrationType: "ENTIRE_PAST_SESSION",
        SourceContactId,
        ClientToken: "once",
      }),
    ],
    ["StopContact", () => api.stopContact(ContactId, patience()), new StopContactCommand({ InstanceId, ContactId })],
  ])("%s", async (_action, call, command) => {
    await call();
    const request = server.requests.at(-1);
    expect(request && toSentCall(request)).toEqual(await recordSdkCall(command));
  });
});

describe("createConnectApi()", () => {
  it("reads the contact that a chat was continued from; where none is named, the one that was given", async () => {
    const link = () => api.createPersistentContactAssociation(ContactId, SourceContactId, "once", patience());
    answer(200, { ContinuedFromContactId: "c3" });
    expect(await link()).toEqual({ outcome: "answered", value: "c3" });
    answer(200);
    expect(await link()).toEqual({ outcome: "answered", value: SourceContactId });
  });

  it("takes null for what is not there", async () => {
    answer(200, { Contact: { Channel: "CHAT", Attributes: null, RelatedContactId: null, DisconnectTimestamp: null } });
    expect(await api.describeContact(ContactId, patience())).toMatchObject({ outcome: "answered" });
    answer(200, { ContactSummaryList: [{ ContactId, InitialContactId: null, DisconnectTimestamp: null }] });
    expect(await api.listAssociatedContacts(ContactId, patience())).toEqual({
      outcome: "answered",
      value: { state: "open", openContactId: ContactId },
    });
    answer(200, { Attributes: null });
    expect(await api.getContactAttributes(ContactId, patience())).toEqual({ outcome: "answered", value: null });
  });

  it("takes an empty answer for an end", async () => {
    given = { status: 200 };
    expect(await api.stopContact(ContactId, patience())).toEqual({ outcome: "answered", value: null });
  });

  it.each([400, 404, 409, 410])("calls %i a refusal of these contacts, and goes on asking", async (status) => {
    answer(status, { Message: "no" }, { "x-amzn-errortype": "InvalidRequestException:http://x/" });
    for (const _time of [1, 2, 3, 4]) {
      const reply = await api.createPersistentContactAssociation(ContactId, SourceContactId, "once", patience());
      expect(reply).toEqual({ outcome: "refused", status });
      expect(await api.stopContact(ContactId, patience())).toEqual({ outcome: "refused", status });
    }
    expect(logged).toHaveLength(8);
    const said = { action: "StopContact", status, error: "InvalidRequestException" };
    expect(logged.at(-1)).toEqual(["connect.refused", said]);
  });

  it("follows no redirect: the signed call would go elsewhere", async () => {
    const before = server.requests.length;
    given = { status: 302, headers: { location: `${server.origin}/elsewhere` } };
    expect(await api.describeContact(ContactId, patience())).toMatchObject({ outcome: "silent" });
    expect(server.requests.length - before).toBe(1);
  });

  it("does not lengthen a pause for calls that were on their way when it began", async () => {
    answer(429);
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => api.stopContact(ContactId, patience())));
    answer(200);
    expect(await api.stopContact(ContactId, patience(NOW + 1))).toMatchObject({ outcome: "answered" });
  });

  it("knows from 404 that there is no such contact", async () => {
    answer(404);
    expect(await api.describeContact(ContactId, patience())).toEqual({ outcome: "answered", value: null });
    expect(await api.listAssociatedContacts(ContactId, patience())).toEqual({ outcome: "refused", status: 404 });
  });

  it("names a denied action in the log, and what to do", async () => {
    answer(403);
    expect(await api.stopContact(ContactId, patience())).toEqual({ outcome: "silent", reason: "status-403" });
    await api.describeContact(ContactId, patience());
    const message = (action: string) => `Allow the Worker's AWS key connect:${action}: see npm run flow`;
    expect(logged).toEqual([
      ["connect.unanswered", { action: "StopContact", reason: "status-403", message: message("StopContact") }],
      ["owner.unknown", { action: "DescribeContact", reason: "status-403", message: message("DescribeContact") }],
    ]);
  });

  it("pauses a denied action alone", async () => {
    const before = server.requests.length;
    answer(403);
    const ids = [ContactId, SourceContactId, InstanceId];
    for (const contactId of [...ids, ContactId]) await api.stopContact(contactId, patience());
    expect(server.requests.length - before).toBe(3);
    answer(404);
    expect(await api.describeContact(ContactId, patience())).toEqual({ outcome: "answered", value: null });
  });

  it("pauses every action once one is throttled", async () => {
    answer(429);
    await api.stopContact(ContactId, patience());
    answer(200);
    expect(await api.getContactAttributes(ContactId, patience())).toEqual({ outcome: "silent", reason: "pausing" });
    expect(await api.getContactAttributes(ContactId, patience(NOW + 1))).toMatchObject({ outcome: "answered" });
  });

  it.each(["..%2Fadmin", "", "6bc1bee2", `${ContactId}/../x`])("makes no call about %j", async (contactId) => {
    const before = server.requests.length;
    const link = api.createPersistentContactAssociation(ContactId, contactId, "once", patience());
    expect(await link).toEqual({ outcome: "silent", reason: "contact-id" });
    expect(await api.describeContact(contactId, patience())).toEqual({ outcome: "silent", reason: "contact-id" });
    expect(server.requests.length).toBe(before);
  });
});
