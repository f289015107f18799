import { describe, expect, it } from "vitest";
import { type ConnectAction } from "../../../src/adapters/connect-api.ts";
import { findInAmazon } from "../../../src/cli/findings/find-in-amazon.ts";

describe("findInAmazon()", () => {
  const find = (reasons: Partial<Record<ConnectAction, string>>, linkBy: "flow" | "worker" = "worker") => {
    const actions: readonly ConnectAction[] = [
      "DescribeContact",
      "GetContactAttributes",
      "CreatePersistentContactAssociation",
      "StopContact",
    ];
    return findInAmazon(
      actions.map((action) => ({ action, reason: reasons[action] ?? null })),
      linkBy,
    );
  };

  it("finds aws-refused where nothing is continued without a denied action, with what each denial costs", () => {
    expect(find({ CreatePersistentContactAssociation: "status-403", StopContact: "status-403" })).toMatchObject([
      {
        code: "aws-refused",
        weight: "blocks",
        details: [
          "connect:CreatePersistentContactAssociation (status-403): no chat is linked to the past one",
          "connect:StopContact (status-403): chats that visitors left open stay open",
        ],
      },
    ]);
    expect(find({ DescribeContact: "status-403" }, "flow")).toMatchObject([{ code: "aws-refused" }]);
  });

  it("finds aws-actions-missing where chats are continued all the same", () => {
    expect(find({ GetContactAttributes: "status-403" })).toMatchObject([
      { code: "aws-actions-missing", weight: "warns", details: [expect.stringContaining("GetContactAttributes")] },
    ]);
  });

  it("takes throttling and silence for no denial", () => {
    expect(find({ DescribeContact: "status-429", StopContact: "TimeoutError" })).toMatchObject([
      {
        code: "aws-unreachable",
        details: ["connect:DescribeContact: status-429", "connect:StopContact: TimeoutError"],
      },
    ]);
    const both = find({ DescribeContact: "status-500", StopContact: "status-403" });
    expect(both.map(({ code }) => code)).toEqual(["aws-actions-missing", "aws-unreachable"]);
  });

  it("notes link-by-flow only where the flow links and the key is fine", () => {
    expect(find({})).toEqual([]);
    expect(find({}, "flow")).toMatchObject([{ code: "link-by-flow", weight: "notes" }]);
    expect(find({ StopContact: "status-403" }, "flow").map(({ code }) => code)).toEqual(["aws-actions-missing"]);
  });
});
