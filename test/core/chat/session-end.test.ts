import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { associatedContactsSchema, decideSessionEnd } from "../../../src/core/chat/session-end.ts";

const NOW = 1000;
const first = { ContactId: "c1", InitialContactId: null, DisconnectTimestamp: 100.9 };
const transferred = { ContactId: "c2", InitialContactId: "c1", DisconnectTimestamp: 200.25 };
const decide = (answer: object) => decideSessionEnd(v.parse(associatedContactsSchema, answer), "c1", NOW);

describe("decideSessionEnd()", () => {
  it("says when the last contact of the session was over", () => {
    expect(decide({ ContactSummaryList: [transferred, first] })).toEqual({ state: "ended", endedAt: 200 });
  });

  it.each([
    ["which is the first", [{ ContactId: "c1" }, transferred], "c1"],
    ["to which it was transferred", [first, { ContactId: "c2", InitialContactId: "c1" }], "c2"],
  ])("names the contact that is still open, %s", (_which, contacts, openContactId) => {
    expect(decide({ ContactSummaryList: contacts })).toEqual({ state: "open", openContactId });
  });

  it("ignores contacts of other sessions in the same tree", () => {
    const other = { ContactId: "c9", InitialContactId: "c8", RelatedContactId: "c1" };
    expect(decide({ ContactSummaryList: [first, other] })).toEqual({ state: "ended", endedAt: 100 });
  });

  it.each([
    ["there is no contact of the session", { ContactSummaryList: [{ ContactId: "c9" }] }],
    ["there is none at all", {}],
    [
      "the end is still to come, as one in milliseconds",
      { ContactSummaryList: [{ ...first, DisconnectTimestamp: 1061 }] },
    ],
    ["more contacts follow on a next page", { ContactSummaryList: [first], NextToken: "more" }],
  ])("does not know where %s", (_why, answer) => {
    expect(decide(answer)).toEqual({ state: "unknown" });
  });

  it("knows of an open contact whatever follows", () => {
    expect(decide({ ContactSummaryList: [{ ContactId: "c1" }], NextToken: "more" })).toMatchObject({ state: "open" });
  });
});
