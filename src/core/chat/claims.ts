import * as v from "valibot";

/** The claims of the owner's own token. Claims that are not named here are kept as they are. */
export const ownerClaimsSchema = v.looseObject({
  sub: v.string(),
  iat: v.exactOptional(v.number()),
  exp: v.number(),
  attributes: v.exactOptional(v.record(v.string(), v.string())),
  segmentAttributes: v.exactOptional(v.record(v.string(), v.unknown())),
  customerId: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
  relatedContactId: v.exactOptional(v.string()),
});

export type OwnerClaims = v.InferOutput<typeof ownerClaimsSchema>;

export interface WidgetClaims extends Record<string, unknown> {
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly attributes: Record<string, string>;
}

/**
 * Builds the claims of a widget token.
 *
 * @param attributes Our attributes. They replace the owner's attributes of the same name.
 * @param owner Claims of the owner's own verified token, all kept; its `exp` is never exceeded. `null` without one.
 * Source: Amazon Connect Administrator Guide, "Add a chat user interface to your website", JWT claims; RFC 7519 §4.1.
 */
export function buildClaims(
  { widgetId, now, ttlSeconds }: { readonly widgetId: string; readonly now: number; readonly ttlSeconds: number },
  attributes: Readonly<Record<string, string>>,
  owner: OwnerClaims | null,
): WidgetClaims {
  return {
    ...owner,
    sub: widgetId,
    iat: now,
    exp: Math.min(now + ttlSeconds, owner === null ? Infinity : Math.floor(owner.exp)),
    attributes: { ...owner?.attributes, ...attributes },
  };
}

/** What surrounds a token's claims: header, two points and signature. Source: RFC 7515 §7.1, with `HS256` and `JWT`. */
const CHARS_AROUND_CLAIMS = 36 + 2 + 43;

/** How long a signed token with these claims is, in characters. */
export function countTokenChars(claims: WidgetClaims): number {
  const bytes = new TextEncoder().encode(JSON.stringify(claims)).length;
  return CHARS_AROUND_CLAIMS + Math.ceil((bytes * 4) / 3);
}
