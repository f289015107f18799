import { describe, expect, it } from "vitest";
import { Misuse } from "../../../../src/cli/shared/command-line.ts";
import { chooseFlow, toLook } from "../../../../src/cli/connect/check/look-at-flows.ts";
import { type Flow } from "../../../../src/cli/connect/check/describe-flow.ts";
import { type FlowEntry } from "../../../../src/cli/connect/flows/list-flows.ts";
import { type FlowContent } from "../../../../src/cli/connect/check/flow/parse-flow.ts";
import { type Finding } from "../../../../src/cli/findings/catalogue.ts";
import { instance } from "./instance.ts";
import { block, delivered, NEWEST, withBlock } from "./flow/flows.ts";

const tokens = { contact: "contactId", visitor: "persistentChatVisitor", readyAfterSeconds: 60 };
const options = { tokens, linkBy: "flow", wanted: null } as const;
const summary: FlowEntry = {
  id: "11111111-0000-4000-8000-000000000000",
  arn: `${instance.arn}/contact-flow/11111111-0000-4000-8000-000000000000`,
  name: "Main",
  type: "CONTACT_FLOW",
  isArchived: false,
};
const flow: Flow = { ...summary, isPublished: true, content: delivered, saved: delivered };
const broken = withBlock(NEWEST, ({ Parameters }) => ({ Parameters: { ...Parameters, RehydrationType: "" } }));
const empty: FlowContent = { StartAction: "End", Actions: [block("End", "DisconnectParticipant", null)] };
const list = (findings: readonly Finding[]) => findings.map(({ code, weight }) => `${weight} ${code}`);

describe("toLook()", () => {
  it("finds nothing in a good flow, and says so", () => {
    expect(toLook([flow], options)).toEqual({
      facts: ['flow "Main": each way to an agent goes through the link'],
      findings: [],
    });
  });

  it.each<[string, readonly Flow[], readonly string[]]>([
    ["no flow", [], ["blocks flow-missing"]],
    ["a flow that was never published", [{ ...flow, isPublished: false }], ["blocks flow-unpublished"]],
    ["a change that was not published", [{ ...flow, saved: broken }], ["warns flow-saved-differs"]],
    ["a broken flow", [{ ...flow, content: broken, saved: broken }], ["blocks flow-type-missing"]],
    ["a content of another form", [{ ...flow, content: null }], ["warns flow-unreadable", "blocks flow-unseen"]],
    ["a content of another form beside a good flow", [flow, { ...flow, content: null }], ["warns flow-unreadable"]],
    [
      "a broken trial beside a good flow",
      [flow, { ...flow, name: "Trial", content: broken, saved: broken }],
      ["warns flow-type-missing"],
    ],
    [
      "an unpublished copy beside a good flow",
      [flow, { ...flow, name: "Copy", isPublished: false }],
      ["warns flow-unpublished"],
    ],
  ])("finds: %s", (_what, flows, expected) => {
    expect(list(toLook(flows, options).findings)).toEqual(expected);
  });

  it("says of a flow without the blocks, if it is named, that it does not link", () => {
    const named = { ...options, wanted: "Main" };
    expect(list(toLook([{ ...flow, content: empty, saved: empty }], named).findings)).toEqual([
      "blocks flow-without-blocks",
    ]);
    expect(list(toLook([{ ...flow, content: empty }], named).findings)).toEqual(["blocks flow-unpublished"]);
  });

  it("does not call a named flow good that cannot be read", () => {
    const named = { ...options, wanted: "Main" };
    expect(list(toLook([{ ...flow, content: null, saved: null }], named).findings)).toContain("blocks flow-unseen");
    expect(list(toLook([{ ...flow, content: null }], { ...options, linkBy: "worker" }).findings)).toEqual([
      "warns flow-unreadable",
    ]);
  });

  it("needs no flow where the Worker links, and warns of one that links as well", () => {
    const worker = { ...options, linkBy: "worker" } as const;
    expect(toLook([], worker)).toEqual({ facts: [], findings: [] });
    const linking = { ...delivered, StartAction: NEWEST };
    const { facts, findings } = toLook([{ ...flow, content: linking, saved: linking }], worker);
    expect([facts, list(findings)]).toEqual([[], ["warns flow-links-too"]]);
    expect(toLook([flow], worker).facts).toEqual(['flow "Main": leaves the link to the Worker']);
  });
});

describe("chooseFlow()", () => {
  it.each([summary.name, summary.id, summary.arn])("finds a flow by %s", (wanted) => {
    expect(chooseFlow([summary], wanted)).toBe(summary);
  });

  it("takes the active one of two flows of one name", () => {
    const archived = { ...summary, id: "2", isArchived: true };
    const other = { ...summary, id: "3", type: "CUSTOMER_QUEUE" };
    expect(chooseFlow([archived, other, summary], "Main")).toBe(summary);
  });

  it("refuses a name that no flow has, and names those that there are", () => {
    const flows = [
      { ...summary, name: "Shop\nchat" },
      { ...summary, name: "Old", isArchived: true },
    ];
    const refused = new Misuse(String.raw`--flow: the instance has no flow "Nope", but "Shop\u000achat".`);
    expect(() => chooseFlow(flows, "Nope")).toThrow(refused);
    expect(() => chooseFlow([], "Nope")).toThrow("and no other inbound flow");
  });

  it.each<[string, Partial<FlowEntry>, string, string]>([
    ["archived", { isArchived: true }, "Main", '"Main" is archived'],
    ["of another type", { type: "CUSTOMER_QUEUE" }, "Main", '"Main" is of the type CUSTOMER_QUEUE'],
    ["a module", {}, `${instance.arn}/flow-module/11111111-0000-4000-8000-000000000000`, "It is a module"],
  ])("says in one sentence that a flow is %s", (_what, changes, wanted, expected) => {
    expect(chooseFlow([{ ...summary, ...changes }], wanted)).toContain(expected);
  });
});
