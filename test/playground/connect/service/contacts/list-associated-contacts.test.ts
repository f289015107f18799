import { beforeEach, describe, expect, it } from "vitest";
import { type Connect } from "../../connect.ts";
import { access, listAssociatedContacts, outcome, unknownId } from "../../testing/call-service.ts";
import { clock, connectWith, pastChat, start, startLinked } from "../../testing/with-connect.ts";

let connect: Connect;

beforeEach(async () => {
  connect = await connectWith({ access });
});

interface Page {
  ContactSummaryList: { ContactId: string }[];
  NextToken?: string;
}

async function list(contactId: string, query: Record<string, string> = {}): Promise<Page> {
  const response = await listAssociatedContacts(connect, { contactId, ...query });
  expect(response.status).toBe(200);
  return response.json();
}

const idsOf = ({ ContactSummaryList }: Page) => ContactSummaryList.map(({ ContactId }) => ContactId);

describe("ListAssociatedContacts", () => {
  it("lists every contact of a session, and which of them are over", async () => {
    const { contactId } = await start(connect, { attributes: { a: "b" } });
    clock.now += 10;
    const second = connect.agent.transfer(contactId);
    const arn = `arn:aws:connect:eu-central-1:123456789012:instance/${access.instanceId}/contact`;
    const summaries = [
      {
        ContactId: contactId,
        ContactArn: `${arn}/${contactId}`,
        Channel: "CHAT",
        InitiationMethod: "API",
        InitiationTimestamp: 1_700_000_000,
        DisconnectTimestamp: 1_700_000_010,
      },
      {
        ContactId: second,
        ContactArn: `${arn}/${second}`,
        InitialContactId: contactId,
        PreviousContactId: contactId,
        Channel: "CHAT",
        InitiationMethod: "TRANSFER",
        InitiationTimestamp: 1_700_000_010,
      },
    ];
    expect(await list(contactId)).toEqual({ ContactSummaryList: summaries });
    expect(await list(second)).toEqual({ ContactSummaryList: summaries });
  });

  it("leaves out the chats of others", async () => {
    const [one, other] = [await start(connect), await start(connect)];
    expect(idsOf(await list(one.contactId))).toEqual([one.contactId]);
    expect(idsOf(await list(other.contactId))).toEqual([other.contactId]);
  });

  it("lists linked chats, too, at that position of its switch", async () => {
    const first = await pastChat(connect, "one");
    const second = await pastChat(connect, "two", { chatContinue: "now", contactId: first });
    const third = await startLinked(connect, second);
    await start(connect);
    expect(idsOf(await list(second))).toEqual([second]);
    connect.switches.contactTree = "linked";
    for (const id of [first, second, third.contactId]) {
      expect(idsOf(await list(id))).toEqual([first, second, third.contactId]);
    }
  });

  it("gives pages of 25, or of the wanted size", async () => {
    const { contactId } = await start(connect);
    for (let times = 0; times < 26; times++) connect.agent.transfer(contactId);
    const first = await list(contactId);
    expect(first.ContactSummaryList).toHaveLength(25);
    const second = await list(contactId, { nextToken: first.NextToken ?? "" });
    expect(second).toEqual({ ContactSummaryList: [expect.anything(), expect.anything()] });
    expect((await list(contactId, { maxResults: "27" })).NextToken).toBeUndefined();
    const sizes = await list(contactId, { maxResults: "20", nextToken: first.NextToken ?? "" });
    expect(sizes.ContactSummaryList).toHaveLength(2);
  });

  it("takes a token back for the same contact only", async () => {
    const { contactId } = await start(connect);
    const segment = connect.agent.transfer(contactId);
    const { NextToken: nextToken = "" } = await list(contactId, { maxResults: "1" });
    expect(idsOf(await list(contactId, { nextToken }))).toEqual([segment]);
    const other = listAssociatedContacts(connect, { contactId: segment, nextToken });
    expect(await outcome(other)).toBe("400 InvalidParameterException");
  });

  it.each<[string, string, Record<string, string>]>([
    ["no contact", "400 InvalidParameterException", {}],
    ["an unknown contact", "404 ResourceNotFoundException", { contactId: unknownId }],
    ["a text that is no id", "400 InvalidParameterException", { contactId: "none" }],
    ["the name of the model in the query", "400 InvalidParameterException", { ContactId: unknownId }],
  ])("refuses %s with %s", async (_, expected, query) => {
    expect(await outcome(listAssociatedContacts(connect, query))).toBe(expected);
  });

  it.each([{ maxResults: "0" }, { maxResults: "101" }, { maxResults: "ten" }, { nextToken: "made up" }])(
    "refuses %j with InvalidParameterException",
    async (query) => {
      const { contactId } = await start(connect);
      expect(await outcome(listAssociatedContacts(connect, { contactId, ...query }))).toBe(
        "400 InvalidParameterException",
      );
    },
  );
});
