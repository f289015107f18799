import { describe, expect, it } from "vitest";
import { buildContactFlow } from "../../../src/cli/flow/contact-flow.ts";
import { findProblems, parseFlow } from "./flow-language.ts";

const flow = parseFlow(JSON.parse(JSON.stringify(buildContactFlow({ contactAttribute: "contactId" }))));

describe("buildContactFlow() with a queue", () => {
  it("sets the queue first, where one is given, and shows its name in the designer", () => {
    const queue = { arn: "arn:aws:connect:eu-central-1:123456789012:instance/i/queue/q", name: "Sales" };
    const withQueue = parseFlow(JSON.parse(JSON.stringify(buildContactFlow({ contactAttribute: "contactId", queue }))));
    expect(findProblems(withQueue)).toEqual(["refers to a resource of an instance"]);
    expect(withQueue.Actions[0]).toMatchObject({
      Identifier: withQueue.StartAction,
      Parameters: { QueueId: queue.arn },
      Transitions: { NextAction: flow.StartAction },
    });
    expect(withQueue.Actions.slice(1)).toEqual(flow.Actions);
    expect(withQueue.Metadata.ActionMetadata[withQueue.StartAction]).toMatchObject({
      parameters: { QueueId: { displayName: "Sales" } },
      queue: { text: "Sales" },
    });
  });
});
