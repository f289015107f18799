import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  decideOwnership,
  describedContactSchema,
  findUnverified,
  listOwn,
  markSession,
  toOwnerMark,
} from "../../../src/core/chat/ownership.ts";

const NOW = 1_800_000_000;
const newest = { contactId: "c3", ticketId: "t3", startedAt: NOW - 10 };
const before = { contactId: "c2", ticketId: "t2", startedAt: NOW - 20 };
const oldest = { contactId: "c1", ticketId: "t1", startedAt: NOW - 30 };

describe("decideOwnership()", () => {
  const decide = (contact: { Channel: string; Attributes?: Record<string, string> } | null) =>
    decideOwnership(contact && { Contact: contact }, contact?.Attributes ?? null, "key", "who");

  it("confirms a chat whose token named this visitor", () => {
    expect(decide({ Channel: "CHAT", Attributes: { who: "key", contactId: "none" } })).toBe("confirmed");
  });

  it.each([
    ["that does not exist", null],
    ["of nobody", { Channel: "CHAT", Attributes: { who: "none" } }],
    ["that was begun without this Worker's token", { Channel: "CHAT", Attributes: {} }],
    ["that names this visitor in another attribute", { Channel: "CHAT", Attributes: { "HostedWidget-who": "key" } }],
  ])("calls a contact %s unnamed", (_which, contact) => {
    expect(decide(contact)).toBe("unnamed");
  });

  it("knows nothing of a chat whose attributes are not told: every token sets some", () => {
    expect(decide({ Channel: "CHAT" })).toBe("unknown");
  });

  it.each([
    ["of another visitor", { Channel: "CHAT", Attributes: { who: "other" } }],
    ["that is no chat", { Channel: "VOICE", Attributes: { who: "key" } }],
  ])("refutes a contact %s", (_which, contact) => {
    expect(decide(contact)).toBe("refuted");
  });
});

describe("describedContactSchema", () => {
  it("reads what DescribeContact answers, and more", () => {
    const described = { Contact: { Id: "c1", Arn: "arn:", Channel: "CHAT", Attributes: { who: "key" } } };
    expect(v.parse(describedContactSchema, described)).toEqual({
      Contact: { Channel: "CHAT", Attributes: { who: "key" } },
    });
  });

  it.each([
    ["no object", "hello"],
    ["an error", { message: "hello" }],
    ["an attribute that is no string", { Contact: { Channel: "CHAT", Attributes: { who: 7 } } }],
  ])("refuses %s", (_what, input) => {
    expect(v.is(describedContactSchema, input)).toBe(false);
  });
});

describe("findUnverified()", () => {
  const verified = <S extends object>(session: S) => ({ ...session, verifiedAt: NOW });

  it.each([
    ["nothing of a visitor without a session", [], null],
    ["the newest first", [newest, before], newest],
    ["the one to fall back on once the newest is confirmed", [verified(newest), before, oldest], before],
    ["nothing once both are confirmed, whatever is older", [verified(newest), verified(before), oldest], null],
  ])("asks about %s", (_what, sessions, asked) => {
    expect(findUnverified(sessions)).toEqual(asked);
  });
});

describe("listOwn()", () => {
  const DAY = 86_400;

  it("leaves out what Connect has denied, for a day", () => {
    const sessions = [{ ...newest, refutedAt: NOW - DAY + 1 }, before];
    expect(listOwn(sessions, NOW)).toEqual([before]);
    expect(listOwn(sessions, NOW + 1)).toEqual(sessions);
  });

  it("lets a confirmation win over a denial", () => {
    const session = { ...newest, refutedAt: NOW, verifiedAt: NOW - 1 };
    expect(listOwn([session], NOW)).toEqual([session]);
  });
});

describe("toOwnerMark()", () => {
  it.each([
    ["a confirmation", "confirmed", { verifiedAt: NOW }],
    ["a denial", "refuted", { refutedAt: NOW }],
    ["that Connect has no such contact", "unnamed", { refutedAt: NOW }],
    ["nothing without an answer", "unknown", null],
  ] as const)("notes %s", (_what, ownership, mark) => {
    expect(toOwnerMark(ownership, { ...newest, startedAt: NOW - 16 }, NOW)).toEqual(mark);
  });

  it("notes no absence of a chat that has just begun, since Connect may not know it everywhere", () => {
    expect(toOwnerMark("unnamed", { ...newest, startedAt: NOW - 15 }, NOW)).toBeNull();
  });
});

describe("markSession()", () => {
  it("notes the time with that session alone, and changes no list that it was given", () => {
    const sessions = [newest, before];
    expect(markSession(sessions, "c2", { verifiedAt: NOW })).toEqual([newest, { ...before, verifiedAt: NOW }]);
    expect(sessions).toEqual([newest, before]);
  });
});
