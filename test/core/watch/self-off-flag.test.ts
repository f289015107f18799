import { describe, expect, it } from "vitest";
import { type Session } from "../../../src/core/chat/visitor-record.ts";
import { findPhase, mayBeLive, parseSelfOffFlag, secondsLeft } from "../../../src/core/watch/self-off-flag.ts";

const NOW = 1_800_000_000;
const flag = { v: 1 as const, offUntil: NOW + 600, trialUntil: NOW + 4200, told: "off" as const };
const parse = (changes: object, now = NOW) => parseSelfOffFlag(JSON.stringify({ ...flag, ...changes }), now);

describe("parseSelfOffFlag()", () => {
  it("reads what this version writes", () => {
    expect(parse({})).toEqual(flag);
  });

  it.each(["", "1", "{", "[]", "null", '{"v":1}', '{"v":0,"offUntil":1,"trialUntil":2,"told":"off"}'])(
    "takes %j for unreadable",
    (text) => {
      expect(parseSelfOffFlag(text, NOW)).toBe("unreadable");
    },
  );

  it.each([{ offUntil: "soon" }, { offUntil: 1.5 }, { offUntil: -1 }, { trialUntil: NOW }, { told: "all" }])(
    "takes a flag with %j for unreadable",
    (changes) => {
      expect(parse(changes)).toBe("unreadable");
    },
  );

  it("tells a flag of a newer version, whatever it holds", () => {
    expect(parse({ v: 2, offUntil: "noon" })).toBe("newer");
  });

  it("believes a clock that is a minute ahead, and none further ahead", () => {
    expect(parse({ offUntil: NOW + 660 })).toMatchObject({ offUntil: NOW + 660 });
    expect(parse({ offUntil: NOW + 661 })).toBe("too-far");
    expect(parse({ trialUntil: NOW + 4260 })).toMatchObject({ trialUntil: NOW + 4260 });
    expect(parse({ trialUntil: NOW + 4261 })).toBe("too-far");
  });
});

describe("findPhase()", () => {
  it.each([
    [NOW, "off"],
    [NOW + 599, "off"],
    [NOW + 600, "trial"],
    [NOW + 4199, "trial"],
    [NOW + 4200, "on"],
  ])("at %i is %s", (now, phase) => {
    expect(findPhase(flag, now)).toBe(phase);
  });

  it("is on without a flag", () => {
    expect(findPhase(null, NOW)).toBe("on");
  });
});

describe("secondsLeft()", () => {
  it.each([
    [NOW, 600],
    [NOW + 599, 1],
    [NOW + 600, 3600],
    [NOW + 4199, 1],
  ])("at %i is %i", (now, seconds) => {
    expect(secondsLeft(flag, now)).toBe(seconds);
  });
});

describe("mayBeLive()", () => {
  const session = (changes: Partial<Session>): Session => ({
    contactId: "contact",
    ticketId: "ticket",
    startedAt: NOW - 60,
    ...changes,
  });

  it("is true for a chat whose end is not known", () => {
    expect(mayBeLive([session({ endedAt: NOW }), session({})], 60, NOW)).toBe(true);
  });

  it("is false where every chat is over", () => {
    expect(mayBeLive([session({ endedAt: NOW })], 60, NOW)).toBe(false);
  });

  it("is false for a chat that began longer ago than any chat lasts", () => {
    expect(mayBeLive([session({ startedAt: NOW - 3599 })], 60, NOW)).toBe(true);
    expect(mayBeLive([session({ startedAt: NOW - 3600 })], 60, NOW)).toBe(false);
  });

  it("is false for a visitor without chats", () => {
    expect(mayBeLive([], 60, NOW)).toBe(false);
  });
});
