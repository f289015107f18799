import { describe, expect, it } from "vitest";
import { type Count, type HourCount, type ReportFigures } from "../../../src/cli/report/figures/report-figures.ts";
import { decideVerdict } from "../../../src/cli/report/judge/verdict.ts";
import { count, figuresOf, NOW, told } from "./some-figures.ts";

const pages = (times: number) => count("page.injected", "", "", times);
const left = (times: number) => count("page.left-alone", "", "policies-lack", times);
const tokens = (times: number, reason = "no-session") => count("token.issued", "none", reason, times);
const offered = (times: number) => count("token.issued", "now", "ended", times);
const started = (times: number) => count("contact.recorded", "started", "", times);
const refused = (code: string, times: number) => count("chat.refused", "", code, times);

const verdict = (counts: readonly Count[], of: Partial<ReportFigures> = {}) => decideVerdict(figuresOf(counts, of));
const subjects = (counts: readonly Count[], of: Partial<ReportFigures> = {}) =>
  verdict(counts, of).findings.map(({ subject }) => subject);

/** So many chats and pages on each of some days, counted back from now. */
function daysOf(chats: (day: number) => number, visits: (day: number) => number = () => 1000): HourCount[] {
  return Array.from({ length: 30 }, (_, day) => {
    const hour = NOW - (day + 1) * 86_400;
    return [
      { event: "contact.recorded", outcome: "started", hour, count: chats(day) },
      { event: "page.injected", outcome: "", hour, count: visits(day) },
    ].filter((row) => row.count > 0);
  }).flat();
}

const month = (hours: readonly HourCount[]) => ({
  days: 30,
  hours,
  span: { from: NOW - 30 * 86_400, until: NOW },
});

describe("the first sentence of the report", () => {
  it.each([
    ["pages without a chat", [pages(500)], "no chat that was started.", "Open the chat on your site, start a chat"],
    ["chats without a page", [started(3)], "no page that got the chat.", "the tag by hand"],
    ["pages of MODE=observe", [count("page.observed", "leave", "x", 1000)], "and no chat that was started.", "MODE=on"],
    ["words of another program", [count("constructor", "", "", 3)], "and no chat that was started.", "npm run doctor"],
  ])("does not say that all is well of %s", (_, counts, text, todo) => {
    expect(verdict(counts)).toMatchObject({
      kind: "unclear",
      text: expect.stringMatching(new RegExp(`^Nothing stands out, but too little was counted .*${text}$`)),
      todo: expect.stringContaining(todo),
    });
  });

  it("does not say that all is well where chats were started and browsers told nothing", () => {
    expect(verdict([pages(100), tokens(10), started(9)])).toEqual({
      kind: "unclear",
      text: "What failed in browsers is not known: they told nothing, as with OUTCOMES=0 or an older version of the Worker. Nothing else stands out: 100 pages got the chat and 9 chats were started.",
      todo: expect.stringContaining("OUTCOMES"),
      findings: [],
    });
  });

  it.each([
    ["told that chats were opened", [pages(100), tokens(10), started(9), told("opened", 9)]],
    ["had hardly a chat to tell of", [pages(10_000), tokens(10), started(4)]],
    ["told nothing for want of consent", [pages(100), tokens(50, "no-consent"), started(4)]],
  ])("says that no failure was told where browsers %s", (_, counts) => {
    expect(verdict(counts).text).toMatch(/^All is well: .* and no failure was told\.$/);
  });

  it("says of what stands out first, also where browsers told nothing", () => {
    expect(verdict([pages(100), tokens(10), started(9), refused("MISCONFIGURED", 19)]).kind).toBe("trouble");
  });

  it.each([
    ["tokens, and no chat", [pages(9000), tokens(200)], [], ["unstarted"]],
    ["chats opened, and no token", [pages(500), told("opened", 30)], [], ["unstarted"]],
    ["every page left alone", [left(1000)], [], ["left-alone"]],
    ["no page any more", [], [pages(19)], ["pages"]],
    ["every call refused", [pages(500), refused("MISCONFIGURED", 19)], [], ["refused"]],
    ["no answer of KV", [pages(500), started(480), tokens(500, "no-history")], [], ["history-unknown"]],
    [
      "no word of Amazon on who owns a chat",
      [pages(500), started(480), tokens(500, "owner-unknown")],
      [],
      ["history-unknown"],
    ],
    [
      "no answer of Amazon",
      [pages(500), started(480), tokens(500), count("connect.unanswered", "x", "timeout", 500)],
      [],
      ["unanswered"],
    ],
    ["history that nobody sees", [pages(9000), offered(500), started(480), told("opened", 500)], [], ["unseen"]],
    [
      "no chat linked",
      [pages(9000), tokens(100), started(100), count("chat.linked", "not-linked", "refused", 19)],
      [],
      ["linked"],
    ],
    ["no chat on a day with fewer pages", [pages(600)], [pages(1000), started(100)], ["started"]],
  ])("names %s", (_, counts, before, found) => {
    expect(subjects(counts, { before })).toEqual(found);
  });

  it("says none where there is none", () => {
    const unlinked = [pages(600), tokens(100), started(100), count("chat.linked", "not-linked", "refused", 19)];
    expect(verdict(unlinked).text).toBe("Amazon confirmed none of 19 chats as linked to the earlier one.");
    const gone = verdict([pages(600)], { before: [pages(600), started(100)] });
    expect(gone.text).toBe("No chat was started (100 in the 7 days before).");
  });

  it.each([
    ["opened chats where browsers told of them", [told("opened", 40), tokens(30)], "Visitors opened the chat 40 times"],
    ["tokens where browsers told of fewer", [tokens(40)], "The Worker issued tokens for 40 tries"],
  ])("speaks of %s", (_, counts, tries) => {
    expect(verdict([pages(500), ...counts]).text).toBe(`${tries}, and no chat was started.`);
  });

  it("takes no visitor without consent for one whose chat did not start", () => {
    expect(subjects([pages(500), started(2), tokens(100, "no-consent"), tokens(2)])).toEqual([]);
  });

  it.each([
    ["refused calls", [pages(500), started(90), tokens(95), refused("TOO_MANY_CALLS", 4)]],
    ["pages left alone", [left(4)]],
    ["links", [pages(500), started(90), tokens(95), count("chat.linked", "not-linked", "x", 4)]],
  ])("takes a handful of %s for chance", (_, counts) => {
    expect(subjects(counts)).toEqual([]);
  });
});

describe("chats that stopped", () => {
  const usual = [pages(30_000), tokens(210), started(200)];

  it("are named with the hour of the last one, and with how many would be usual", () => {
    const hours = daysOf((day) => (day < 10 ? 0 : 10));
    expect(verdict(usual, month(hours))).toMatchObject({
      kind: "trouble",
      text: "No chat was started since Thu 4 Jun, 12:00 to 13:00 UTC; by the visitors since then, about 100 chats would be usual.",
    });
  });

  it("are compared with the time before where no page is counted", () => {
    const hours = daysOf(
      (day) => (day < 10 ? 0 : 10),
      () => 0,
    );
    expect(verdict([tokens(210), started(200)], month(hours)).text).toMatch(
      /^No chat was started since Thu 4 Jun, 12:00 to 13:00 UTC; in that time, about \d+ chats would be usual\./,
    );
  });

  it.each([
    [
      "while the visitors are gone as well",
      daysOf(
        (day) => (day < 10 ? 0 : 10),
        (day) => (day < 10 ? 1 : 1000),
      ),
    ],
    ["for no longer than they paused before", daysOf((day) => (day < 10 || (day > 12 && day < 20) ? 0 : 10))],
    ["where there were hardly any", daysOf((day) => (day < 10 || day % 5 !== 0 ? 0 : 1))],
    ["for a day", daysOf((day) => (day < 1 ? 0 : 10))],
  ])("are not named %s", (_, hours) => {
    expect(subjects(usual, month(hours))).toEqual([]);
  });
});

describe("a failure's share", () => {
  const chats = [tokens(500), started(490)];
  const before = [pages(10_000), told("opened", 500), told("client-failed", 100), ...chats];

  it("is of the pages that get the chat, with ROLLOUT_PERCENT", () => {
    const counts = [pages(10_000), told("client-failed", 100), ...chats];
    expect(subjects(counts)).toEqual([]);
    expect(verdict(counts, { rolloutPercent: 1 }).text).toBe(
      "Amazon's client failed to load in 100 page views. With ROLLOUT_PERCENT=1, that is 100 % of the page views that get the chat.",
    );
  });

  it("is not known where more fail than pages were counted", () => {
    expect(subjects([told("client-failed", 30), told("opened", 500), ...chats])).toEqual([]);
  });

  it("is then compared with the days before, and the sentence says why", () => {
    const counts = [pages(9), told("client-failed", 90), ...chats];
    const uncounted = [told("client-failed", 30), ...chats];
    expect(verdict(counts, { before: uncounted }).text).toBe(
      "Amazon's client failed to load in 90 page views (30 in the 7 days before). That is more than the 9 pages that were counted: pages from a cache, and pages with the tag put in by hand, are not counted.",
    );
    expect(subjects([told("client-failed", 89), ...chats], { before: uncounted })).toEqual([]);
  });

  it("is not compared with days whose browsers told nothing", () => {
    const counts = [pages(9000), told("client-failed", 10), told("opened", 500), ...chats];
    expect(subjects(counts, { before: [pages(9000), ...chats] })).toEqual([]);
    expect(subjects(counts, { before: [pages(9000), told("opened", 500), ...chats] })).toEqual(["client-failed"]);
  });

  it("is not compared where only one of both spans has counted pages", () => {
    expect(subjects([told("client-failed", 900), ...chats], { before })).toEqual(["pages"]);
  });
});
