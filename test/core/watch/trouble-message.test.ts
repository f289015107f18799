import { describe, expect, it } from "vitest";
import { type Failure } from "../../../src/core/outcome/outcome.ts";
import { decideTroubles, type KnownTroubles } from "../../../src/core/watch/decide-troubles.ts";
import { type Figures } from "../../../src/core/watch/figures.ts";
import { type Trouble } from "../../../src/core/watch/trouble.ts";
import { describeTrouble } from "../../../src/core/watch/trouble-message.ts";
import { failuresOf, hourOf } from "./hours.ts";

const now = 1_800_000_000;

function describeIn(trouble: Trouble, hour: Figures, weekBefore = hourOf(), known: KnownTroubles = {}) {
  const decision = decideTroubles(hour, weekBefore, known, now).find((each) => each.trouble === trouble);
  if (decision === undefined) throw new Error(`Nothing is decided of ${trouble}`);
  return describeTrouble(decision, hour, known[trouble]?.since ?? null, now);
}
const failing = (failure: Failure, networks: number, changes = {}) =>
  hourOf({ failures: failuresOf(failure, networks, changes) });

describe("describeTrouble()", () => {
  it("says what fails, how often, in which browser, and what it was a week before", () => {
    const safari = failuresOf("client-failed", 350);
    const chrome = failuresOf("client-failed", 1, { network: "one", browser: "chrome", count: 900 });
    const { summary, todo } = describeIn(
      "client-failed",
      hourOf({ pages: 12_000, failures: [...chrome, ...safari] }),
      failing("client-failed", 2),
    );
    expect(summary).toBe(
      "Amazon's client failed to load: at least 353 of 12,000 page views (3 %) in the last hour, mostly in safari. " +
        "The same hour a week before: 2 of 1,000 page views (0 %).",
    );
    expect(todo).toContain("status page of AWS");
  });

  it("says so where the week before is not known", () => {
    const weekBefore = hourOf({ pages: 0, tokens: 0, offered: 0 });
    expect(describeIn("client-failed", failing("client-failed", 100), weekBefore).summary).toMatch(
      /\. The same hour a week before: not known\.$/,
    );
  });

  it("names no browser where none is known", () => {
    const { summary } = describeIn("client-failed", failing("client-failed", 100, { browser: "" }));
    expect(summary).not.toContain("mostly");
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
    expect(describeIn("start-refused", failing("start-refused", 20, { status: "401" }))).toMatchObject({
      summary: expect.stringContaining("(status 401)"),
      todo: expect.stringContaining("WIDGET_SECURITY_KEY"),
    });
  });

  it("says how many chats there were before they were gone", () => {
    expect(describeIn("chats-gone", hourOf({ tokens: 0, pages: 900 }))).toMatchObject({
      summary:
        "Nobody opens the chat any more: no chat in the last hour on 900 pages. " +
        "The same hour a week before: 50 chats on 1,000 pages.",
      todo: expect.stringContaining("npm run doctor"),
    });
  });

  it.each([
    [1799, "less than an hour"],
    [3600, "1 hour"],
    [180_000, "50 hours"],
  ])("says after %i seconds that it is over after %s, and asks for nothing", (seconds, age) => {
    const known = { "client-failed": { since: now - seconds, line: 0.02 } };
    expect(describeIn("client-failed", failing("client-failed", 1), hourOf(), known)).toEqual({
      trouble: "client-failed",
      isOver: true,
      summary: `Over after ${age}: Amazon's client failed to load. Now 1 of 1,000 page views (0 %) in the last hour.`,
      todo: "",
    });
  });

  it("says that chats are back", () => {
    const known = { "chats-gone": { since: now - 7200, line: 0 } };
    expect(describeIn("chats-gone", hourOf(), hourOf(), known).summary).toBe(
      "Over after 2 hours: Nobody opens the chat any more. 50 chats in the last hour.",
    );
  });

  it("says why a trouble is over that nobody could see", () => {
    const known = { "client-failed": { since: now - 180_000, line: 0.02, quietSince: now - 86_400 } };
    expect(describeIn("client-failed", hourOf({ pages: 3 }), hourOf(), known).summary).toContain(
      "For a day, too few visitors came to see it again.",
    );
  });
});
