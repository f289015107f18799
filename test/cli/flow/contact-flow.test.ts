import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildContactFlow } from "../../../src/cli/flow/contact-flow.ts";
import { buildAttributes, decideContinuation, FIXED_ATTRIBUTES } from "../../../src/core/chat/continuation.ts";
import { buildBuiltInFlow } from "../../playground/connect/flow/built-in-flow.ts";
import { readFlow } from "../../playground/connect/flow/flow-document.ts";
import { runFlow as runStandIn, type WaitResult } from "../../playground/connect/flow/run-flow.ts";
import { type Attributes, runFlow, type World } from "./flow-interpreter.ts";
import { findProblems, findTargets, parseFlow } from "./flow-language.ts";

const document = buildContactFlow({ contactAttribute: "contactId" });
const flow = parseFlow(JSON.parse(JSON.stringify(document)));

const signed = { contactId: "newest", contactIdFallback: "before", chatContinue: "now", chatWaitSeconds: "0" };
const world = { canLink: () => true, doesCustomerReturn: false, queue: "open" } as const;
const run = (attributes: Attributes, changes: Partial<World> = {}) =>
  runFlow(flow, { ...world, attributes, ...changes });

const refuse =
  (...refused: string[]) =>
  (contactId: string) =>
    !refused.includes(contactId);

describe("buildContactFlow()", () => {
  it("builds a flow that every instance can import: each block is reachable, and there is no loop", () => {
    expect(findProblems(flow)).toEqual([]);
  });

  it("links whole past sessions, from the attribute that the owner chose", () => {
    const links = parseFlow(buildContactFlow({ contactAttribute: "past-contact_1" })).Actions.flatMap((action) =>
      action.Type === "CreatePersistentContactAssociation" ? [action.Parameters] : [],
    );
    expect(links).toEqual([
      { RehydrationType: "ENTIRE_PAST_SESSION", SourceContactId: "$.Attributes.past-contact_1" },
      { RehydrationType: "ENTIRE_PAST_SESSION", SourceContactId: "$.Attributes.contactIdFallback" },
    ]);
  });

  it("reads the attribute that the owner chose, the fixed ones, and no other", () => {
    const read = [...JSON.stringify(flow.Actions).matchAll(/\$\.Attributes\.([\w-]+)/g)].map(([, name]) => name);
    expect(new Set(read)).toEqual(new Set(["contactId", ...FIXED_ATTRIBUTES]));
  });

  it("begins with the four blocks to copy, and all their exits lead to one block", () => {
    const own = flow.Actions.slice(0, 4);
    expect(own.map(({ Type }) => Type)).toEqual([
      "Compare",
      "Wait",
      "CreatePersistentContactAssociation",
      "CreatePersistentContactAssociation",
    ]);
    const names = new Set(own.map(({ Identifier }) => Identifier));
    const exits = own.flatMap(findTargets).filter((target) => !names.has(target));
    expect(new Set(exits)).toEqual(new Set(["Go on to the queue"]));
  });

  it("leads from the wait to the link, whatever ends the wait", () => {
    const waits = flow.Actions.filter(({ Type }) => Type === "Wait");
    expect(waits.map((wait) => new Set(findTargets(wait)))).toEqual([new Set(["Link the newest chat"])]);
  });

  it("shows in the designer the value of each condition, and which values are dynamic", () => {
    expect(flow.Metadata.ActionMetadata).toMatchObject({
      "Continue a past chat": { conditionMetadata: [{ value: "wait" }, { value: "now" }] },
      "Wait for its transcript": { parameters: { TimeLimitSeconds: { useDynamic: true } }, useDynamic: true },
      "Link the newest chat": { parameters: { SourceContactId: { useDynamic: true } }, useDynamic: true },
    });
  });

  it.each<[string, Attributes, Partial<World>, object]>([
    ["nothing to continue", { ...signed, chatContinue: "none" }, {}, { waited: [], tried: [], linked: [] }],
    ["an old chat", signed, {}, { waited: [], tried: ["newest"], linked: ["newest"] }],
    [
      "a chat that has just ended",
      { ...signed, chatContinue: "wait", chatWaitSeconds: "42" },
      {},
      { waited: [42], tried: ["newest"], linked: ["newest"] },
    ],
    [
      "a newest chat that Connect refuses",
      signed,
      { canLink: refuse("newest") },
      { tried: ["newest", "before"], linked: ["before"] },
    ],
    [
      "a refused chat after waiting",
      { ...signed, chatContinue: "wait", chatWaitSeconds: "1" },
      { canLink: refuse("newest") },
      { waited: [1], tried: ["newest", "before"], linked: ["before"] },
    ],
    ["two refused chats", signed, { canLink: refuse("newest", "before") }, { tried: ["newest", "before"], linked: [] }],
    [
      "a refused chat and none before it",
      { ...signed, contactIdFallback: "none" },
      { canLink: refuse("newest", "none") },
      { tried: ["newest", "none"], linked: [] },
    ],
    ["a token without the Worker's attributes", {}, {}, { waited: [], tried: [], linked: [] }],
    ["an unknown value of chatContinue", { ...signed, chatContinue: "Now" }, {}, { tried: [], linked: [] }],
    ["no contact id", { chatContinue: "now" }, {}, { tried: [undefined, undefined], linked: [] }],
    [
      "a wait without a time",
      { contactId: "newest", chatContinue: "wait" },
      {},
      { waited: [], tried: ["newest"], linked: ["newest"] },
    ],
    ["a wait of 0 seconds", { ...signed, chatContinue: "wait" }, {}, { waited: [], linked: ["newest"] }],
    [
      "a wait that is too long",
      { ...signed, chatContinue: "wait", chatWaitSeconds: "604801" },
      {},
      { waited: [], linked: ["newest"] },
    ],
  ])("lets the chat go on: %s", (_, attributes, changes, expected) => {
    expect(run(attributes, changes)).toMatchObject({ ...expected, end: "queue" });
  });

  it.each(["full", "not set"] as const)("tells the visitor and ends the chat when the queue is %s", (queue) => {
    const visited = { ...world, attributes: signed, queue };
    expect(runFlow(flow, visited)).toMatchObject({ linked: ["newest"], end: "disconnected" });
  });
});

const contactIds = fc.uniqueArray(fc.uuid(), { minLength: 0, maxLength: 5 });
const histories = contactIds.chain((ids) =>
  fc.tuple(
    ...ids.map((contactId) =>
      fc.record(
        {
          contactId: fc.constant(contactId),
          ticketId: fc.constant(contactId),
          startedAt: fc.nat(10_000),
          endedAt: fc.nat(10_000),
          verifiedAt: fc.nat(10_000),
        },
        { requiredKeys: ["contactId", "ticketId", "startedAt"] },
      ),
    ),
  ),
);
const decisions = fc
  .record({
    sessions: histories,
    now: fc.integer({ min: 10_000, max: 11_000 }),
    readyAfterSeconds: fc.nat(600),
    onlyVerified: fc.boolean(),
  })
  .map(({ sessions, ...rules }) => decideContinuation(sessions, rules));
const attributeKeys = fc
  .stringMatching(/^[\w-]{1,20}$/)
  .filter((key) => ![...FIXED_ATTRIBUTES, "visitor", "__proto__"].includes(key));

describe("buildContactFlow(), run with random decisions and attributes", () => {
  it("waits as long as the Worker decided, then links the contact that it decided, or else the fallback", () => {
    fc.assert(
      fc.property(decisions, attributeKeys, fc.boolean(), fc.boolean(), (decision, contact, first, second) => {
        const offered = decision.continue === "none" ? null : decision;
        const known = [first ? offered?.contactId : null, second ? offered?.fallback : null].filter((id) => id != null);
        const outcome = runFlow(parseFlow(buildContactFlow({ contactAttribute: contact })), {
          attributes: buildAttributes(decision, null, { contact, visitor: "visitor" }),
          canLink: (contactId) => known.includes(contactId),
          doesCustomerReturn: false,
          queue: "open",
        });
        expect(outcome).toMatchObject({
          waited: decision.continue === "wait" ? [decision.waitSeconds] : [],
          linked: known.slice(0, 1),
          end: "queue",
        });
        // Connect may get the word "none" as the fallback, but never instead of the decided contact.
        expect(outcome.tried[0]).toBe(offered?.contactId);
      }),
      { numRuns: 500 },
    );
  });

  it("goes on to the queue with any forged attributes, and links at most one contact", () => {
    const word = fc.oneof(fc.constantFrom("none", "wait", "now", "", "0", "60", "-1", "1e9", "newest"), fc.string());
    const forged = fc.record(
      { contactId: word, contactIdFallback: word, chatContinue: word, chatWaitSeconds: word },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(forged, fc.func(fc.boolean()), (attributes, canLink) => {
        const { linked, end } = run(attributes, { canLink });
        expect(end).toBe("queue");
        expect(linked.length).toBeLessThanOrEqual(1);
        if (attributes.chatContinue !== "now" && attributes.chatContinue !== "wait") expect(linked).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("is the stand-in's flow in the playground, which sets the queue first", () => {
    const [setQueue, ...others] = Reflect.get(buildBuiltInFlow("contactId", "queue"), "Actions");
    expect(setQueue).toMatchObject({ Type: "UpdateContactTargetQueue", Transitions: { NextAction: flow.StartAction } });
    expect(others).toEqual(flow.Actions);
  });

  it("does the same in the stand-in's own interpreter", async () => {
    const refused = fc.subarray(["newest", "before", "none"]);
    const attributes = fc.record(
      {
        contactId: fc.constantFrom("newest", "none"),
        contactIdFallback: fc.constantFrom("before", "none"),
        chatContinue: fc.constantFrom("none", "wait", "now", "other"),
        chatWaitSeconds: fc.constantFrom("0", "7", "604800", "604801", "soon"),
      },
      { requiredKeys: [] },
    );
    const standInFlow = readFlow(JSON.stringify(buildBuiltInFlow("contactId", "queue")));
    if (standInFlow === null) throw new Error("no flow");
    const wait = fc.constantFrom<WaitResult>("completed", "customer-return");
    await fc.assert(
      fc.asyncProperty(attributes, refused, wait, async (sent, without, result) => {
        const standIn = { waited: [] as number[], tried: [] as string[], linked: [] as string[] };
        const canLink = (contactId: string) => contactId !== "" && !without.includes(contactId);
        const input = { attributes: sent, rehydrationTypeForm: "api", findQueue: () => "BasicQueue" } as const;
        await runStandIn(standInFlow, input, {
          note: () => {},
          say: () => {},
          disconnect: () => {},
          isLive: () => true,
          wait: async (seconds) => {
            standIn.waited.push(seconds);
            return result;
          },
          link: (source) => {
            standIn.tried.push(source);
            if (canLink(source)) standIn.linked.push(source);
            const outcome = canLink(source) ? "linked" : "error";
            const request = { source, rehydrationType: "ENTIRE_PAST_SESSION", clientToken: null } as const;
            return { ...request, outcome, refusal: null, rehydrated: false, continuedFrom: null, reason: "" };
          },
        });
        const { waited, tried, linked } = run(sent, { canLink, doesCustomerReturn: result === "customer-return" });
        expect({ waited, tried: tried.map((source) => source ?? ""), linked }).toEqual(standIn);
      }),
      { numRuns: 500 },
    );
  });
});
