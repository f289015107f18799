import { beforeEach, describe, expect, it } from "vitest";
import { type Connect } from "../../connect.ts";
import { access, describeContact, outcome, unknownId } from "../../testing/call-service.ts";
import { clock, connectWith, start as startChat } from "../../testing/with-connect.ts";

let connect: Connect;

beforeEach(async () => {
  connect = await connectWith({ access });
});

async function start(attributes: object, claims: object = {}): Promise<string> {
  return (await startChat(connect, { attributes, claims })).contactId;
}

describe("DescribeContact", () => {
  it("describes a live chat with the attributes that were signed", async () => {
    const id = await start({ chatContinue: "none", persistentChatVisitor: "v" }, { customerId: "crm-1" });
    const response = await describeContact(connect, id);
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
    const ids = [id, transferred, surveyed];
    const described = await Promise.all(ids.map((contactId) => describeContact(connect, contactId)));
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
    await expect
      .poll(async () => (await (await describeContact(connect, id)).json()).Contact.RelatedContactId)
      .toBe(past);
  });

  it("leaves out attributes where there are none", async () => {
    const { Contact } = await (await describeContact(connect, await start({}))).json();
    expect(Contact).not.toHaveProperty("Attributes");
  });

  it("does not know a contact after 24 months", async () => {
    const id = await start({});
    clock.now += 731 * 86_400;
    expect(await outcome(describeContact(connect, id))).toBe("404 ResourceNotFoundException");
  });

  it.each([
    ["unknown", unknownId, "404 ResourceNotFoundException"],
    ["no id", "none", "400 InvalidParameterException"],
    ["longer than 256 characters", "x".repeat(257), "400 InvalidParameterException"],
    ["not decodable", "%zz", "400 InvalidParameterException"],
    ["full of reserved characters", "a!b'c(d)*", "400 InvalidParameterException"],
  ])("answers an id that is %s", async (_, id, expected) => {
    expect(await outcome(describeContact(connect, id))).toBe(expected);
  });
});
