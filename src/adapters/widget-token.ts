import { CompactSign, jwtVerify } from "jose";
import * as v from "valibot";
import { type OwnerClaims, ownerClaimsSchema, type WidgetClaims } from "../core/chat/claims.ts";
import { ChatError } from "../errors.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_TOKEN_TTL_SECONDS } from "../limits.ts";

const encoder = new TextEncoder();

/** Signs and verifies the tokens of one widget. */
export interface WidgetTokens {
  sign(claims: WidgetClaims): Promise<string>;
  /** @throws {ChatError} `OWNER_TOKEN_INVALID` for a token that Connect would refuse. */
  verifyOwnerToken(token: string, now: number): Promise<OwnerClaims>;
}

/**
 * @param securityKey As the console shows it: the text itself is the key; it is not decoded.
 * Source: RFC 7515 §7.1, RFC 7518 §3.2 (HS256).
 */
export async function createWidgetTokens(securityKey: string, widgetId: string): Promise<WidgetTokens> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(securityKey), algorithm, false, ["sign", "verify"]);

  return {
    sign: (claims) =>
      new CompactSign(encoder.encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .sign(key),

    async verifyOwnerToken(token, now) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ["HS256"],
          subject: widgetId,
          requiredClaims: ["exp"],
          currentDate: new Date(now * 1000),
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
        });
        const claims = v.parse(ownerClaimsSchema, payload);
        // Such a token could be exchanged for new tokens of ours for months.
        if (claims.exp > now + MAX_TOKEN_TTL_SECONDS + CLOCK_TOLERANCE_SECONDS) throw new Error("It expires too late");
        return claims;
      } catch (cause) {
        throw new ChatError("OWNER_TOKEN_INVALID", "Cannot use the site's own token: Connect would refuse it", {
          cause,
        });
      }
    },
  };
}
