import { describe, expect, it } from "vitest";
import { buildContactFlow } from "../../../src/cli/flow/contact-flow.ts";
import { findProblems, type Flow, parseFlow } from "./flow-language.ts";

const flow = parseFlow(JSON.parse(JSON.stringify(buildContactFlow({ contactAttribute: "contactId" }))));

describe("parseFlow() and findProblems()", () => {
  const [choose, wait, link, , queue, message, end] = flow.Actions;
  const withActions = (...Actions: unknown[]) => ({ ...flow, Actions });
  const withTransitions = (action: Flow["Actions"][number] | undefined, changes: object) => ({
    ...action,
    Transitions: { ...action?.Transitions, ...changes },
  });

  it.each<[string, unknown]>([
    ["another version", { ...flow, Version: "2020-01-01" }],
    ["an unknown action", withActions({ ...end, Type: "HangUp" })],
    ["a forbidden character", withActions({ ...end, Identifier: "End (now)" })],
    ["a name of 51 characters", withActions({ ...end, Identifier: "x".repeat(51) })],
    ["an unknown parameter", withActions({ ...queue, Parameters: { QueueId: "1" } })],
    ["a missing parameter", withActions({ ...link, Parameters: { RehydrationType: "ENTIRE_PAST_SESSION" } })],
    ["a fixed contact id", withActions({ ...link, Parameters: { ...link?.Parameters, SourceContactId: "none" } })],
    ["a number where the console writes text", withActions({ ...wait, Parameters: { TimeLimitSeconds: 60 } })],
    ["a wait of 0 seconds", withActions({ ...wait, Parameters: { TimeLimitSeconds: "0" } })],
    ["a wait without a condition", withActions(withTransitions(wait, { Conditions: [] }))],
    ["a missing error branch", withActions(withTransitions(queue, { Errors: [] }))],
    [
      "an error that the action cannot have",
      withActions(withTransitions(choose, { Errors: [{ NextAction: "x", ErrorType: "NoMatchingError" }] })),
    ],
    ["an end with a next action", withActions(withTransitions(end, { NextAction: "x" }))],
    ["an empty message", withActions({ ...message, Parameters: { Text: "" } })],
  ])("refuses %s", (_, wrong) => {
    expect(() => parseFlow(wrong)).toThrow();
  });

  const rename = (from: string, to: string): Flow =>
    parseFlow(JSON.parse(JSON.stringify(flow).replace(`"Identifier":"${from}"`, `"Identifier":"${to}"`)));

  it.each<[string, Flow, string]>([
    ["a start that does not exist", { ...flow, StartAction: "elsewhere" }, "no action elsewhere"],
    ["a target that does not exist", rename("End the chat", "The end"), "no action End the chat"],
    ["an action that nothing leads to", rename("End the chat", "The end"), "nothing leads to The end"],
    ["one name for two actions", rename("End the chat", "Link the newest chat"), "Link the newest chat is there twice"],
    ["an action without metadata", rename("End the chat", "The end"), "no metadata of The end"],
    [
      "a resource of an instance",
      { ...flow, Metadata: { ...flow.Metadata, name: "arn:aws:connect:eu-central-1:1:instance/2" } },
      "refers to a resource of an instance",
    ],
    [
      "a loop",
      parseFlow(
        JSON.parse(JSON.stringify(flow).replaceAll('"NextAction":"End the chat"', '"NextAction":"Go on to the queue"')),
      ),
      "loop at Go on to the queue",
    ],
  ])("finds %s", (_, wrong, problem) => {
    expect(findProblems(wrong)).toContain(problem);
  });
});
