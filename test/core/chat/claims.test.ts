import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { buildClaims, ownerClaimsSchema } from "../../../src/core/chat/claims.ts";

const NOW = 1_800_000_000;
const token = { widgetId: "widget", now: NOW, ttlSeconds: 500 };
const ours = { contactId: "c1", chatContinue: "now" };

describe("buildClaims()", () => {
  it("names the widget and the time", () => {
    expect(buildClaims(token, ours, null)).toEqual({ sub: "widget", iat: NOW, exp: NOW + 500, attributes: ours });
  });

  it("keeps the owner's claims", () => {
    const owner = { sub: "widget", exp: NOW + 600, customerId: "anna", segmentAttributes: { a: { ValueString: "b" } } };
    expect(buildClaims(token, ours, owner)).toEqual({
      ...owner,
      iat: NOW,
      exp: NOW + 500,
      attributes: ours,
    });
  });

  it("lets our attributes win over the owner's", () => {
    const owner = { sub: "widget", exp: NOW + 600, attributes: { plan: "gold", contactId: "forged" } };
    expect(buildClaims(token, ours, owner).attributes).toEqual({ plan: "gold", ...ours });
  });

  it("never outlives the owner's token", () => {
    expect(buildClaims(token, ours, { sub: "widget", exp: NOW + 20.9 }).exp).toBe(NOW + 20);
  });
});

describe("ownerClaimsSchema", () => {
  const claims = { sub: "widget", exp: NOW };

  it.each([
    ["an attribute that is no string", { ...claims, attributes: { age: 7 } }],
    ["an empty customer id", { ...claims, customerId: "" }],
    ["a customer id of 129 characters", { ...claims, customerId: "x".repeat(129) }],
    ["no end", { sub: "widget" }],
  ])("refuses %s", (_what, input) => {
    expect(v.is(ownerClaimsSchema, input)).toBe(false);
  });

  it("keeps claims that it does not know", () => {
    expect(v.parse(ownerClaimsSchema, { ...claims, nbf: 1 })).toEqual({ ...claims, nbf: 1 });
  });
});
