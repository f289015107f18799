import { AwsClient } from "aws4fetch";
import { beforeEach, describe, expect, it } from "vitest";
import { type Connect, type ServiceAccess } from "../connect.ts";
import { clock, connectWith, start as startChat } from "../testing/with-connect.ts";

const access: ServiceAccess = {
  region: "eu-central-1",
  instanceId: "b54f1e0a-3c77-4b6d-8e51-0c9a7d2f6e48",
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const unknownId = "2b7e1516-28ae-4d2a-abf7-158809cf4f3c";

let connect: Connect;

beforeEach(async () => {
  connect = await connectWith({ access });
});

async function start(attributes: object, claims: object = {}): Promise<string> {
  return (await startChat(connect, { attributes, claims })).contactId;
}

interface Change extends Partial<ServiceAccess> {
  path?: string;
  method?: string;
  /** What is sent in place of what was signed. */
  sent?: { path?: string; host?: string; headers?: Record<string, string> };
}

/** Signs as a client of the real service would, and sends it here. */
async function describeContact(contactId: string, change: Change = {}): Promise<Response> {
  const { accessKeyId, instanceId, region, secretAccessKey } = { ...access, ...change };
  const { path = `/contacts/${instanceId}/${contactId}`, method = "GET", sent = {} } = change;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "connect" });
  const url = new URL(`https://connect.${region}.amazonaws.com${path}`);
  const datetime = new Date(clock.now * 1000).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const { headers } = await client.sign(url.href, { method, aws: { datetime } });
  headers.set("x-addressed-host", sent.host ?? url.host);
  for (const [name, value] of Object.entries(sent.headers ?? {})) headers.set(name, value);
  return fetch(connect.origin + (sent.path ?? path), { method, headers });
}

/** Status and exception, as a caller tells failures apart. */
async function outcome(response: Promise<Response>): Promise<string> {
  const { headers, status } = await response;
  return `${status} ${headers.get("x-amzn-errortype") ?? ""}`.trim();
}

describe("DescribeContact", () => {
  it("describes a live chat with the attributes that were signed", async () => {
    const id = await start({ chatContinue: "none", persistentChatVisitor: "v" }, { customerId: "crm-1" });
    const response = await describeContact(id);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({
      Contact: {
        Arn: `arn:aws:connect:eu-central-1:123456789012:instance/${access.instanceId}/contact/${id}`,
        Id: id,
        CustomerId: "crm-1",
        Channel: "CHAT",
        InitiationMethod: "API",
        InitiationTimestamp: 1_700_000_000,
        LastUpdateTimestamp: 1_700_000_000,
        Attributes: { chatContinue: "none", persistentChatVisitor: "v" },
      },
    });
  });

  it("tells of segments which contact they came from, and when each ended", async () => {
    const id = await start({ a: "b" });
    clock.now += 10;
    const transferred = connect.agent.transfer(id);
    clock.now += 10;
    const surveyed = connect.agent.survey(id);
    const described = await Promise.all([id, transferred, surveyed].map((contactId) => describeContact(contactId)));
    const contacts = await Promise.all(described.map((response) => response.json()));
    expect(contacts).toMatchObject([
      { Contact: { Id: id, InitiationMethod: "API", DisconnectTimestamp: 1_700_000_010 } },
      {
        Contact: {
          InitialContactId: id,
          PreviousContactId: id,
          InitiationMethod: "TRANSFER",
          DisconnectTimestamp: 1_700_000_020,
          Attributes: { a: "b" },
        },
      },
      { Contact: { InitialContactId: id, PreviousContactId: transferred, InitiationMethod: "DISCONNECT" } },
    ]);
    expect(contacts[0].Contact).not.toHaveProperty("InitialContactId");
    expect(contacts[2].Contact).not.toHaveProperty("DisconnectTimestamp");
  });

  it("names the past session that a chat was linked with", async () => {
    const past = await start({ chatContinue: "none" });
    connect.agent.end(past);
    clock.now += 45;
    const id = await start({ chatContinue: "now", contactId: past });
    await expect.poll(async () => (await (await describeContact(id)).json()).Contact.RelatedContactId).toBe(past);
  });

  it("leaves out attributes where there are none", async () => {
    const { Contact } = await (await describeContact(await start({}))).json();
    expect(Contact).not.toHaveProperty("Attributes");
  });

  it("does not know a contact after 24 months", async () => {
    const id = await start({});
    clock.now += 731 * 86_400;
    expect(await outcome(describeContact(id))).toBe("404 ResourceNotFoundException");
  });

  it.each([
    ["unknown", unknownId, "404 ResourceNotFoundException"],
    ["no id", "none", "400 InvalidParameterException"],
    ["longer than 256 characters", "x".repeat(257), "400 InvalidParameterException"],
    ["not decodable", "%zz", "400 InvalidParameterException"],
    ["full of reserved characters", "a!b'c(d)*", "400 InvalidParameterException"],
  ])("answers an id that is %s", async (_, id, expected) => {
    expect(await outcome(describeContact(id))).toBe(expected);
  });

  it.each<[string, string, Change]>([
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

  it("lets 15 calls through at once, and 10 in each second after that", async () => {
    const callOften = async (times: number) => {
      const outcomes = await Promise.all(Array.from({ length: times }, () => outcome(describeContact(unknownId))));
      return outcomes.filter((one) => one === "404 ResourceNotFoundException").length;
    };
    expect(await callOften(20)).toBe(15);
    expect(await outcome(describeContact(unknownId))).toBe("429 TooManyRequestsException");
    clock.now += 1;
    expect(await callOften(20)).toBe(10);
    clock.now += 60;
    expect(await callOften(20)).toBe(15);
  });

  it("counts no call against the limit that anyone could have made", async () => {
    for (let call = 0; call < 20; call++) await describeContact(unknownId, { secretAccessKey: "wrong" });
    expect(await outcome(describeContact(unknownId))).toBe("404 ResourceNotFoundException");
  });

  it("throttles nothing but itself", async () => {
    await Promise.all(Array.from({ length: 20 }, () => describeContact(unknownId)));
    expect(await start({})).toMatch(/^[\da-f-]{36}$/);
  });

  it("lists the calls that came in", async () => {
    const id = await start({});
    await describeContact(id);
    await describeContact(unknownId);
    expect(connect.describeCalls).toEqual([
      { contactId: id, status: 200, error: null },
      { contactId: unknownId, status: 404, error: "ResourceNotFoundException" },
    ]);
  });
});

describe("a service that is not well", () => {
  it.each([
    ["throttles", "429 TooManyRequestsException"],
    ["denies", "403 AccessDeniedException"],
  ] as const)("%s", async (health, expected) => {
    const id = await start({});
    connect.service = health;
    expect(await outcome(describeContact(id))).toBe(expected);
    connect.service = "works";
    expect(await outcome(describeContact(id))).toBe("200");
  });

  it("hangs up when it is down", async () => {
    connect.service = "down";
    await expect(describeContact(unknownId)).rejects.toThrow("fetch failed");
    expect(connect.describeCalls).toEqual([{ contactId: unknownId, status: null, error: null }]);
  });

  it("answers something else than JSON when it is garbage", async () => {
    connect.service = "garbage";
    const response = await describeContact(unknownId);
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it("is silent when it is slow, and does not outlive its caller", async () => {
    connect.service = "slow";
    const caller = new AbortController();
    const call = fetch(`${connect.origin}/contacts/${access.instanceId}/${unknownId}`, { signal: caller.signal });
    await expect.poll(() => connect.describeCalls).toEqual([{ contactId: unknownId, status: null, error: null }]);
    caller.abort();
    await expect(call).rejects.toThrow("aborted");
  });

  it("still carries chats", async () => {
    connect.service = "down";
    expect(await start({})).toMatch(/^[\da-f-]{36}$/);
  });
});
