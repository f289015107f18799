import { AwsClient } from "aws4fetch";
import * as v from "valibot";
import { decideOwnership, describedContactSchema, isLinked, type Ownership } from "../core/ownership.ts";
import { MAX_OWNER_PAUSE_SECONDS, OWNER_TIMEOUT_MS } from "../limits.ts";
import { type Log } from "./log.ts";

/** Credentials that may describe the contacts of one Connect instance. */
export interface AwsAccess {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly instanceId: string;
}

/** Asks Amazon Connect whose a contact is. */
export interface ContactOwners {
  /** Never throws, and makes at most one call: when Amazon is slow, down or busy, the answer is `unknown`, for a while without asking. */
  check(contactId: string, visitorKey: string, now: number): Promise<Ownership>;
}

interface Dependencies {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly log: Log;
}

/** Why Amazon's answer tells nothing: an `amazon` that cannot answer now is left alone for a while. */
type Silence = { readonly reason: string; readonly of: "amazon" | "contact" };

/**
 * @param attribute Name of the contact attribute with the visitor key.
 * Source: Amazon Connect API, DescribeContact; AWS Signature Version 4.
 */
export function createContactOwners(
  { accessKeyId, secretAccessKey, region, instanceId }: AwsAccess,
  attribute: string,
  { fetch, log }: Dependencies,
): ContactOwners {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "connect" });
  let pauseSeconds = 0;
  let pausedUntil = 0;

  const beSilent = ({ reason, of }: Silence, now: number): Ownership => {
    if (of === "amazon") {
      pauseSeconds = Math.min(2 * pauseSeconds + 1, MAX_OWNER_PAUSE_SECONDS);
      pausedUntil = now + pauseSeconds;
    }
    log.warn("owner.unknown", { reason });
    return "unknown";
  };

  return {
    async check(contactId, visitorKey, now) {
      if (now < pausedUntil) {
        log.debug("owner.unknown", { reason: "pausing" });
        return "unknown";
      }
      const url = `https://connect.${region}.amazonaws.com/contacts/${instanceId}/${encodeSegment(contactId)}`;
      try {
        const request = await client.sign(url, { aws: { datetime: toAmzDate(now) } });
        const response = await fetch(new Request(request, { signal: AbortSignal.timeout(OWNER_TIMEOUT_MS) }));
        if (response.status !== 200 && response.status !== 404) {
          await response.body?.cancel();
          // A refused id may be of the visitor's making: it must not keep others from their history.
          return beSilent(
            { reason: `status-${response.status}`, of: response.status === 400 ? "contact" : "amazon" },
            now,
          );
        }
        const described = response.status === 404 ? null : v.parse(describedContactSchema, await response.json());
        pauseSeconds = 0;
        const ownership = decideOwnership(described, visitorKey, attribute);
        const linked = ownership === "confirmed" && described !== null ? isLinked(described) : null;
        if (linked !== null) log.info("chat.linked", { outcome: linked ? "linked" : "not-linked" });
        return ownership;
      } catch (error) {
        return beSilent({ reason: error instanceof Error ? error.name : "fault", of: "amazon" }, now);
      }
    },
  };
}

/** Source: RFC 3986 §2.3; `encodeURIComponent` leaves five reserved characters, which signer and service may see differently. */
function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function toAmzDate(now: number): string {
  return new Date(now * 1000).toISOString().replace(/[:-]|\.\d{3}/g, "");
}
