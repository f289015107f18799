import { describe, expect, it } from "vitest";
import { judgePoints } from "../../../../../src/cli/connect/rehearse/judge/points.ts";
import { listByHand, renderPoints, renderReport } from "../../../../../src/cli/connect/rehearse/judge/render-report.ts";
import { decideVerdict } from "../../../../../src/cli/connect/rehearse/judge/verdict.ts";
import { GOOD_FACTS } from "./good-facts.ts";

const points = judgePoints(GOOD_FACTS);
const rehearsed = {
  version: "0.1.0",
  liveVersion: "0.1.0",
  linkBy: "flow",
  region: "eu-central-1",
  readyAfterSeconds: 60,
  moments: [
    { what: "rehearsal begins", at: 1_795_000_000.4 },
    { what: "first chat started", at: 1_795_000_012.6 },
  ],
  points,
  verdict: decideVerdict(GOOD_FACTS, points),
  byHand: listByHand({ linkBy: "flow", points }),
} as const;

describe("renderReport()", () => {
  const report = renderReport(rehearsed);

  it("begins with the verdict", () => {
    expect(report).toMatch(
      /^# Rehearsal of persistent chat\n\n\*\*The second chat had the first one's history, after 3 s\.\*\*\n/,
    );
  });

  it("names versions, settings, region, time and durations", () => {
    for (const part of [
      "0.1.0",
      "LINK_BY=flow",
      "READY_AFTER_SECONDS=60",
      "eu-central-1",
      "2026-11-18T",
      "| 12 | first chat started |",
    ]) {
      expect(report).toContain(part);
    }
  });

  it("has a row for each point", () => {
    for (const { title } of points) expect(report).toContain(`| ${title} |`);
  });

  it("leaves out an id, a token, an account and an address that an error text brings along", () => {
    const secrets = [
      "7c0f4f6e-1f0b-4d37-9a52-64f1c0a8e3d1",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
      "123456789012",
      "https://www.example.com/_chat/token",
    ];
    const headline = `Cannot reach ${secrets.join(" and ")}: no answer`;
    const text = renderReport({ ...rehearsed, verdict: { isGood: false, headline, todo: null } });
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).toContain("no answer");
  });
});

describe("renderPoints()", () => {
  it("begins with the verdict, and then says each point with its state", () => {
    const text = renderPoints(rehearsed);
    expect(text).toMatch(/^The second chat had the first one's history/);
    expect(text).toContain("  confirmed        A forged attribute loses against the signed one\n");
  });
});

describe("listByHand()", () => {
  it("names the flow's import only where the flow links, and a transfer only where there was none", () => {
    expect(listByHand({ linkBy: "flow", points }).join("\n")).toMatch(/contact flow[^]*CONNECTION_ESTABLISHED/);
    const { end } = GOOD_FACTS;
    const untransferred = judgePoints({ ...GOOD_FACTS, end: { ...end, contacts: { seen: 1 } } });
    const byHand = listByHand({ linkBy: "worker", points: untransferred }).join("\n");
    expect(byHand).toContain("A transfer");
    expect(byHand).not.toContain("contact flow");
  });
});
