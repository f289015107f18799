import { beforeEach, describe, expect, it } from "vitest";
import { type Connect } from "../connect.ts";
import {
  access,
  associate,
  type CallChange,
  callService,
  describeContact as describeAt,
  getContactAttributes,
  listAssociatedContacts,
  outcome,
  stopContact,
  unknownId,
} from "../testing/call-service.ts";
import { clock, connectWith, pastChat, start as startChat, view } from "../testing/with-connect.ts";
import { type WorkerAction, workerActions } from "./operations.ts";

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

describe("every action", () => {
  const actions: [WorkerAction, number, (contactId: string, change?: CallChange) => Promise<Response>][] = [
    ["DescribeContact", 15, (id, change) => describeAt(connect, id, change)],
    ["GetContactAttributes", 15, (id, change) => getContactAttributes(connect, id, change)],
    ["ListAssociatedContacts", 5, (id, change) => listAssociatedContacts(connect, { contactId: id }, change)],
    [
      "CreatePersistentContactAssociation",
      8,
      (id, change) => associate(connect, id, { SourceContactId: unknownId }, change),
    ],
    ["StopContact", 15, (id, change) => stopContact(connect, id, {}, change)],
  ];
  const another = "00000000-0000-4000-8000-000000000000";

  it("is here", () => {
    expect(actions.map(([action]) => action).toSorted()).toEqual(workerActions.toSorted());
  });

  it.each(actions)("%s: is refused without the right signature", async (_action, _burst, send) => {
    expect(await outcome(send(unknownId, { secretAccessKey: "wrong" }))).toBe("403 InvalidSignatureException");
    expect(await outcome(send(unknownId, { instanceId: another }))).toBe("403 AccessDeniedException");
  });

  it.each(actions)("%s: is throttled after %i calls at once, and the others are not", async (action, burst, send) => {
    const sent = await Promise.all(Array.from({ length: 20 }, () => outcome(send(unknownId))));
    expect(sent.filter((one) => one !== "429 ThrottlingException")).toHaveLength(burst);
    for (const [other, , sendOther] of actions) {
      const isThrottled = (await outcome(sendOther(unknownId))) === "429 ThrottlingException";
      expect([other, isThrottled]).toEqual([other, other === action]);
    }
  });

  it.each(actions)("%s: can be denied alone, by its name in IAM", async (action, _burst, send) => {
    connect.actionHealth.set(action, "denies");
    const response = await send(unknownId);
    expect(response.headers.get("x-amzn-errortype")).toBe("AccessDeniedException");
    expect((await response.json()).Message).toContain(` connect:${action} on resource: arn:aws:connect:eu-central-1:`);
    for (const [other, , sendOther] of actions) {
      if (other !== action) expect(await outcome(sendOther(unknownId))).not.toContain("AccessDenied");
    }
  });

  it.each(actions)("%s: is listed under its name, with its contact", async (action, _burst, send) => {
    const { contactId } = await startChat(connect);
    await send(contactId);
    expect(connect.serviceCalls).toMatchObject([{ action, contactId }]);
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

  it("stops and links when it is late, and answers too late for its caller", async () => {
    const past = await pastChat(connect, "one");
    const { contactId } = await startChat(connect, { attributes: { chatContinue: "none" } });
    connect.service = "late";
    const patience = () => ({ signal: AbortSignal.timeout(300) });
    const link = associate(connect, contactId, { SourceContactId: past }, patience());
    await expect(link).rejects.toThrow("timeout");
    await expect(stopContact(connect, contactId, {}, patience())).rejects.toThrow("timeout");
    expect(view(connect, contactId)).toMatchObject({ relatedContactId: past, live: false });
    expect(connect.serviceCalls.map(({ status }) => status)).toEqual([null, null]);
  });

  it.each(["slow", "down"] as const)("does nothing when it is %s and its caller has gone", async (health) => {
    const { contactId } = await startChat(connect);
    connect.service = health;
    await expect(stopContact(connect, contactId, {}, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    expect(view(connect, contactId).live).toBe(true);
  });

  it("still carries chats", async () => {
    connect.service = "down";
    expect(await start()).toMatch(/^[\da-f-]{36}$/);
  });
});
