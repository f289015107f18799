import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { type Count, type ReportFigures } from "../../../src/cli/report/figures/report-figures.ts";
import { renderPage } from "../../../src/cli/report/page/render-page.ts";
import { renderReport } from "../../../src/cli/report/table/render-report.ts";
import { count, figuresOf, NOW, told } from "./some-figures.ts";

const chats = [
  count("page.injected", "", "", 9000),
  count("token.issued", "none", "no-session", 400),
  count("contact.recorded", "started", "", 390),
];

const pageOf = (counts: readonly Count[], of: Partial<ReportFigures> = {}) => renderPage(figuresOf(counts, of), NOW);

/** The text of one picture's section. */
function section(html: string, title: string): string {
  const { document } = parseHTML(html);
  const all = [...document.querySelectorAll("section")];
  return all.find((one) => one.querySelector("h2")?.textContent === title)?.textContent.replaceAll(/\s+/g, " ") ?? "";
}

describe("the report's page", () => {
  it("has a hostile text in a picture's label, and the picture keeps its size", () => {
    const html = pageOf([...chats, count("chat.refused", "", "<style>x 1.2345", 30)]);
    const { document } = parseHTML(html);
    const chart = [...document.querySelectorAll("svg")].find((svg) =>
      svg.getAttribute("aria-label")?.startsWith("Calls refused"),
    );
    expect(chart?.getAttribute("aria-label")).toBe("Calls refused: <style>x 1.2345 30");
    expect(html.match(/<style/g)).toHaveLength(2);
    expect(chart?.getAttribute("viewBox")).toMatch(/^0 0 360 \d+$/);
  });

  it("has no rectangle of a negative width, with the longest texts", () => {
    const long = { browser: "W".repeat(200), version: "W".repeat(200) };
    const html = pageOf([...chats, told("client-failed", 500, long), told("opened", 400, long)]);
    expect(html).not.toMatch(/<rect[^>]* width="-/);
    expect(html).toMatch(/<rect[^>]* width="\d/);
  });

  it("shows the most frequent codes, and all others as one, of 130,000", () => {
    const codes = Array.from({ length: 130_000 }, (_, index) => count("chat.refused", "", `CODE_${index}`, 1));
    const offers = Array.from({ length: 400 }, (_, index) => count("token.issued", "none", `reason-${index}`, 1));
    const figures = figuresOf([...chats, ...codes, ...offers]);
    const html = renderPage(figures, NOW);
    expect(html).toContain("129,993 others");
    expect(html.length).toBeLessThan(100_000);
    expect(section(html, "History: offered or not, and why")).toContain("394 others");
    expect(renderReport(figures)).toMatch(/\n {4}129,981 others +129,981\n/);
  });

  it.each([
    [50, false],
    [52, true],
  ])("names the browser of a failure only where it has most of them: %i of 100", (times, isNamed) => {
    const others = ["edge", "safari"].map((browser) => told("client-failed", (100 - times) / 2, { browser }));
    const html = pageOf([...chats, told("client-failed", times, { browser: "chrome" }), ...others]);
    expect(section(html, "What failed in browsers").includes("100, most in Chrome")).toBe(isNamed);
  });

  it("says that one page view may stand for several failures", () => {
    const html = pageOf([...chats, told("client-failed", 8), told("never-ready", 4)]);
    expect(section(html, "What failed in browsers")).toContain(
      "Browsers told of 12 failures. One page view may stand for several: each kind counts once in it.",
    );
  });

  it.each([
    ["of Analytics Engine", {}, true],
    ["of a log", { days: null }, false],
    ["that are made up", { isExample: true }, false],
  ])("says whether figures %s may be of a sample", (_, of, isSampled) => {
    expect(pageOf(chats, of).includes("Analytics Engine counts a sample")).toBe(isSampled);
  });

  it("speaks of no page left alone where none was", () => {
    const text = section(pageOf(chats), "Pages left alone, and why");
    expect(text).toContain("9,000 pages got the chat: no page was left alone.");
  });

  it("has a to-do only where something stands out at its top", () => {
    const counts = [
      ...chats,
      told("opened", 100, { version: "1.5.0" }),
      told("client-failed", 12, { version: "1.5.0" }),
      told("opened", 300, { version: "1.4.0" }),
      told("client-failed", 5, { version: "1.4.0" }),
      told("history-seen", 1),
    ];
    const html = pageOf(counts);
    expect(html).toContain("All is well");
    expect(html).not.toContain("To do:");
    expect(section(html, "Versions side by side")).toContain(
      "Most often it fails with version 1.5.0: 12 failures and 100 opened chats.",
    );
  });

  it.each([
    [1, "Open the chat on your site yourself"],
    [50, "Visitors have a newer version by now"],
  ])("takes a version that opened %i of some 400 chats for what it is", (opened, todo) => {
    const counts = [
      ...chats,
      told("opened", 100, { version: "1.5.0" }),
      told("client-failed", 400, { version: "1.5.0" }),
      told("opened", 300, { version: "1.4.0" }),
      told("opened", opened, { version: "9999.9999.9999" }),
    ];
    const text = section(pageOf(counts), "Versions side by side");
    expect(text).toContain(`To do: ${todo}`);
    expect(text).not.toMatch(/rollback|nothing is left/);
  });
});

describe("the busiest hour", () => {
  const chatsAt = (daysAgo: number, times: number, hours = 0) => ({
    event: "contact.recorded",
    outcome: "started",
    hour: NOW - daysAgo * 86_400 + hours * 3600,
    count: times,
  });
  const busiest = (days: number, hours: ReportFigures["hours"]) =>
    section(pageOf(chats, { days, hours, span: { from: NOW - days * 86_400, until: NOW } }), "When visitors chat");

  it("is of whole weeks: a weekday that came once more is not busier", () => {
    // NOW is a Monday: five Mondays in 30 days, and four Tuesdays.
    const mondays = [0, 7, 14, 21, 28].map((day) => chatsAt(day, 10, -1));
    const tuesdays = [6, 13, 20, 27].map((day) => chatsAt(day, 11));
    const text = busiest(30, [...mondays, ...tuesdays]);
    expect(text).toContain("The last 4 weeks together");
    expect(text).toContain("The busiest hour is Tue, 12:00 to 13:00 UTC, with 44 chats in all");
  });

  it("is of whole days where less than a week is known", () => {
    expect(busiest(3, [chatsAt(1, 6), chatsAt(2, 6)])).toContain(
      "The last 3 days together, each column an hour (UTC); the shade says how many chats were started. The busiest hour is 12:00 to 13:00 UTC, with 12 chats in all",
    );
  });

  it("is not named where no hour has five chats", () => {
    expect(busiest(7, [chatsAt(1, 4)])).toContain("No hour has many.");
  });
});
