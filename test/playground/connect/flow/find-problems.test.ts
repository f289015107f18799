import { describe, expect, it } from "vitest";
import { buildBuiltInFlow } from "./built-in-flow.ts";
import { findProblems } from "./find-problems.ts";

const surroundings = { hasQueue: (queue: string) => queue === "queue", rehydrationTypeForm: "api" } as const;
const fine = JSON.stringify(buildBuiltInFlow("contactId", "queue"));

interface Block {
  Identifier: string;
  Parameters: Record<string, unknown>;
  Transitions: { NextAction?: string; Conditions?: unknown[]; Errors?: { ErrorType: string }[] };
  Type: string;
}

/** The problems of the flow with one block changed. */
function problemsWith(name: string, change: (block: Block) => void): string[] {
  const flow: { Actions: Block[] } = JSON.parse(fine);
  for (const block of flow.Actions) if (block.Identifier === name) change(block);
  return findProblems(JSON.stringify(flow), surroundings);
}

describe("findProblems()", () => {
  it("finds none in the built-in flow, nor in a block that nothing leads to", () => {
    expect(findProblems(fine, surroundings)).toEqual([]);
    const lonely = problemsWith("Set the queue", (block) => (block.Transitions.NextAction = "Go on to the queue"));
    expect(lonely).toEqual([]);
  });

  it.each([
    ["what is no JSON", "{", /no flow/],
    ["a list", "[]", /no flow/],
    ["another version", fine.replace("2019-10-30", "2017"), /The Version/],
    ["a beginning that is not there", fine.replace('"StartAction":"Set', '"StartAction":"Get'), /"Get the queue"/],
    ["two blocks of one name", fine.replaceAll("End the chat", "Set the queue"), /"Set the queue" is there twice/],
  ])("finds %s", (_, content, problem) => {
    expect(findProblems(content, surroundings)[0]).toMatch(problem);
  });

  it.each<[string, string, (block: Block) => void, RegExp]>([
    ["a way to nowhere", "Set the queue", ({ Transitions }) => (Transitions.NextAction = "Gone"), /leads to "Gone"/],
    ["no next block", "Set the queue", ({ Transitions }) => delete Transitions.NextAction, /has no NextAction/],
    [
      "a next block after the end",
      "End the chat",
      ({ Transitions }) => (Transitions.NextAction = "Set the queue"),
      /nothing can/,
    ],
    ["an unknown type", "End the chat", (block) => (block.Type = "Disconnect"), /there is no type "Disconnect"/],
    ["an unknown queue", "Set the queue", ({ Parameters }) => (Parameters["QueueId"] = "other"), /no queue of this/],
    ["no queue", "Set the queue", ({ Parameters }) => delete Parameters["QueueId"], /either QueueId or AgentId/],
    [
      "text to compare",
      "Continue a past chat",
      ({ Parameters }) => (Parameters["ComparisonValue"] = "now"),
      /no reference/,
    ],
    [
      "too long a wait",
      "Wait for its transcript",
      ({ Parameters }) => (Parameters["TimeLimitSeconds"] = "604801"),
      /604800/,
    ],
    [
      "a wait without its condition",
      "Wait for its transcript",
      ({ Transitions }) => (Transitions.Conditions = []),
      /WaitCompleted/,
    ],
    [
      "an event without its condition",
      "Wait for its transcript",
      ({ Parameters }) => (Parameters["Events"] = ["CustomerReturned"]),
      /condition CustomerReturned/,
    ],
    [
      "no source",
      "Link the newest chat",
      ({ Parameters }) => (Parameters["SourceContactId"] = ""),
      /SourceContactId is missing/,
    ],
    ["no message", "Say that nobody can be reached", (block) => (block.Parameters = {}), /no message/],
    ["too long a name", "End the chat", (block) => (block.Identifier = "x".repeat(51)), /Identifier is not valid/],
  ])("finds %s", (_, name, change, problem) => {
    expect(problemsWith(name, change).join(" ")).toMatch(problem);
  });

  it.each([
    ["Set the queue", "NoMatchingError"],
    ["Continue a past chat", "NoMatchingCondition"],
    ["Wait for its transcript", "NoMatchingError"],
    ["Link the newest chat", "NoMatchingError"],
    ["Go on to the queue", "QueueAtCapacity"],
    ["Go on to the queue", "NoMatchingError"],
    ["Say that nobody can be reached", "NoMatchingError"],
  ])("finds that %s has no branch %s", (name, type) => {
    const problems = problemsWith(name, ({ Transitions }) => {
      Transitions.Errors = (Transitions.Errors ?? []).filter(({ ErrorType }) => ErrorType !== type);
    });
    expect(problems).toEqual([`Block "${name}": its branch ${type} is not connected.`]);
  });

  it.each([
    ["api", "ENTIRE_PAST_SESSION", "Entire Past Session"],
    ["api", "FROM_SEGMENT", "From Segment"],
    ["label", "Entire Past Session", "ENTIRE_PAST_SESSION"],
    ["label", "From Segment", "FROM_SEGMENT"],
  ] as const)("takes a rehydration type in the form %s alone: %s", (rehydrationTypeForm, taken, refused) => {
    const check = (type: string) =>
      findProblems(fine.replaceAll("ENTIRE_PAST_SESSION", type), { ...surroundings, rehydrationTypeForm });
    expect(check(taken)).toEqual([]);
    expect(check(refused)).toHaveLength(2);
  });
});
