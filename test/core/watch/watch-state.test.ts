import { describe, expect, it } from "vitest";
import { FIRST_STATE, formatWatchState, parseWatchState, settleClock } from "../../../src/core/watch/watch-state.ts";

const now = 1_800_000_000;
const DAY = 86_400;
const known = { "client-failed": { since: now - 900, line: 0.02, share: 0.02, count: 30, quietSince: now - 300 } };
const state = { at: now - 300, run: "a run", known, isBlind: false };

describe("parseWatchState()", () => {
  it("reads what was written", () => {
    for (const written of [state, { ...state, isBlind: true }]) {
      expect(parseWatchState(formatWatchState(written))).toEqual(written);
    }
  });

  it("reads nothing as the state before the first run", () => {
    expect(parseWatchState(null)).toEqual(FIRST_STATE);
  });

  it("leaves out a trouble that this version does not know", () => {
    const more = { ...known, "agent-asleep": { since: now, line: 0.1, share: 0.1 } };
    expect(parseWatchState(JSON.stringify({ v: 1, at: now, run: "", known: more }))).toEqual({
      at: now,
      run: "",
      known,
      isBlind: false,
    });
  });

  it.each([
    "",
    "{",
    "null",
    '{"v":1}',
    '{"v":1,"at":"now","run":"","known":{}}',
    '{"v":1,"at":1,"run":"","known":{"client-failed":{"since":-1,"line":0.1,"share":0.1}}}',
    `{"v":1,"at":1,"run":"${"x".repeat(70_000)}","known":{}}`,
  ])("cannot read %.60s", (text) => {
    expect(parseWatchState(text)).toBe("unreadable");
  });

  it("knows a newer version's state", () => {
    expect(parseWatchState('{"v":2,"troubles":[]}')).toBe("newer");
  });
});

describe("settleClock()", () => {
  it("leaves a state alone that is up to a day old, or from another machine's clock", () => {
    for (const at of [now - DAY, now, now + 60]) {
      expect(settleClock({ ...state, at }, now)).toEqual({ state: { ...state, at }, jumped: null });
    }
  });

  it.each([
    ["back", now + 61],
    ["back", now + 7 * DAY],
    ["ahead", now - DAY - 1],
    ["ahead", now - 7 * DAY],
  ])("keeps the known troubles, as fresh from now, after a jump %s", (jumped, at) => {
    expect(settleClock({ ...state, at }, now)).toEqual({
      state: {
        at: now,
        run: "a run",
        known: { "client-failed": { since: now, line: 0.02, share: 0.02, count: 30 } },
        isBlind: false,
      },
      jumped,
    });
  });

  it("takes an old state without troubles for no jump: it is written only when something changes", () => {
    expect(settleClock({ ...state, at: now - 90 * DAY, known: {} }, now).jumped).toBe(null);
  });
});
