import { expect, it } from "vitest";
import { decideTroubles, type KnownTroubles } from "../../../src/core/watch/decide-troubles.ts";
import { type Figures } from "../../../src/core/watch/figures.ts";
import { type Trouble } from "../../../src/core/watch/trouble.ts";
import { failuresOf, hourOf } from "./hours.ts";

const now = 1_800_000_000;
const verdictOf = (trouble: Trouble, hour: Figures, known: KnownTroubles = {}) =>
  decideTroubles(hour, hourOf(), known, now).find((decision) => decision.trouble === trouble)?.verdict;

it("is a trouble where every token is refused, and none was issued", () => {
  const hour = hourOf({ tokens: 0, failures: failuresOf("token-refused", 10) });
  expect(verdictOf("token-refused", hour)).toBe("begins");
});

it("does not end what began by count because pages are counted again", () => {
  const known = { "client-failed": { since: now - 300, line: 0.8, share: 0.8, count: 60 } };
  const failing = (networks: number) => hourOf({ pages: 400, failures: failuresOf("client-failed", networks) });
  expect([verdictOf("client-failed", failing(120), known), verdictOf("client-failed", failing(20), known)]).toEqual([
    "goes-on",
    "over",
  ]);
});
