import { describe, expect, it } from "vitest";
import { compareAttributes, decideAfterCustomer } from "../../../../src/cli/connect/rehearse/play/first-chat.ts";
import { explainNoToken } from "../../../../src/cli/connect/rehearse/play/live-worker-calls.ts";
import { estimateMinutes, renderPlan } from "../../../../src/cli/connect/rehearse/play/plan.ts";
import { decideFileName } from "../../../../src/cli/connect/rehearse/play/play.ts";
import { createProgress } from "../../../../src/cli/connect/rehearse/play/progress.ts";
import { decideOffered, decideRelated } from "../../../../src/cli/connect/rehearse/play/second-chat.ts";
import { explainNoStart } from "../../../../src/cli/connect/rehearse/play/start-chat.ts";
import { describeLeft } from "../../../../src/cli/connect/rehearse/play/started-chats.ts";
import { decideWinner } from "../../../../src/cli/connect/rehearse/play/third-chat.ts";

describe("compareAttributes()", () => {
  it("tells for each signed attribute how it has arrived", () => {
    const signed = { a: "1", b: "2", c: "3", d: "4" };
    expect(compareAttributes(signed, { a: "1", b: "x", "HostedWidget-c": "3" })).toEqual({
      a: "same",
      b: "other-value",
      c: "prefixed",
      d: "missing",
    });
  });
});

describe("decideAfterCustomer()", () => {
  it.each([
    ["over", [false]],
    ["over", [false, false]],
    ["open", [true]],
    ["goes-on", [false, true]],
  ])("is %s with %s", (expected, open) => {
    expect(decideAfterCustomer(open.map((isOpen) => ({ isOpen })))).toBe(expected);
  });
});

describe("decideRelated()", () => {
  const first = { contactId: "c1", lastContactId: "c3" };
  it.each([
    ["c3", "last"],
    ["c1", "first"],
    ["c2", "other"],
    [undefined, "none"],
  ])("calls %s the %s", (related, expected) => {
    expect(decideRelated(related, first)).toBe(expected);
  });

  it("calls a chat that nobody has transferred the last one", () => {
    expect(decideRelated("c1", { contactId: "c1", lastContactId: "c1" })).toBe("last");
  });
});

it("decideOffered() knows the first chat, nothing, and anything else", () => {
  expect(["c1", "none", "c9", undefined].map((value) => decideOffered(value, "c1"))).toEqual([
    "first",
    "none",
    "other",
    "other",
  ]);
});

it("decideWinner() tells the signed value from the forged one", () => {
  expect(["none", "forged", "x", undefined].map((found) => decideWinner(found, "none"))).toEqual([
    "signed",
    "forged",
    "neither",
    "neither",
  ]);
});

it("decideFileName() looks at the file's name, and not at its folders", () => {
  expect(decideFileName(["bucket/chat/c1_20261128.json"], "c1")).toBe("has-id");
  expect(decideFileName(["bucket/c1/transcript.json"], "c1")).toBe("other");
  expect(decideFileName([undefined], "c1")).toBe("none");
  expect(decideFileName([], "c1")).toBe("none");
});

describe("the plan", () => {
  const plan = { linkBy: "flow", readyAfterSeconds: 60, hasAgent: true } as const;

  it("takes about 4 minutes with the usual settings, and longer with a later transcript", () => {
    expect(estimateMinutes(plan)).toBe(4);
    expect(estimateMinutes({ ...plan, readyAfterSeconds: 600 })).toBe(13);
    expect(estimateMinutes({ ...plan, hasAgent: false })).toBe(3);
  });

  it("names the customer, the minutes, the site, and who links", () => {
    const text = renderPlan(plan, "www.example.com");
    for (const part of ['"Rehearsal"', "about 4 minutes", "www.example.com", "your contact flow links", "60 s pass"]) {
      expect(text).toContain(part);
    }
    expect(renderPlan({ ...plan, linkBy: "worker" }, "www.example.com")).toContain("the Worker links");
    expect(renderPlan({ ...plan, hasAgent: false }, "www.example.com")).not.toContain("an agent of yours");
  });
});

describe("describeLeft()", () => {
  const startedAt = new Date(2026, 10, 28, 12, 3);
  const chat = { startedAt, contactId: "c1", isOver: false, hangUp: () => undefined };

  it("names a chat that may still wait, by its time, and not by its id", () => {
    expect(describeLeft([chat], "Rehearsal")).toEqual([
      "A chat named Rehearsal that began at 12:03 may still wait for an agent: let one accept it and end it.",
    ]);
  });

  it("names a chat of which no answer came", () => {
    expect(describeLeft([{ ...chat, contactId: null }], "Rehearsal").join()).toContain("may have started");
  });

  it("says nothing of a chat that is over", () => {
    expect(describeLeft([{ ...chat, isOver: true }], "Rehearsal")).toEqual([]);
  });
});

it.each([
  [400, "allowed domains"],
  [401, "WIDGET_SECURITY_KEY"],
  [404, "choose a flow"],
  [500, "500"],
])("explainNoStart() says what to do after %s", (status, words) => {
  expect(explainNoStart(status, "https://www.example.com")).toContain(words);
});

it.each([
  ["SWITCHED_OFF", 'MODE = "on"'],
  ["MISCONFIGURED", "npm run doctor"],
  ["TOO_MANY_CALLS", "wait a minute"],
  ["OWNER_TOKEN_INVALID", "OWNER_TOKEN_INVALID"],
  [null, "503"],
])("explainNoToken() says what to do after %s", (code, words) => {
  expect(explainNoToken(503, code)).toContain(words);
});

describe("createProgress()", () => {
  const run = (isTTY: boolean) => {
    let now = 0;
    let text = "";
    const progress = createProgress({ isTTY, write: (part: string) => (text += part) }, () => now);
    for (now = 0; now <= 31_000; now += 1000) progress.count(`${now / 1000} s`);
    progress.clear();
    return text;
  };

  it("changes one line on a terminal, and takes it away", () => {
    const text = run(true);
    expect(text).not.toContain("\n");
    expect(text.endsWith("\r\u001b[K")).toBe(true);
    expect(text).toContain("\r\u001b[K17 s");
  });

  it("writes a line every 15 seconds elsewhere", () => {
    expect(run(false)).toBe("0 s\n15 s\n30 s\n");
  });
});
