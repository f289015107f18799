import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffContent } from "../../../../src/cli/connect/install/content/diff-content.ts";
import { type FlowContent, parseContent } from "../../../../src/cli/connect/install/content/flow-content.ts";
import { type Plan, planInsert } from "../../../../src/cli/connect/install/content/plan-insert.ts";
import { planRemove } from "../../../../src/cli/connect/install/content/plan-remove.ts";

function toContent(plan: Plan): FlowContent {
  if (plan.kind !== "change") throw new Error(`expected a change, found ${JSON.stringify(plan)}`);
  return plan.content;
}
const insert = (content: FlowContent) =>
  toContent(planInsert(content, { contactAttribute: "contactId", rehydrationType: "ENTIRE_PAST_SESSION" }));

const identifiers = fc.oneof(
  fc.uuid(),
  fc.constantFrom("Continue a past chat", "Wait for its transcript", "Link the newest chat", "7", "__proto__"),
  fc.string({ minLength: 1 }),
);
const values = fc.jsonValue({ maxDepth: 2 });
const flows = fc.uniqueArray(identifiers, { minLength: 1, maxLength: 12 }).chain((names) => {
  const target = fc.constantFrom(...names);
  const transitions = fc.record(
    {
      NextAction: target,
      Conditions: fc.array(
        fc.record({
          NextAction: target,
          Condition: fc.record({ Operator: fc.constant("Equals"), Operands: fc.array(fc.string()) }),
        }),
        { maxLength: 3 },
      ),
      Errors: fc.array(
        fc.record({ NextAction: target, ErrorType: fc.constantFrom("NoMatchingError", "NoMatchingCondition") }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );
  const actions = names.map((Identifier) =>
    fc.record(
      {
        Identifier: fc.constant(Identifier),
        Type: fc.constantFrom("Compare", "MessageParticipant", "Wait", "TransferContactToQueue"),
        Parameters: fc.dictionary(fc.string(), values),
        Transitions: transitions,
        Added: values,
      },
      { requiredKeys: ["Identifier", "Type"] },
    ),
  );
  const places = fc.dictionary(
    fc.oneof(target, identifiers),
    fc.record({ position: fc.record({ x: fc.integer(), y: fc.integer() }), parameters: values }, { requiredKeys: [] }),
  );
  return fc.record(
    {
      Version: fc.constant("2019-10-30"),
      StartAction: target,
      Metadata: fc.record({ ActionMetadata: places, name: fc.string(), Annotations: values }, { requiredKeys: [] }),
      Actions: fc.tuple(...actions),
      Settings: values,
    },
    { requiredKeys: ["StartAction", "Actions"] },
  );
});

describe("planInsert() and planRemove(), on random flows", () => {
  it("give the very same content back", () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const text = JSON.stringify(flow);
        const content = parseContent(text);
        if (content === null) throw new Error("expected a flow");
        const inserted = insert(content);
        const names = inserted.Actions.map(({ Identifier }) => Identifier);
        expect(new Set(names).size).toBe(names.length);
        expect(JSON.stringify(content)).toBe(text);
        expect(JSON.stringify(toContent(planRemove(JSON.parse(JSON.stringify(inserted)))))).toBe(
          JSON.stringify(JSON.parse(text)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("show a diff exactly where blocks or Entry differ", () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const content = parseContent(JSON.stringify(flow));
        if (content === null) throw new Error("expected a flow");
        expect(diffContent(content, content)).toEqual([]);
        expect(diffContent(content, insert(content))).toHaveLength(6);
      }),
    );
  });
});
