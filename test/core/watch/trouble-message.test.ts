import { describe, expect, it } from "vitest";
import { type Failure } from "../../../src/core/outcome/outcome.ts";
import { decideTroubles, type KnownTroubles } from "../../../src/core/watch/decide-troubles.ts";
import { findMost, type MostOf } from "../../../src/core/watch/failure-details.ts";
import { type Figures } from "../../../src/core/watch/figures.ts";
import { type Trouble } from "../../../src/core/watch/trouble.ts";
import { describeTrouble } from "../../../src/core/watch/trouble-message.ts";
import { failuresOf, hourOf } from "./hours.ts";

const now = 1_800_000_000;

interface Changes {
  readonly weekBefore?: Figures;
  readonly known?: KnownTroubles;
  readonly most?: MostOf;
}

function describeIn(trouble: Trouble, hour: Figures, changes: Changes = {}) {
  const { weekBefore = hourOf(), known = {}, most = { browser: "safari", status: "" } } = changes;
  const decision = decideTroubles(hour, weekBefore, known, now).find((each) => each.trouble === trouble);
  if (decision === undefined) throw new Error(`Nothing is decided of ${trouble}`);
  return describeTrouble(decision, most, known[trouble]?.since ?? null, now);
}
const failing = (failure: Failure, networks: number, changes: Partial<Figures> = {}) =>
  hourOf({ failures: failuresOf(failure, networks), ...changes });

describe("describeTrouble()", () => {
  it("says what fails, how often, in which browser, and what it was a week before", () => {
    const { summary, todo } = describeIn("client-failed", failing("client-failed", 353, { pages: 12_000 }), {
      weekBefore: failing("client-failed", 2),
    });
    expect(summary).toBe(
      "Amazon's client failed to load: at least 353 of 12,000 page views (2.9 %) in the last hour, mostly in Safari. " +
        "The same hour a week before: 2 of 1,000 page views (0.2 %).",
    );
    expect(todo).toContain("status page of AWS");
  });

  it("says so where the week before is not known", () => {
    const weekBefore = hourOf({ hasOutcomes: false });
    expect(describeIn("client-failed", failing("client-failed", 100), { weekBefore }).summary).toMatch(
      /\. The same hour a week before: not known\.$/,
    );
  });

  it("names no browser where none is known", () => {
    const { summary } = describeIn("client-failed", failing("client-failed", 100), {
      most: { browser: "", status: "" },
    });
    expect(summary).not.toContain("mostly");
  });

  it("does not call a small share nothing", () => {
    const hour = failing("client-failed", 500, { pages: 1_000_000 });
    expect(describeIn("client-failed", hour).summary).toContain("500 of 1,000,000 page views (less than 0.1 %)");
  });

  it("gives no percentage where more pages failed than were counted", () => {
    expect(describeIn("client-failed", failing("client-failed", 570, { pages: 20 })).summary).toContain(
      "at least 570 page views, more than the 20 that were counted, in the last hour",
    );
  });

  it.each([
    ["start-refused", "of 50 chats"],
    ["history-missing", "of 30 continued chats"],
    // Refused tokens are not among the issued ones.
    ["token-refused", "20 of 70 chats (29 %)"],
  ] as const)("counts %s %s", (failure, words) => {
    expect(describeIn(failure, failing(failure, 20)).summary).toContain(words);
  });

  it("names Amazon's status of refused starts, with what to do about it", () => {
    expect(
      describeIn("start-refused", failing("start-refused", 20), { most: { browser: "", status: "401" } }),
    ).toMatchObject({
      summary: expect.stringContaining("(status 401)"),
      todo: expect.stringContaining("WIDGET_SECURITY_KEY"),
    });
  });

  it("says how many chats there were before they were gone", () => {
    expect(describeIn("chats-gone", hourOf({ tokens: 0, pages: 900 }))).toMatchObject({
      summary:
        "Hardly anybody opens the chat any more: no chat on 900 pages in the last hour. " +
        "The same hour a week before: at least 45 chats on 1,000 pages.",
      todo: expect.stringContaining("npm run doctor"),
    });
  });

  it.each([
    [1799, "less than an hour"],
    [3600, "1 hour"],
    [180_000, "50 hours"],
  ])("says after %i seconds that it is over after %s, and asks for nothing", (seconds, age) => {
    const known = { "client-failed": { since: now - seconds, line: 0.02, share: 0.02 } };
    expect(describeIn("client-failed", failing("client-failed", 1), { known })).toEqual({
      trouble: "client-failed",
      isOver: true,
      summary: `Over after ${age}: Amazon's client failed to load. Now 1 of 1,000 page views (0.1 %) in the last hour.`,
      todo: "",
    });
  });

  it("says that chats are back", () => {
    const known = { "chats-gone": { since: now - 7200, line: 0, share: 0 } };
    expect(describeIn("chats-gone", hourOf(), { known }).summary).toBe(
      "Over after 2 hours: Hardly anybody opens the chat any more. 50 chats in the last hour.",
    );
  });

  it("says why a trouble is over that nobody could see", () => {
    const known = { "client-failed": { since: now - 180_000, line: 0.02, share: 0.02, quietSince: now - 86_400 } };
    expect(describeIn("client-failed", hourOf({ pages: 3 }), { known }).summary).toContain(
      "For a day, nothing could be seen of it.",
    );
  });
});

describe("findMost()", () => {
  const detail = (outcome: string, browser: string, reason: string, counted: number) => ({
    outcome,
    browser,
    reason,
    counted,
  });

  it("names the browser and the status that most of a failure has, and of no other failure", () => {
    const details = [
      detail("client-failed", "chrome", "", 900),
      detail("start-refused", "firefox", "401", 20),
      detail("start-refused", "safari", "401", 11),
      detail("start-refused", "firefox", "404", 15),
    ];
    expect(findMost(details, "start-refused")).toEqual({ browser: "firefox", status: "401" });
    expect(findMost(details, "never-ready")).toEqual({ browser: "", status: "" });
  });

  it("names none that only has more than each other", () => {
    const details = ["chrome", "safari", "firefox"].map((browser, index) =>
      detail("never-ready", browser, "", 10 + index),
    );
    expect(findMost(details, "never-ready").browser).toBe("");
  });
});
