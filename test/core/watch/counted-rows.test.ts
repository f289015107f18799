import { describe, expect, it } from "vitest";
import { type CountedRow, toFigures } from "../../../src/core/watch/counted-rows.ts";

const row = (changes: Partial<CountedRow>): CountedRow => ({
  event: "browser.outcome",
  outcome: "client-failed",
  reason: "",
  browser: "safari",
  network: "a1b2",
  operator: "c3d4",
  count: 1,
  ...changes,
});
const none = { pages: 0, tokens: 0, offered: 0, failures: [] };

describe("toFigures()", () => {
  it("adds up pages, tokens, and the tokens that named a past chat", () => {
    const rows = [
      row({ event: "page.injected", outcome: "", count: 900 }),
      row({ event: "token.issued", outcome: "none", count: 30 }),
      row({ event: "token.issued", outcome: "now", count: 15 }),
      row({ event: "token.issued", outcome: "wait", count: 5 }),
    ];
    expect(toFigures(rows)).toEqual({ pages: 900, tokens: 50, offered: 20, failures: [] });
  });

  it("keeps each failure's browser, network, operator and status", () => {
    const failure = { browser: "safari", network: "a1b2", operator: "c3d4", count: 2 };
    expect(toFigures([row({ outcome: "start-refused", reason: "401", count: 2 }), row({ count: 2 })]).failures).toEqual(
      [
        { failure: "start-refused", status: "401", ...failure },
        { failure: "client-failed", ...failure },
      ],
    );
  });

  it.each([
    ["a newer version's outcome", { outcome: "agent-asleep" }],
    ["a newer version's event", { event: "video.failed" }],
    ["a step that went well", { outcome: "started" }],
    ["a negative count", { count: -5 }],
  ])("leaves %s out", (_name, changes) => {
    expect(toFigures([row(changes)])).toEqual(none);
  });
});
