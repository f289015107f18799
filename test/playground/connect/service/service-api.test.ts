import { beforeEach, describe, expect, it } from "vitest";
import { type Connect } from "../connect.ts";
import {
  access,
  type CallChange,
  callService,
  describeContact as describeAt,
  outcome,
  unknownId,
} from "../testing/call-service.ts";
import { clock, connectWith, start as startChat } from "../testing/with-connect.ts";

let connect: Connect;

beforeEach(async () => {
  connect = await connectWith({ access });
});

async function start(): Promise<string> {
  return (await startChat(connect)).contactId;
}

function describeContact(contactId: string, change: CallChange = {}): Promise<Response> {
  return describeAt(connect, contactId, change);
}

const call = { action: "DescribeContact", contactId: unknownId };

describe("the service API", () => {
  it.each<[string, string, CallChange]>([
    ["an unsigned call", "403 IncompleteSignatureException", { sent: { headers: { authorization: "" } } }],
    ["an unknown key", "403 UnrecognizedClientException", { accessKeyId: "AKIDANOTHER" }],
    ["a wrong secret", "403 InvalidSignatureException", { secretAccessKey: "wrong" }],
    [
      "another contact than the signed one",
      "403 InvalidSignatureException",
      { sent: { path: `/contacts/${access.instanceId}/${unknownId.replace("2", "3")}` } },
    ],
    [
      "a date that was moved on after signing",
      "403 InvalidSignatureException",
      { sent: { headers: { "x-amz-date": "20231114T221321Z" } } },
    ],
    ["another region's host", "404 UnknownOperationException", { region: "us-east-1" }],
    [
      "another region's signature at this host",
      "403 InvalidSignatureException",
      { region: "us-east-1", sent: { host: "connect.eu-central-1.amazonaws.com" } },
    ],
    ["another instance", "403 AccessDeniedException", { instanceId: "00000000-0000-4000-8000-000000000000" }],
    ["another method", "404 UnknownOperationException", { method: "DELETE" }],
  ])("refuses %s with %s", async (_, expected, change) => {
    expect(await outcome(describeContact(unknownId, change))).toBe(expected);
  });

  it("asks an unsigned call for its token", async () => {
    const response = await fetch(`${connect.origin}/contacts/${access.instanceId}/${unknownId}`, {
      headers: { "x-addressed-host": "connect.eu-central-1.amazonaws.com" },
    });
    expect(response.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
    expect(await response.json()).toEqual({ message: "Missing Authentication Token" });
  });

  it("knows no other action", async () => {
    expect(await outcome(callService(connect, "/contact/chat", {}, { method: "PUT" }))).toBe(
      "404 UnknownOperationException",
    );
    expect(connect.serviceCalls).toEqual([]);
  });

  it("lets 15 calls through at once, and 10 in each second after that", async () => {
    const callOften = async (times: number) => {
      const outcomes = await Promise.all(Array.from({ length: times }, () => outcome(describeContact(unknownId))));
      return outcomes.filter((one) => one === "404 ResourceNotFoundException").length;
    };
    expect(await callOften(20)).toBe(15);
    expect(await outcome(describeContact(unknownId))).toBe("429 ThrottlingException");
    clock.now += 1;
    expect(await callOften(20)).toBe(10);
    clock.now += 60;
    expect(await callOften(20)).toBe(15);
  });

  it("counts no call against the limit that anyone could have made", async () => {
    for (let times = 0; times < 20; times++) await describeContact(unknownId, { secretAccessKey: "wrong" });
    expect(await outcome(describeContact(unknownId))).toBe("404 ResourceNotFoundException");
  });

  it("throttles nothing but itself", async () => {
    await Promise.all(Array.from({ length: 20 }, () => describeContact(unknownId)));
    expect(await start()).toMatch(/^[\da-f-]{36}$/);
  });

  it("lists the calls that came in", async () => {
    const contactId = await start();
    await describeContact(contactId);
    await describeContact(unknownId);
    expect(connect.serviceCalls).toEqual([
      { ...call, contactId, status: 200, error: null },
      { ...call, status: 404, error: "ResourceNotFoundException" },
    ]);
  });
});

describe("a service that is not well", () => {
  it.each([
    ["throttles", "429 ThrottlingException"],
    ["denies", "403 AccessDeniedException"],
    ["fails", "500 InternalServiceException"],
  ] as const)("%s", async (health, expected) => {
    const id = await start();
    connect.service = health;
    expect(await outcome(describeContact(id))).toBe(expected);
    connect.service = "works";
    expect(await outcome(describeContact(id))).toBe("200");
  });

  it("hangs up when it is down", async () => {
    connect.service = "down";
    await expect(describeContact(unknownId)).rejects.toThrow("fetch failed");
    expect(connect.serviceCalls).toEqual([{ ...call, status: null, error: null }]);
  });

  it("answers something else than JSON when it is garbage", async () => {
    connect.service = "garbage";
    const response = await describeContact(unknownId);
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it.each(["slow", "late"] as const)("is silent when it is %s, and does not outlive its caller", async (health) => {
    connect.service = health;
    const caller = new AbortController();
    const described = describeContact(unknownId, { signal: caller.signal });
    await expect.poll(() => connect.serviceCalls).toEqual([{ ...call, status: null, error: null }]);
    caller.abort();
    await expect(described).rejects.toThrow("aborted");
  });

  it("still carries chats", async () => {
    connect.service = "down";
    expect(await start()).toMatch(/^[\da-f-]{36}$/);
  });
});
