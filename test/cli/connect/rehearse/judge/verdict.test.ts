import { describe, expect, it } from "vitest";
import { type Facts } from "../../../../../src/cli/connect/rehearse/judge/facts.ts";
import { judgePoints } from "../../../../../src/cli/connect/rehearse/judge/points.ts";
import { decideVerdict } from "../../../../../src/cli/connect/rehearse/judge/verdict.ts";
import { GOOD_FACTS } from "./good-facts.ts";

const { first, second, third } = GOOD_FACTS;
const worker = { linkBy: "worker", linkBySet: "worker" } as const;
const linked = { answer: "linked", continues: true } as const;
const without = { ...second, historyAfterSeconds: null };
const reported = (link: string) => [{ status: 200, link, afterSeconds: 1 }];

function decide(changes: Partial<Facts>) {
  const facts = { ...GOOD_FACTS, ...changes };
  return decideVerdict(facts, judgePoints(facts));
}

describe("decideVerdict()", () => {
  it("is good where the history has come and nothing is odd", () => {
    expect(decide({})).toEqual({
      isGood: true,
      headline: "The second chat had the first one's history, after 3 s.",
      todo: null,
    });
  });

  it("is not good where the history has come, but a point is not as expected", () => {
    const verdict = decide({ third: { ...third, winner: { seen: "forged" } } });
    expect(verdict).toMatchObject({ isGood: false, todo: "One point is not as expected: see below." });
    expect(verdict.headline).toMatch(/^The second chat had/);
  });

  it("is not good where the rehearsal was broken off after the history", () => {
    const verdict = decide({ brokenOff: "The network broke off." });
    expect(verdict).toMatchObject({ isGood: false, todo: "Then the rehearsal was broken off: The network broke off." });
  });

  it("gives the reason where the rehearsal was broken off before", () => {
    const { second: _second, third: _third, ...begin } = GOOD_FACTS;
    const facts: Facts = { ...begin, brokenOff: "The network broke off." };
    expect(decideVerdict(facts, judgePoints(facts))).toEqual({
      isGood: false,
      headline: "The rehearsal was broken off.",
      todo: "The network broke off.",
    });
  });

  it.each<[string, Partial<Facts>, RegExp]>([
    [
      "a refused report",
      { first: { ...first, reportRefusal: "CONTACT_NOT_YOURS" }, second: without },
      /refused the report.*CONTACT_NOT_YOURS/,
    ],
    [
      "another Worker than here",
      { linkBy: "worker", second: without },
      /LINK_BY=worker, and wrangler\.toml has flow: make them the same/,
    ],
    ["no offer", { second: { ...without, offered: "none" } }, /did not name the first chat/],
    [
      "a flow without a link",
      { second: { ...without, byHand: linked, cameByHand: true } },
      /flow does not link: npm run connect -- check/,
    ],
    [
      "a link by hand without effect",
      { second: { ...without, byHand: linked, cameByHand: false } },
      /nothing comes along: .*raise READY_AFTER_SECONDS/,
    ],
    [
      "a refusal by hand",
      { second: without },
      /by hand as well \(InvalidRequestException\): .*60 s after its end: raise READY/,
    ],
    ["no agent", { second: without, end: { ...GOOD_FACTS.end, endedBy: "customer" } }, /run it with an agent/],
    [
      "a denied link by hand",
      { second: { ...without, byHand: { answer: "refused", error: "AccessDeniedException" } } },
      /not allowed to try a link by hand/,
    ],
    [
      "a Worker that waits",
      { ...worker, second: { ...without, reports: reported("waiting") } },
      /waited with the link.*--aws/,
    ],
    [
      "a Worker that gives up",
      { ...worker, second: { ...without, reports: reported("none") } },
      /did not link \("none"\)/,
    ],
    [
      "a Worker's link without effect",
      { ...worker, second: { ...without, reports: reported("linked") } },
      /raise READY_AFTER_SECONDS/,
    ],
  ])("names the likeliest cause: %s", (_what, changes, todo) => {
    expect(decide(changes)).toMatchObject({
      isGood: false,
      headline: "The second chat did not have the first one's history.",
      todo: expect.stringMatching(todo),
    });
  });
});
