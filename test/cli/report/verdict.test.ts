import { describe, expect, it } from "vitest";
import { buildExample } from "../../../src/cli/report/example.ts";
import { decideVerdict } from "../../../src/cli/report/judge/verdict.ts";
import { FAILURES } from "../../../src/core/outcome/outcome.ts";
import { count, failuresAgo, figuresOf, told } from "./some-figures.ts";

const pages = (times: number) => count("page.injected", "", "", times);
const tokens = (times: number) => count("token.issued", "now", "ended", times);
const started = (times: number) => count("contact.recorded", "started", "", times);
const usual = [pages(10_000), tokens(200), started(190), told("opened", 200), told("history-seen", 180)];

const subjects = (...args: Parameters<typeof figuresOf>) =>
  decideVerdict(figuresOf(...args)).findings.map(({ subject }) => subject);

describe("decideVerdict()", () => {
  it("says that all is well, with the failures that are usual", () => {
    const counts = [...usual, told("client-failed", 40), told("connection-lost", 3)];
    expect(decideVerdict(figuresOf(counts, { before: counts }))).toEqual({
      kind: "well",
      text: "All is well: 10,000 pages got the chat, 190 chats were started and no failure stands out.",
      todo: "",
      findings: [],
    });
  });

  it.each(FAILURES)("names %s when every second visitor has it", (failure) => {
    const { kind, todo } = decideVerdict(figuresOf([pages(20), tokens(20), started(20), told(failure, 10)]));
    expect([kind, todo]).toEqual(["trouble", expect.stringMatching(/\.$/)]);
  });

  it.each([
    ["400", "allowed domains"],
    ["401", "WIDGET_SECURITY_KEY"],
    ["404", "widget or its contact flow"],
  ])("says what to do about a start that Amazon answers with %s", (status, todo) => {
    const counts = [...usual, count("browser.outcome", "start-refused", status, 50)];
    expect(decideVerdict(figuresOf(counts))).toMatchObject({
      text: expect.stringContaining(`(status ${status}) in 50 page views`),
      todo: expect.stringContaining(todo),
    });
  });

  it("names one failure of a log, and not two of a week", () => {
    const counts = [pages(3), told("client-failed", 2)];
    expect(subjects(counts, { days: null })).toEqual(["client-failed"]);
    expect(subjects(counts)).toEqual([]);
  });

  it("names a failure that is three times as frequent as before, beside as many pages", () => {
    const before = [...usual, told("client-failed", 10)];
    expect(subjects([...usual, told("client-failed", 30)], { before })).toEqual(["client-failed"]);
    expect(subjects([...usual, told("client-failed", 29)], { before })).toEqual([]);
    expect(
      subjects([pages(20_000), told("client-failed", 30)], { before: [pages(10_000), told("client-failed", 10)] }),
    ).toEqual([]);
  });

  it("names no growth of a handful", () => {
    expect(subjects([...usual, told("client-failed", 9)], { before: [...usual, told("client-failed", 1)] })).toEqual(
      [],
    );
  });

  it("names the days on which a failure was far more frequent than on others", () => {
    const hours = [0, 1, 2, 3, 4, 5, 6].map((day) => failuresAgo(day, day === 2 || day === 3 ? 20 : 4));
    const { text } = decideVerdict(figuresOf([...usual, told("client-failed", 60)], { hours }));
    expect(text).toBe(
      "Amazon's client failed to load in 60 page views, most of them on 12 Jun and 13 Jun. Since 14 Jun it has been as usual again.",
    );
  });

  it("names no day when each is like the others", () => {
    const hours = [0, 1, 2, 3, 4, 5, 6].map((day) => failuresAgo(day, 12));
    expect(subjects([...usual, told("client-failed", 84)], { hours })).toEqual([]);
  });

  it.each([
    ["pages", [started(5)], usual, "No page got the chat (10,000 in the 7 days before)."],
    [
      "started",
      [pages(9000), tokens(100), started(90)],
      usual,
      "Only 90 chats were started (190 in the 7 days before).",
    ],
    [
      "bug",
      [...usual, count("page.left-alone", "", "fault", 2), count("chat.failed", "", "", 1)],
      [],
      "By a bug of this Worker, 2 pages were left alone and 1 call got no answer.",
    ],
    [
      "refused",
      [...usual, count("chat.refused", "", "TICKET_INVALID", 30)],
      [],
      "The Worker refused 30 calls of the chat, most often with TICKET_INVALID.",
    ],
    [
      "linked",
      [...usual, count("chat.linked", "linked", "", 20), count("chat.linked", "not-linked", "", 20)],
      [],
      "Amazon confirmed only 20 of 40 chats as linked to the earlier one.",
    ],
    [
      "left-alone",
      [...usual, count("page.left-alone", "", "no-transform", 10_000)],
      usual,
      "50 % of the pages got the chat (100 % in the 7 days before); most others were left alone as `no-transform`.",
    ],
  ])("names what else stands out: %s", (subject, counts, before, what) => {
    const { findings } = decideVerdict(figuresOf(counts, { before }));
    expect(findings).toEqual([expect.objectContaining({ subject, what, todo: expect.stringMatching(/\S/) })]);
  });

  it("begins with the worst", () => {
    const counts = [...usual, told("client-failed", 400), told("start-refused", 150)];
    expect(subjects(counts)).toEqual(["start-refused", "client-failed"]);
  });

  it("leaves out a word that this version does not know", () => {
    expect(subjects([...usual, told("constructor", 5000), told("teapot", 5000)])).toEqual([]);
  });

  it("finds the fault that is planted in the made-up month, and nothing else", () => {
    const { findings } = decideVerdict(buildExample());
    expect(findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(
        /^Amazon's client failed to load .* in Safari with version 1\.4\.0, and most on 17 Oct and 18 Oct .* Since 19 Oct it has been as usual again\.$/,
      ),
    ]);
  });
});
