import { createHmac, timingSafeEqual } from "node:crypto";

/** Source: Amazon Connect Administrator Guide. */
const MAX_TOKEN_CHARACTERS = 3_000;
const MAX_LIFETIME_SECONDS = 600;
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_CUSTOMER_ID_CHARACTERS = 128;
const ENCODED_TOKEN = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

export interface TokenClaims {
  customerId: string | null;
  relatedContactId: string | null;
  /** Unchecked: a bad attribute has another answer than a bad token. */
  attributes: unknown;
}

export type TokenCheck = { accepted: true; claims: TokenClaims } | { accepted: false; reason: string };

type JsonObject = Record<string, unknown>;

/**
 * Judges the widget's JWT as Connect does.
 *
 * @param securityKeys The keys that are valid now (several during a rotation); their UTF-8 bytes sign.
 * @param now Seconds.
 */
export function checkToken(
  token: string,
  rules: { widgetId: string; securityKeys: readonly string[]; now: number },
): TokenCheck {
  if (token.length > MAX_TOKEN_CHARACTERS) {
    return refuse(`is ${token.length} characters long, at most ${MAX_TOKEN_CHARACTERS} are allowed`);
  }
  const [, encodedHeader, encodedClaims, encodedSignature] = ENCODED_TOKEN.exec(token) ?? [];
  if (!encodedHeader || !encodedClaims || !encodedSignature) return refuse("is no encoded JWT");
  const header = parseObject(encodedHeader);
  if (header === null) return refuse("has a header that is no JSON object");
  if (header["alg"] !== "HS256" || header["typ"] !== "JWT" || Object.keys(header).length !== 2) {
    return refuse("has a header other than alg HS256 and typ JWT");
  }
  const signed = `${encodedHeader}.${encodedClaims}`;
  if (!rules.securityKeys.some((key) => isSignedWith(key, signed, encodedSignature))) {
    return refuse("has a signature that no security key of this widget made");
  }
  const claims = parseObject(encodedClaims);
  if (claims === null) return refuse("has claims that are no JSON object");
  const problem = findClaimProblem(claims, rules.widgetId, rules.now);
  if (problem !== null) return refuse(problem);
  return {
    accepted: true,
    claims: {
      customerId: toStringOrNull(claims["customerId"]),
      relatedContactId: toStringOrNull(claims["relatedContactId"]),
      attributes: claims["attributes"],
    },
  };
}

function findClaimProblem(claims: JsonObject, widgetId: string, now: number): string | null {
  const { sub, iat, exp, customerId, relatedContactId, segmentAttributes } = claims;
  if (sub !== widgetId) return "has a sub that is not the widget id";
  if (!isInteger(iat)) return "has no iat in whole seconds";
  if (!isInteger(exp)) return "has no exp in whole seconds";
  if (exp <= iat) return "expires before it was issued";
  if (exp - iat > MAX_LIFETIME_SECONDS) return `lives ${exp - iat} s, at most ${MAX_LIFETIME_SECONDS} s are allowed`;
  if (iat > now + CLOCK_TOLERANCE_SECONDS) return "was issued in the future";
  if (exp <= now) return "has expired";
  if (customerId !== undefined && !isText(customerId, MAX_CUSTOMER_ID_CHARACTERS)) {
    return `has a customerId that is not text of 1 to ${MAX_CUSTOMER_ID_CHARACTERS} characters`;
  }
  if (relatedContactId !== undefined && !isText(relatedContactId, 256)) return "has a relatedContactId that is no id";
  if (segmentAttributes !== undefined && !isObject(segmentAttributes))
    return "has segmentAttributes that are no object";
  return null;
}

function isSignedWith(key: string, signed: string, encodedSignature: string): boolean {
  const expected = createHmac("sha256", Buffer.from(key, "utf8")).update(signed).digest("base64url");
  // Compared as text: Buffer.from ignores wrong bits at an encoding's end.
  const [a, b] = [Buffer.from(expected), Buffer.from(encodedSignature)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function parseObject(encoded: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(encoded, "base64url")),
    );
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isText(value: unknown, maxCharacters: number): value is string {
  return typeof value === "string" && value.length >= 1 && value.length <= maxCharacters;
}

function toStringOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function refuse(reason: string): TokenCheck {
  return { accepted: false, reason };
}
