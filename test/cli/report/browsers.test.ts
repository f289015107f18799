import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { type Count } from "../../../src/cli/report/figures/report-figures.ts";
import { renderPage } from "../../../src/cli/report/page/render-page.ts";
import { count, figuresOf, NOW, told } from "./some-figures.ts";

const chats = [
  count("page.injected", "", "", 9000),
  count("token.issued", "none", "no-session", 400),
  count("contact.recorded", "started", "", 390),
];
const v = (version: string) => ({ version });
const chrome = { browser: "chrome" };
const safari = { browser: "safari" };

/** The text of a picture's section, and its bars from the top: the label, the text at the end, and the length. */
function sideBySide(title: "Browsers" | "Versions", counts: readonly Count[]) {
  const { document } = parseHTML(renderPage(figuresOf([...chats, ...counts]), NOW));
  const section = [...document.querySelectorAll("section")].find(
    (one) => one.querySelector("h2")?.textContent === `${title} side by side`,
  );
  const bars = [...(section?.querySelectorAll("rect") ?? [])].map((rect) => ({
    name: rect.querySelector("title")?.textContent ?? "",
    width: Number(rect.getAttribute("width")),
  }));
  const longest = Math.max(...bars.map(({ width }) => width));
  return {
    text: section?.textContent.replaceAll(/\s+/g, " ") ?? "",
    bars: bars.map(({ name, width }) => [name, Math.round((100 * width) / longest)]),
  };
}

describe("a browser in which no chat was opened", () => {
  const others = [told("opened", 250, chrome), told("client-failed", 5, chrome)];

  it("fails altogether: its bar is the longest, and it is named with what to do", () => {
    const { text, bars } = sideBySide("Browsers", [...others, told("client-failed", 300, safari)]);
    expect(bars).toEqual([
      ["Safari: 300, no chat opened", 100],
      ["Chrome: 2 (5 and 250)", 2],
    ]);
    expect(text).toContain("Most often it fails with Safari: 300 failures and no opened chat.");
    expect(text).toContain("To do: Open your site in Safari.");
  });

  it("is as long as the one that fails most often of those with chats", () => {
    const { bars } = sideBySide("Browsers", [
      told("opened", 200, chrome),
      told("client-failed", 400, chrome),
      told("opened", 200, { browser: "edge" }),
      told("client-failed", 200, { browser: "edge" }),
      told("client-failed", 60, safari),
    ]);
    expect(bars).toEqual([
      ["Safari: 60, no chat opened", 100],
      ["Chrome: 200 (400 and 200)", 100],
      ["Edge: 100 (200 and 200)", 50],
    ]);
  });

  it.each([1, 9])("is neither first nor long with %i failures: that is chance", (failures) => {
    const { text, bars } = sideBySide("Browsers", [...others, told("client-failed", failures, { browser: "opera" })]);
    expect(bars).toEqual([
      ["Chrome: 2 (5 and 250)", 100],
      [`Opera: ${failures}, no chat opened`, 0],
    ]);
    expect(text).not.toContain("Most often");
  });

  it.each([
    ["has no failure that stands out", [told("client-failed", 60, safari)]],
    ["has less than most of it", [told("client-failed", 60, safari), told("client-failed", 240, { browser: "edge" })]],
  ])("is not named where it %s", (_, failures) => {
    const edge = told("opened", 9000, { browser: "edge" });
    const { text, bars } = sideBySide("Browsers", [...others, edge, ...failures]);
    expect(bars[0]).toEqual(["Safari: 60, no chat opened", 100]);
    expect(text).not.toMatch(/Most often it fails with Safari|in Safari/);
  });

  it("is compared with nothing where no chat was opened in any", () => {
    const { text } = sideBySide("Browsers", [told("client-failed", 300, safari), told("client-failed", 20, chrome)]);
    expect(text).not.toContain("Most often");
  });
});

describe("versions that a caller made up", () => {
  const madeUp = (of: (version: string) => Count[]) =>
    Array.from({ length: 11 }, (_, index) => of(`${index + 2}.0.0`)).flat();

  it("leave its bar to the one that is named at the top", () => {
    const { text, bars } = sideBySide("Versions", [
      told("opened", 1000, v("1.5.0")),
      told("start-refused", 400, v("1.5.0")),
      ...madeUp((one) => [told("opened", 1200, v(one)), told("connection-lost", 400, v(one))]),
    ]);
    expect(text).not.toContain("Most often");
    expect(bars).toHaveLength(8);
    expect(bars.at(-1)).toEqual(["version 1.5.0: 40 (400 and 1,000)", 100]);
    expect(text).toContain("4 others have no bar.");
  });

  it("leave its bar to the one that fails most often", () => {
    const { text, bars } = sideBySide("Versions", [
      told("opened", 100, v("1.5.0")),
      told("start-refused", 40, v("1.5.0")),
      ...madeUp((one) => [told("opened", 300, v(one))]),
    ]);
    expect(bars).toHaveLength(8);
    expect(bars.at(-1)).toEqual(["version 1.5.0: 40 (40 and 100)", 100]);
    expect(text).toContain("Most often it fails with version 1.5.0: 40 failures and 100 opened chats.");
  });

  it("are not named instead of one that is named at the top", () => {
    const { text } = sideBySide("Versions", [
      told("opened", 300, v("1.4.0")),
      told("opened", 100, v("1.5.0")),
      told("start-refused", 40, v("1.5.0")),
      told("opened", 1, v("2.0.0")),
      told("connection-lost", 12, v("2.0.0")),
    ]);
    expect(text).toContain("Most often it fails with version 1.5.0:");
    expect(text).not.toContain("no bar");
  });
});
