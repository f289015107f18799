import { describe, expect, it } from "vitest";
import { buildFinding } from "../../../src/cli/findings/catalogue.ts";
import { decideVerdict, renderExamination } from "../../../src/cli/doctor/render.ts";
import { PAGE } from "./page-facts.ts";

const script = { status: 200, isJavaScript: true, isEmpty: false };
const token = { status: 200, code: null, claims: null, dateSeconds: null, localSeconds: 0 };
const LIVE = { status: "ok", version: "1.2.3", script, token, roundTrip: null } as const;

describe("decideVerdict()", () => {
  const left = { ...PAGE, path: "/amp", reason: "amp" };
  const base = { site: "https://www.example.com", pages: [PAGE, left], live: null, findings: [] };

  it.each([
    ["before", base, true, "Ready: 1 of 2 pages would get the chat."],
    ["live", { ...base, pages: [{ ...PAGE, hasTag: true }], live: LIVE }, true, "Working: 1 of 1 page have the chat."],
    [
      "switched off",
      { ...base, live: { ...LIVE, token: { ...token, code: "SWITCHED_OFF" } } },
      true,
      'Switched off: 1 of 2 pages would get the chat with MODE = "on".',
    ],
    [
      "blocked",
      { ...base, findings: [buildFinding("no-page"), buildFinding("not-https")] },
      false,
      "Not ready: No page that was looked at would get the chat. And 1 more.",
    ],
    [
      "blocked when live",
      { ...base, live: LIVE, findings: [buildFinding("no-page")] },
      false,
      "Not working: No page that was looked at would get the chat.",
    ],
  ])("says in one sentence how the site is: %s", (_name, examination, isFine, text) => {
    expect(decideVerdict(examination)).toEqual({ isFine, text });
  });

  it("prints the verdict, then the live version, then each finding with pages and advice", () => {
    const paths = Array.from({ length: 10 }, (_, index) => `/${index}`);
    const findings = [buildFinding("coep", { pages: paths, details: ["a fact"] })];
    expect(renderExamination({ ...base, live: LIVE, findings })).toBe(`Working: 0 of 2 pages have the chat.
https://www.example.com: the Worker 1.2.3 is live.

warning  coep
  Pages: /0 /1 /2 /3 /4 /5 /6 /7 and 2 more
  They send Cross-Origin-Embedder-Policy: require-corp: Amazon's script could not be loaded.
      a fact
  To do: Send credentialless in its place, or leave the header out on these pages.
`);
  });
});

describe("renderExamination()", () => {
  it("prints a long detail on lines that fit a terminal, and not more than six of them", () => {
    const hosts = Array.from({ length: 40 }, (_, index) => `https://host-${index}.example.com`);
    const details = [`connect-src: + ${hosts.join(" ")}`, `img-src: + ${hosts.slice(0, 5).join(" ")}`];
    const findings = [buildFinding("policies-change", { details })];
    const text = renderExamination({ site: "https://www.example.com", pages: [PAGE], live: null, findings });
    const lines = text.split("\n");
    expect(lines.filter((line) => line.startsWith("      ") && line.length > 100)).toEqual([]);
    expect(lines.filter((line) => line.includes("--json prints all"))).toHaveLength(1);
    expect(text).toContain("\n        https://host-3.example.com https://host-4.example.com\n");
  });

  it("prints no line break or terminal control that comes from an answer", () => {
    const findings = [buildFinding("other-widget", { details: ["live: x\nReady: 9 of 9 pages\u001b[8m"] })];
    const text = renderExamination({ site: "https://www.example.com", pages: [PAGE], live: null, findings });
    expect(text).toContain(String.raw`    live: x\u000aReady: 9 of 9 pages\u001b[8m`);
  });
});
