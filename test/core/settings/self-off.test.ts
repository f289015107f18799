import { describe, expect, it } from "vitest";
import { OTHER_WIDGET_ID } from "../widget/console-snippet.ts";
import { problemsOf } from "./config-env.ts";

describe("parseConfig(), SELF_OFF", () => {
  it("refuses to switch the page's own widget off, which the Worker cannot keep away", () => {
    const page = { WIDGET_SNIPPET: "page", WIDGET_ID: OTHER_WIDGET_ID };
    expect(problemsOf({ ...page, SELF_OFF: "1" })).toEqual({
      SELF_OFF: "expected 0 with WIDGET_SNIPPET=page, since your pages load that widget themselves, found 1",
    });
    expect(problemsOf({ ...page, SELF_OFF: "0" })).toEqual({});
  });

  it("refuses to switch off by outcomes that no browser tells", () => {
    expect(problemsOf({ SELF_OFF: "1", OUTCOMES: "0" })).toEqual({
      SELF_OFF: "expected 0, or OUTCOMES=1 as well, found 1",
    });
  });
});
