import { describe, expect, it } from "vitest";
import { signToken } from "./sign-token.ts";
import { checkToken } from "./token.ts";

const widgetId = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const securityKey = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=";
const now = 1_700_000_000;
const goodClaims = { sub: widgetId, iat: now, exp: now + 500, attributes: { chatContinue: "none" } };
const rules = { widgetId, securityKeys: [securityKey], now };

function checkClaims(change: object): ReturnType<typeof checkToken> {
  return checkToken(signToken({ claims: { ...goodClaims, ...change }, securityKey }), rules);
}

describe("checkToken()", () => {
  it("accepts a token signed with the UTF-8 bytes of the key's text", () => {
    expect(checkClaims({})).toMatchObject({ accepted: true, claims: { attributes: { chatContinue: "none" } } });
  });

  it("accepts a lifetime of exactly 600 s, an iat 5 s ahead, and every optional claim", () => {
    expect(checkClaims({ exp: now + 600 }).accepted).toBe(true);
    expect(checkClaims({ iat: now + 5 }).accepted).toBe(true);
    expect(checkClaims({ customerId: "c".repeat(128), segmentAttributes: {} }).accepted).toBe(true);
  });

  it("accepts a key that a rotation left valid", () => {
    const token = signToken({ claims: goodClaims, securityKey: "old key" });
    expect(checkToken(token, { ...rules, securityKeys: [securityKey, "old key"] }).accepted).toBe(true);
    expect(checkToken(token, rules).accepted).toBe(false);
  });

  it("refuses a signature over the key's base64 decoding", () => {
    const decoded = Buffer.from(securityKey, "base64").toString("latin1");
    expect(checkToken(signToken({ claims: goodClaims, securityKey: decoded }), rules)).toEqual({
      accepted: false,
      reason: "has a signature that no security key of this widget made",
    });
  });

  it("refuses a changed claim", () => {
    const [header, , signature] = signToken({ claims: goodClaims, securityKey }).split(".");
    const claims = Buffer.from(JSON.stringify({ ...goodClaims, customerId: "someone" })).toString("base64url");
    expect(checkToken(`${header}.${claims}.${signature}`, rules).accepted).toBe(false);
  });

  it.each([
    ["alg none", { alg: "none", typ: "JWT" }],
    ["another hash", { alg: "HS512", typ: "JWT" }],
    ["no typ", { alg: "HS256" }],
    ["a further parameter", { alg: "HS256", typ: "JWT", kid: "1" }],
  ])("refuses a header with %s", (_, header) => {
    expect(checkToken(signToken({ header, claims: goodClaims, securityKey }), rules)).toEqual({
      accepted: false,
      reason: "has a header other than alg HS256 and typ JWT",
    });
  });

  it.each([
    ["another widget's sub", { sub: "another" }, "has a sub that is not the widget id"],
    ["a fractional iat", { iat: now - 0.5 }, "has no iat in whole seconds"],
    ["an iat as text", { iat: String(now) }, "has no iat in whole seconds"],
    ["no exp", { exp: undefined }, "has no exp in whole seconds"],
    ["an exp in milliseconds", { exp: (now + 500) * 1000 }, /^lives \d+ s/],
    ["a lifetime of 601 s", { exp: now + 601 }, "lives 601 s, at most 600 s are allowed"],
    ["an exp before its iat", { exp: now - 1 }, "expires before it was issued"],
    ["an exp that has come", { iat: now - 500, exp: now }, "has expired"],
    ["an iat 6 s ahead", { iat: now + 6, exp: now + 500 }, "was issued in the future"],
    ["an empty customerId", { customerId: "" }, /customerId/],
    ["a customerId of 129 characters", { customerId: "c".repeat(129) }, /customerId/],
    ["a customerId that is no text", { customerId: 7 }, /customerId/],
  ])("refuses %s", (_, change, reason) => {
    const check = checkClaims(change);
    expect(check.accepted ? "" : check.reason).toMatch(reason);
  });

  it("counts characters: 3,000 pass and 3,001 do not", () => {
    const empty = signToken({ claims: { ...goodClaims, pad: "" }, securityKey }).length;
    const fit = (length: number): string => {
      for (let pad = Math.floor(((length - empty) * 3) / 4) - 4; ; pad++) {
        const token = signToken({ claims: { ...goodClaims, pad: "x".repeat(pad) }, securityKey });
        if (token.length >= length) return token;
      }
    };
    expect(checkToken(fit(3_000).slice(0, 3_001), rules).accepted).toBe(fit(3_000).length === 3_000);
    expect(checkToken(fit(3_001), rules)).toMatchObject({ accepted: false, reason: expect.stringContaining("long") });
  });

  it.each(["", "null", "a.b", "a.b.c", "a.b.c.d", "ü.b.c"])("refuses %j, which is no JWT", (token) => {
    expect(checkToken(token, rules).accepted).toBe(false);
  });
});
