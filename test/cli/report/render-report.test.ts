import { describe, expect, it } from "vitest";
import { buildExample } from "../../../src/cli/report/example.ts";
import { renderReport } from "../../../src/cli/report/table/render-report.ts";
import { count, figuresOf, told } from "./some-figures.ts";

describe("renderReport()", () => {
  it("shows how many chats were continued, why others were not, and how many pages got the chat", () => {
    const counts = [
      count("token.issued", "now", "ended", 1500),
      count("token.issued", "wait", "ended-just-now", 100),
      count("token.issued", "none", "no-session", 300),
      count("token.issued", "none", "asked-fresh", 100),
      count("contact.recorded", "started", "", 1900),
      count("contact.recorded", "ended", "", 1800),
      count("chat.linked", "linked", "", 90),
      count("chat.linked", "not-linked", "", 10),
      count("chat.refused", "", "TOO_MANY_CALLS", 3),
      count("chat.refused", "", "TICKET_EXPIRED", 1),
      count("page.injected", "", "", 9000),
      count("page.left-alone", "", "excluded-path", 1000),
      count("page.observed", "inject", "", 7),
    ];
    expect(renderReport(figuresOf(counts))).toBe(`The last 7 days, from chats

What failed in browsers is not known: they told nothing, as with OUTCOMES=0 or an older version of
the Worker. Nothing else stands out: 9,000 pages got the chat and 1,900 chats were started.
To know it, set OUTCOMES to 1 in \`wrangler.toml\`, and run \`npm run deploy\` with this version.

From page to continued chat
  pages with the chat         9,000
  tokens issued               2,000
  started and reported        1,900  95 % of tokens
  history offered             1,600  80 % of tokens
  confirmed linked by Amazon     90  of 100 looked at

Chats
  history not offered           400  20 %
    no-session                  300
    asked-fresh                 100
  calls refused                   4
    TOO_MANY_CALLS                3
    TICKET_EXPIRED                1

Pages
  with the chat               9,000  90 %
  left alone                  1,000  10 %
    excluded-path             1,000

Pages under MODE=observe
  would get the chat              7  100 %
  would be left alone             0  0 %
`);
  });

  it("shows what browsers told, where it failed, and what is different from the days before", () => {
    const safari = { browser: "safari", version: "1.4.0" };
    const counts = [
      count("page.injected", "", "", 5000),
      told("opened", 100, safari),
      told("history-seen", 30, safari),
      count("contact.recorded", "started", "", 95),
      told("client-failed", 190, safari),
      told("client-failed", 22, { browser: "chrome", version: "1.3.0" }),
    ];
    const before = [
      count("page.injected", "", "", 4000),
      told("opened", 100),
      told("client-failed", 3),
      count("contact.recorded", "started", "", 95),
    ];
    expect(renderReport(figuresOf(counts, { before }))).toBe(`The last 7 days, from chats

Amazon's client failed to load in 212 page views, most of them in Safari with version 1.4.0 (3 in
the 7 days before).
Open a page of your site (in the browser named above, if any): if the chat is there, visitors' ad
blockers or networks stop it. If it is missing for you as well, see the status page of AWS for your
region, and compare the address of the script in WIDGET_SNIPPET with the snippet in the Connect
console.

From page to continued chat                                       7 days before
  pages with the chat             5,000                           +25 %
  chats opened                      100  2 % of pages             same
  started and reported               95                           same
  seen by the visitor                30                           0 → 30

What failed in browsers                                           7 days before
  Amazon's client failed to load    212  Safari 90 %, 1.4.0 90 %  3 → 212

Pages
  with the chat                   5,000  100 %
  left alone                          0  0 %
`);
  });

  it("shows figures of an older version, which tell no browser", () => {
    const counts = [count("page.injected", "", "", 50), told("client-failed", 12)];
    expect(renderReport(figuresOf(counts))).toMatch(/\n {2}Amazon's client failed to load +12\n/);
  });

  it("shows a word that it does not know as it is", () => {
    const counts = [count("page.injected", "", "", 50), told("client-failed", 12, { browser: "constructor" })];
    expect(renderReport(figuresOf(counts))).toMatch(/failed to load +12 +constructor 100 %\n/);
  });

  it("says that it does not know how many chats Amazon linked, without Amazon's answers", () => {
    expect(renderReport(figuresOf([count("token.issued", "now", "ended", 1)]))).toMatch(
      /confirmed linked by Amazon +not known/,
    );
  });

  it("counts the sign-ins that took chats over, where there were any", () => {
    const counts = [count("token.issued", "now", "ended", 2), count("history.carried-over", "", "", 1)];
    expect(renderReport(figuresOf(counts))).toMatch(/history not offered +0 +0 %\n +carried over after a sign-in +1\n/);
  });

  it("says when nothing was counted, and what to do", () => {
    expect(renderReport(figuresOf([], { days: null, title: "A log" }))).toBe(
      "A log\n\nNothing was counted.\nOpen a page of the site in a browser, and chat: then run this again.\n",
    );
  });

  it("says of a made-up month that it is made up, in its first line", () => {
    expect(renderReport(buildExample())).toMatch(/^MADE-UP FIGURES: /);
  });
});
