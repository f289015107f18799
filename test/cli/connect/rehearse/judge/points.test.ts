import { describe, expect, it } from "vitest";
import { type Facts } from "../../../../../src/cli/connect/rehearse/judge/facts.ts";
import { judgePoints } from "../../../../../src/cli/connect/rehearse/judge/points.ts";
import { GOOD_FACTS } from "./good-facts.ts";

const { end, first, second, third } = GOOD_FACTS;
const worker = { linkBy: "worker", linkBySet: "worker" } as const;
const refused = { answer: "refused", error: "InvalidRequestException" } as const;
const linked = { answer: "linked", continues: true } as const;
const denied = { answer: "refused", error: "AccessDeniedException" } as const;
const unseen = { unseen: "connect:DescribeContact: AccessDeniedException" };

/** @returns What is said of the point whose title begins so. */
function judge(title: string, changes: Partial<Facts>) {
  const points = judgePoints({ ...GOOD_FACTS, ...changes });
  const found = points.find((point) => point.title.startsWith(title));
  if (found === undefined) throw new Error(`There is no point "${title}"`);
  return found;
}

describe("judgePoints()", () => {
  it("confirms all that this project expects, and only notes what is harmless either way", () => {
    const odd = judgePoints(GOOD_FACTS).filter(({ state }) => state !== "confirmed");
    expect(odd.map(({ state, title }) => `${state}: ${title}`)).toEqual([
      "noted: DescribeContact tells the attributes of a live chat",
      "unseen: The session of a customer who leaves",
      "unseen: The end that a leaving customer is told",
      "noted: A continued chat and its past are listed together",
    ]);
  });

  it("says of each point that it was not seen where the rehearsal was broken off at once", () => {
    const { first: _first, end: _end, second: _second, third: _third, file: _file, ...begin } = GOOD_FACTS;
    expect(new Set(judgePoints({ ...begin, ...worker }).map(({ state }) => state))).toEqual(new Set(["unseen"]));
  });

  it.each<[string, string, Partial<Facts>, string, RegExp]>([
    [
      "a forged value that wins",
      "A forged",
      { third: { ...third, winner: { seen: "forged" } } },
      "unexpected",
      /go live only with LINK_BY=worker/,
    ],
    [
      "the same with the Worker",
      "A forged",
      { ...worker, third: { ...third, winner: { seen: "forged" } } },
      "unexpected",
      /keep LINK_BY=worker/,
    ],
    ["neither value", "A forged", { third: { ...third, winner: { seen: "neither" } } }, "unexpected", /neither/],
    ["a denied look", "A forged", { third: { ...third, winner: unseen } }, "unseen", /connect:DescribeContact/],
    [
      "a prefix",
      "Signed",
      { first: { ...first, arrivals: { seen: { contactId: "prefixed", x: "same" } } } },
      "unexpected",
      /With a prefix: contactId\./,
    ],
    [
      "a lost attribute",
      "Signed",
      { first: { ...first, arrivals: { seen: { contactId: "missing", x: "other-value" } } } },
      "unexpected",
      /contactId, x/,
    ],
    ["no transfer", "The next", { end: { ...end, contacts: { seen: 1 } } }, "confirmed", /try a transfer by hand/],
    ["a transfer", "The next", {}, "confirmed", /after a transfer/],
    [
      "the first contact",
      "The next",
      { second: { ...second, related: { seen: "first" } } },
      "unexpected",
      /not to its last/,
    ],
    [
      "another chat",
      "The next",
      { second: { ...second, related: { seen: "other" } } },
      "unexpected",
      /not the first one/,
    ],
    [
      "no related contact",
      "The next",
      { second: { ...second, related: { seen: "none" } } },
      "unexpected",
      /no related contact/,
    ],
    ["no transfer", "A chat's contacts", { end: { ...end, contacts: { seen: 1 } } }, "unseen", /try a transfer/],
    [
      "a list without the chat",
      "A chat's contacts",
      { end: { ...end, contacts: { seen: 0 } } },
      "unexpected",
      /not list/,
    ],
    ["another file name", "A transcript's", { file: { seen: "other" } }, "unexpected", /promise nobody/],
    ["no file", "A transcript's", { file: { seen: "none" } }, "unseen", /by hand/],
    [
      "a live chat that is taken",
      "A chat that is live",
      { third: { ...third, live: linked } },
      "unexpected",
      /accepts a chat that is still live/,
    ],
    [
      "an unknown chat that is taken",
      "An unknown",
      { third: { ...third, unknown: linked } },
      "unexpected",
      /does not exist/,
    ],
    ["a link that is not tried", "An unknown", { third: { ...third, unknown: null } }, "unseen", /Not tried/],
    ["a denied link", "An unknown", { third: { ...third, unknown: denied } }, "unseen", /AccessDeniedException/],
    [
      "an empty early link",
      "A chat cannot",
      { third: { ...third, early: { ...linked, continues: false } } },
      "unexpected",
      /long enough/,
    ],
    [
      "an early link that continues",
      "A chat cannot",
      { third: { ...third, early: linked } },
      "noted",
      /may be shorter/,
    ],
    [
      "a refusal after refusals",
      "A chat whose",
      { third: { ...third, ready: refused } },
      "unexpected",
      /refused the first chat as well/,
    ],
    ["a last link that is not tried", "A chat whose", { third: { ...third, ready: null } }, "unseen", /Not tried/],
    ["a denied last link", "A chat whose", { third: { ...third, ready: denied } }, "unseen", /AccessDeniedException/],
    [
      "a second link that is taken",
      "A chat is linked once",
      { second: { ...second, byHand: linked } },
      "noted",
      /a second time/,
    ],
    [
      "no first link",
      "A chat is linked once",
      { second: { ...second, historyAfterSeconds: null } },
      "unseen",
      /was not linked/,
    ],
    [
      "attributes that are not told",
      "DescribeContact",
      { first: { ...first, areToldWhileLive: { seen: false } } },
      "noted",
      /GetContactAttributes/,
    ],
    [
      "a session that stays open",
      "The session",
      { end: { ...end, afterCustomer: { seen: "open" } } },
      "noted",
      /stays open/,
    ],
    ["a survey", "The session", { end: { ...end, afterCustomer: { seen: "goes-on" } } }, "noted", /survey/],
    [
      "a session that is over",
      "The session",
      { end: { ...end, afterCustomer: { seen: "over" } } },
      "noted",
      /over at once/,
    ],
    [
      "no word of the end",
      "The end",
      { end: { ...end, afterCustomer: { seen: "over" }, toldEnd: false } },
      "noted",
      /does not come/,
    ],
    [
      "no connection",
      "The end",
      { end: { ...end, afterCustomer: { seen: "over" }, toldEnd: null } },
      "unseen",
      /not told anything/,
    ],
    [
      "a tree with the past",
      "A continued",
      { second: { ...second, isListedTogether: { seen: true } } },
      "noted",
      /They are\./,
    ],
  ])("says what it means: %s", (_what, title, changes, state, sentence) => {
    expect(judge(title, changes)).toMatchObject({ state, sentence: expect.stringMatching(sentence) });
  });

  const report = (link: string, afterSeconds: number) => ({ status: 200, link, afterSeconds });

  it.each<[string, Partial<Facts["second"]>, string, RegExp]>([
    ["links at once", { reports: [report("linked", 1)] }, "confirmed", /at its first report/],
    [
      "waits and links",
      { reports: [report("waiting", 1), report("linked", 12.4)] },
      "confirmed",
      /1 of 2 reports.*after 12 s/,
    ],
    ["waits to the end", { reports: [report("waiting", 1)] }, "unexpected", /"waiting"/],
    ["gives up", { reports: [report("none", 1)] }, "unexpected", /"none"/],
    [
      "links without effect",
      { reports: [report("linked", 1)], historyAfterSeconds: null },
      "unexpected",
      /did not come/,
    ],
  ])("says how the Worker %s", (_what, changes, state, sentence) => {
    const found = judge("Connect takes", { ...worker, second: { ...second, ...changes } });
    expect(found).toMatchObject({ state, sentence: expect.stringMatching(sentence) });
  });

  it("asks nothing of the Worker's link where the flow links", () => {
    expect(judgePoints(GOOD_FACTS).some(({ title }) => title.includes("Worker's link"))).toBe(false);
  });
});
