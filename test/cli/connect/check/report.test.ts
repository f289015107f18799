import { describe, expect, it } from "vitest";
import { mergeLooks } from "../../../../src/cli/connect/check/look.ts";
import { decideVerdict, renderReport } from "../../../../src/cli/connect/check/report.ts";
import { buildFinding } from "../../../../src/cli/findings/catalogue.ts";
import { instance } from "./instance.ts";

describe("decideVerdict()", () => {
  it.each([
    ["nothing", [], true, "Ready: Amazon Connect's side fits this Worker (LINK_BY=flow)."],
    ["a warning", [buildFinding("quota-low")], true, "Ready: Amazon Connect's side fits this Worker (LINK_BY=flow)."],
    [
      "something unseen",
      [buildFinding("not-looked-at")],
      true,
      "Ready: Amazon Connect's side fits this Worker (LINK_BY=flow), as far as it could be looked at.",
    ],
    [
      "no flow that could be read",
      [buildFinding("flow-unseen"), buildFinding("not-looked-at")],
      false,
      "Not checked: No contact flow that links a past chat could be read: whether one works is not known.",
    ],
    [
      "no flow that could be read, and a fault",
      [buildFinding("flow-unseen"), buildFinding("transcripts-off")],
      false,
      "Not working: The instance keeps no chat transcripts: without them, Connect has no past conversation to show.",
    ],
    [
      "two faults",
      [buildFinding("transcripts-off"), buildFinding("flow-missing")],
      false,
      "Not working: The instance keeps no chat transcripts: without them, Connect has no past conversation to show. And 1 more.",
    ],
  ])("says in one sentence how Connect's side is: %s found", (_what, findings, isFine, text) => {
    expect(decideVerdict({ findings, linkBy: "flow" })).toEqual({ isFine, text });
  });
});

describe("renderReport()", () => {
  it("prints the verdict, what is fine, then each finding with its mend", () => {
    const findings = [buildFinding("transcripts-off", { details: ["a fact"] })];
    expect(renderReport({ instance, linkBy: "worker", facts: ["quotas: fine\u001b[8m"], findings })).toBe(
      String.raw`Not working: The instance keeps no chat transcripts: without them, Connect has no past conversation to show.
Instance shop in eu-central-1, account 123456789012.

  quotas: fine\u001b[8m

BLOCKS  transcripts-off
  The instance keeps no chat transcripts: without them, Connect has no past conversation to show.
      a fact
  To do: In the AWS console, on the instance's page, switch on chat transcripts under Data storage. Only chats after that can be continued.
`,
    );
  });
});

describe("mergeLooks()", () => {
  it("makes one finding of those of one code, and sorts by weight", () => {
    const look = (detail: string) => ({
      facts: [detail],
      findings: [buildFinding("not-looked-at", { details: [detail] })],
    });
    const blocking = { facts: [], findings: [buildFinding("flow-missing")] };
    const { facts, findings } = mergeLooks([look("one"), look("two"), blocking]);
    expect(facts).toEqual(["one", "two"]);
    expect(findings.map(({ code, details }) => [code, details])).toEqual([
      ["flow-missing", []],
      ["not-looked-at", ["one", "two"]],
    ]);
  });
});
