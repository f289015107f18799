import { AwsV4Signer } from "aws4fetch";
import * as v from "valibot";
import { decideOwnership, describedContactSchema, isLinked, type Ownership } from "../core/chat/ownership.ts";
import { UUID } from "../core/widget/snippet.ts";
import { CONTACTS_UNTIL_PAUSE, MAX_OWNER_PAUSE_SECONDS, OWNER_TIMEOUT_MS } from "../limits.ts";
import { type Log } from "./log.ts";

/** AWS credentials that allow DescribeContact in one Connect instance. */
export interface AwsAccess {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly instanceId: string;
}

/** Asks Amazon Connect which visitor a contact belongs to. */
export interface ContactOwners {
  /** Makes at most one call, and never throws. The answer is `unknown` when Amazon is slow, down or busy, then for a while without asking, and for an id that is no UUID. */
  check(contactId: string, visitorKey: string, now: number): Promise<Ownership>;
}

interface Dependencies {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly log: Log;
}

/**
 * @param attribute Name of the contact attribute with the visitor key.
 * Source: Amazon Connect API, DescribeContact; AWS Signature Version 4.
 */
export function createContactOwners(
  { accessKeyId, secretAccessKey, region, instanceId }: AwsAccess,
  attribute: string,
  { fetch, log }: Dependencies,
): ContactOwners {
  const signing = { accessKeyId, secretAccessKey, region, service: "connect", cache: new Map<string, ArrayBuffer>() };
  let pauseSeconds = 0;
  let pausedUntil = 0;
  /** Contacts for which Amazon gave no answer, since its last answer. */
  const unanswered = new Set<string>();

  const beSilent = (contactId: string, reason: string, now: number): Ownership => {
    if (unanswered.size < CONTACTS_UNTIL_PAUSE) unanswered.add(contactId);
    // A visitor can invent a contact that Amazon refuses: one such contact must not keep others from their history.
    if (unanswered.size >= CONTACTS_UNTIL_PAUSE) {
      pauseSeconds = Math.min(2 * pauseSeconds + 1, MAX_OWNER_PAUSE_SECONDS);
      pausedUntil = now + pauseSeconds;
    }
    log.warn("owner.unknown", { reason });
    return "unknown";
  };

  return {
    async check(contactId, visitorKey, now) {
      // Another text that a visitor reports could change the path of the signed call.
      if (!UUID.test(contactId)) {
        log.warn("owner.unknown", { reason: "contact-id" });
        return "unknown";
      }
      if (now < pausedUntil) {
        log.debug("owner.unknown", { reason: "pausing" });
        return "unknown";
      }
      const url = `https://connect.${region}.amazonaws.com/contacts/${instanceId}/${contactId}`;
      try {
        const { headers } = await new AwsV4Signer({ ...signing, url, datetime: toAmzDate(now) }).sign();
        const response = await fetch(new Request(url, { headers, signal: AbortSignal.timeout(OWNER_TIMEOUT_MS) }));
        if (response.status !== 200 && response.status !== 404) {
          await response.body?.cancel();
          return beSilent(contactId, `status-${response.status}`, now);
        }
        const described = response.status === 404 ? null : v.parse(describedContactSchema, await response.json());
        pauseSeconds = 0;
        unanswered.clear();
        const ownership = decideOwnership(described, visitorKey, attribute);
        const linked = ownership === "confirmed" && described !== null ? isLinked(described) : null;
        if (linked !== null) log.info("chat.linked", { outcome: linked ? "linked" : "not-linked" });
        return ownership;
      } catch (error) {
        return beSilent(contactId, error instanceof Error ? error.name : "fault", now);
      }
    },
  };
}

function toAmzDate(now: number): string {
  return new Date(now * 1000).toISOString().replace(/[:-]|\.\d{3}/g, "");
}
