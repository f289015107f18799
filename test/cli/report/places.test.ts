import { describe, expect, it } from "vitest";
import { type Count, type HourCount, type ReportFigures } from "../../../src/cli/report/figures/report-figures.ts";
import { decideVerdict } from "../../../src/cli/report/judge/verdict.ts";
import { count, failuresAgo, figuresOf, told } from "./some-figures.ts";

const safari = { browser: "safari", version: "1.4.0" };
const chats = [count("contact.recorded", "started", "", 90), count("token.issued", "none", "no-session", 95)];

/** What the report says of failures on 100 pages. */
function say(failures: readonly Count[], of: Partial<ReportFigures> = {}): string {
  return decideVerdict(figuresOf([count("page.injected", "", "", 1000), ...chats, ...failures], of)).text;
}

describe("where and when a failure was", () => {
  it("is one place where most were in one browser with one version", () => {
    expect(
      say([told("client-failed", 60, safari), told("client-failed", 40, { browser: "edge", version: "1.3.0" })]),
    ).toBe("Amazon's client failed to load in 100 page views, most of them in Safari with version 1.4.0.");
  });

  it("is two places where most were in one browser, and most others with one version", () => {
    const failures = [
      told("client-failed", 20, safari),
      told("client-failed", 40, { browser: "safari", version: "1.3.0" }),
      told("client-failed", 40, { browser: "edge", version: "1.4.0" }),
    ];
    expect(say(failures)).toBe(
      "Amazon's client failed to load in 100 page views, most of them in Safari, and most with version 1.4.0.",
    );
  });

  it.each([
    ["start-refused", "Amazon refused to start the chat in 40 page views."],
    ["connection-lost", "A chat lost its connection, and did not get it back: in 40 page views."],
    ["never-ready", "Amazon's client loaded, and the widget never appeared: in 40 page views."],
  ])("is of the whole clause of %s", (failure, text) => {
    expect(say([told(failure, 40)])).toBe(text);
  });

  const week = (peak: number, usual: number, peakDay = 5): HourCount[] =>
    [0, 1, 2, 3, 4, 5, 6].map((day) => failuresAgo(day, day === peakDay ? peak : usual));

  it("is a day where most were on that day", () => {
    expect(say([told("client-failed", 70)], { hours: week(60, 2) })).toMatch(
      /, most of them on 10 Jun\. Since 11 Jun it/,
    );
  });

  it("is a day with far more than usual where others have more together", () => {
    expect(say([told("client-failed", 350)], { hours: week(60, 10) })).toMatch(
      /in 350 page views, far more than usual on 10 Jun\./,
    );
  });

  it("is not over on the next day, and not while more fail than usual", () => {
    expect(say([told("client-failed", 70)], { hours: week(60, 2, 1) })).not.toContain("Since");
    const after = [5, 1, 1, 4, 1, 60, 1].map((times, day) => failuresAgo(day, times));
    expect(say([told("client-failed", 73)], { hours: after })).not.toContain("Since");
  });

  it("says first of a failure that is over that nothing may be to be done", () => {
    const figures = figuresOf([count("page.injected", "", "", 9000), ...chats, told("client-failed", 72)], {
      hours: week(60, 2),
    });
    expect(decideVerdict(figures).todo).toMatch(/^If you know the cause, nothing is to be done\. Otherwise: Open/);
  });

  it("names many days by their first and last", () => {
    const hours = [30, 1, 30, 1, 30, 1, 30, 1, 1, 1].map((times, day) => failuresAgo(day, times));
    const of = { days: 10, hours, span: { from: (hours[9]?.hour ?? 0) - 1, until: hours[0]?.hour ?? 0 } };
    expect(say([told("client-failed", 126)], of)).toContain("most of them on 4 days from 9 Jun to 15 Jun");
  });
});
