import { type Arbitrary, assert as assertProperty, asyncProperty, constant, constantFrom, dictionary, integer, jsonValue, oneof, record, string } from "fast-check"; // prettier-ignore
import { CompactSign } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createWidgetTokens, type WidgetTokens } from "../../../src/adapters/widget-token.ts";
import { buildClaims, type OwnerClaims } from "../../../src/core/chat/claims.ts";
import { ChatError } from "../../../src/errors.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_TOKEN_TTL_SECONDS } from "../../../src/limits.ts";
import { securityKey, widgetId } from "../../worker/settings.ts";
import { claimsOf } from "../../worker/visitor-client.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";
import { mutated } from "../mutation.ts";

const NOW = 1_800_000_000;
const TTL = 500;
const key = new TextEncoder().encode(securityKey);
const claims = {
  sub: widgetId,
  iat: NOW,
  exp: NOW + TTL,
  attributes: { plan: "gold" },
  segmentAttributes: { "connect:Subtype": { ValueString: "connect:Guide" } },
  customerId: "customer-7",
};

/** Signs any text with the owner's key. */
const sign = (text: string, header: object = { typ: "JWT" }) =>
  new CompactSign(new TextEncoder().encode(text)).setProtectedHeader({ ...header, alg: "HS256" }).sign(key);

const FRAGMENTS = [".", "..", "=", "-", "_", "A", "AAAA", "eyJhbGciOiJub25lIn0", "e30", " ", "\0", "\u00e9", "\n"];
const CLAIM_WORDS = [
  '"sub"', '"iat"', '"nbf"', '"aud"', '"exp"', '"attributes"', '"customerId"', '"relatedContactId"', '"contactId"', '"__proto__"', "null", "0",
  "-1", "1e400", "1799999999.5", "1800000100.5", "true", "[]", "{}", ",", ":", "{", "}", '""', `"${widgetId}"`, '"\\ud800"', '"\u{1f375}"',
]; // prettier-ignore

let tokens: WidgetTokens;
beforeAll(async () => {
  tokens = await createWidgetTokens(securityKey, widgetId);
});

async function verify(token: string): Promise<OwnerClaims | null> {
  try {
    return await tokens.verifyOwnerToken(token, NOW);
  } catch (error) {
    if (error instanceof ChatError && error.code === "OWNER_TOKEN_INVALID") return null;
    throw error;
  }
}

/** The token for the widget keeps every promise, whatever an accepted token says. */
async function expectOurs(owner: OwnerClaims): Promise<void> {
  const ours = { contactId: "none", persistentChatVisitor: "v" };
  const options = { widgetId, now: NOW, ttlSeconds: TTL };
  const issued = claimsOf(await tokens.sign(buildClaims(options, ours, owner)));
  expect(issued.sub).toBe(widgetId);
  expect(issued.exp).toBeLessThanOrEqual(Math.min(NOW + TTL, owner.exp));
  expect(owner.exp).toBeLessThanOrEqual(NOW + MAX_TOKEN_TTL_SECONDS + CLOCK_TOLERANCE_SECONDS);
  expect(issued.attributes).toMatchObject(ours);
  expect(Object.values(issued.attributes)).toSatisfy((values: unknown[]) =>
    values.every((value) => typeof value === "string"),
  );
}

describe("the owner's token", () => {
  it("is refused once a byte of it has changed", { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const own = await sign(JSON.stringify(claims));
    const bytesOf = (token: string) => token.split(".").map((part) => Buffer.from(part, "base64url").toString("hex"));
    const texts = oneof(
      { weight: 8, arbitrary: mutated([own], FRAGMENTS, 4) },
      { weight: 1, arbitrary: string({ unit: "binary" }) },
    );
    await assertProperty(
      asyncProperty(texts, async (token) => {
        const verified = await verify(token);
        if (verified !== null) expect(bytesOf(token)).toEqual(bytesOf(own));
      }),
      fuzzed(400),
    );
  });

  it("is used or refused, whatever its owner has signed", { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const anyText = string({ maxLength: 20 });
    const claim = (right: Arbitrary<unknown>) =>
      oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: jsonValue() });
    const payloads: Arbitrary<string> = oneof(
      mutated([JSON.stringify(claims)], CLAIM_WORDS, 2),
      record(
        {
          exp: claim(oneof(integer({ min: NOW - 100, max: NOW + 700 }), constant(NOW + 0.5))),
          iat: claim(integer({ min: NOW - 100, max: NOW + 100 })),
          attributes: claim(dictionary(constantFrom("plan", "contactId", "__proto__", ""), anyText)),
          segmentAttributes: claim(dictionary(anyText, jsonValue())),
          customerId: claim(anyText),
          relatedContactId: claim(anyText),
          other: jsonValue(),
        },
        { requiredKeys: [] },
      ).map((changed) => JSON.stringify(Object.assign(changed, { ...claims, ...changed }))),
    );
    const headers = oneof(
      { weight: 3, arbitrary: constant<object>({ typ: "JWT" }) },
      { weight: 1, arbitrary: constant<object>({ b64: false, crit: ["b64"] }) },
      { weight: 1, arbitrary: dictionary(anyText, jsonValue()) },
    );
    await assertProperty(
      asyncProperty(payloads, headers, async (payload, header) => {
        // A header that jose refuses to sign is not tried.
        const token = await sign(payload, header).catch(() => null);
        const owner = token === null ? null : await verify(token);
        if (owner !== null) await expectOurs(owner);
      }),
      fuzzed(400),
    );
  });
});
