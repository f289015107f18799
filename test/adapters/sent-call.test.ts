import {
  CreatePersistentContactAssociationCommand,
  DescribeContactCommand,
  GetContactAttributesCommand,
  ListAssociatedContactsCommand,
  StopContactCommand,
} from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { startRecordingServer } from "./recording-server.ts";
import { recordSdkCall, type SentCall, toSentCall } from "./sent-call.ts";

const InstanceId = "b54f1e0a-3c77-4b6d-8e51-0c9a7d2f6e48";
const ContactId = "2b7e1516-28ae-4d2a-abf7-158809cf4f3c";

const get: SentCall = {
  method: "GET",
  path: "",
  query: [],
  host: "connect.eu-central-1.amazonaws.com",
  contentType: null,
  isDated: true,
  scope: "eu-central-1/connect/aws4_request",
  signsHostAndDate: true,
  body: null,
};
const post: SentCall = { ...get, method: "POST", contentType: "application/json" };

describe("recordSdkCall()", () => {
  it("gives what Amazon's SDK sends to describe a contact", async () => {
    const call = await recordSdkCall(new DescribeContactCommand({ InstanceId, ContactId: "a/b" }));
    expect(call).toEqual({ ...get, path: `/contacts/${InstanceId}/a%2Fb` });
  });

  it("… to get its attributes", async () => {
    const call = await recordSdkCall(new GetContactAttributesCommand({ InstanceId, InitialContactId: ContactId }));
    expect(call).toEqual({ ...get, path: `/contact/attributes/${InstanceId}/${ContactId}` });
  });

  it("… to list the contacts of its session, with the query sorted", async () => {
    const input = { InstanceId, ContactId, NextToken: "a+b/c=", MaxResults: 100 };
    expect(await recordSdkCall(new ListAssociatedContactsCommand(input))).toEqual({
      ...get,
      path: `/contact/associated/${InstanceId}`,
      query: [
        ["contactId", ContactId],
        ["maxResults", "100"],
        ["nextToken", "a+b/c="],
      ],
    });
  });

  it("… to link it", async () => {
    const link = { RehydrationType: "ENTIRE_PAST_SESSION", SourceContactId: "source", ClientToken: "token" } as const;
    const input = { InstanceId, InitialContactId: ContactId, ...link };
    expect(await recordSdkCall(new CreatePersistentContactAssociationCommand(input))).toEqual({
      ...post,
      path: `/contact/persistent-contact-association/${InstanceId}/${ContactId}`,
      body: link,
    });
  });

  it("… to stop it", async () => {
    const call = await recordSdkCall(new StopContactCommand({ InstanceId, ContactId }));
    expect(call).toEqual({ ...post, path: "/contact/stop", body: { InstanceId, ContactId } });
  });
});

describe("toSentCall()", () => {
  it("sorts the query, takes the host that was meant, and sees what is not signed", () => {
    const request = {
      method: "GET",
      path: "/a",
      query: [
        ["b", "1"],
        ["a", "2"],
      ] as const,
      headers: {
        host: "localhost:1",
        "x-addressed-host": "connect.eu-central-1.amazonaws.com",
        authorization: "AWS4-HMAC-SHA256 Credential=A/20261127/eu-central-1/connect/aws4_request, SignedHeaders=host",
      },
      body: "",
    };
    expect(toSentCall(request)).toEqual({
      ...get,
      path: "/a",
      query: [
        ["a", "2"],
        ["b", "1"],
      ],
      isDated: false,
      signsHostAndDate: false,
    });
  });
});

describe("startRecordingServer()", () => {
  it("keeps requests as they came, and answers as it is told", async () => {
    const server = await startRecordingServer(({ body }) => ({
      status: 429,
      headers: { "x-a": "b" },
      body: `${body}!`,
    }));
    const response = await fetch(`${server.origin}/a%20b?c=d&c=%26`, { method: "PUT", body: "hello" });
    expect([response.status, response.headers.get("x-a"), await response.text()]).toEqual([429, "b", "hello!"]);
    expect(server.requests).toMatchObject([
      {
        method: "PUT",
        path: "/a%20b",
        query: [
          ["c", "d"],
          ["c", "&"],
        ],
        headers: { "content-type": "text/plain;charset=UTF-8" },
        body: "hello",
      },
    ]);
    await server.close();
  });

  it("hangs up where the test's answer fails", async () => {
    const server = await startRecordingServer(() => Promise.reject(new Error("no answer")));
    await expect(fetch(server.origin)).rejects.toThrow("fetch failed");
    await server.close();
  });
});
