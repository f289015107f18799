import * as v from "valibot";
import { parseStoredRecord } from "../stored-record.ts";
import { CLOCK_TOLERANCE_SECONDS, SELF_OFF_SECONDS, SELF_OFF_TRIAL_SECONDS } from "../../limits.ts";
import { secondsSchema, type Session } from "../chat/visitor-record.ts";

const flagSchema = v.pipe(
  v.object({
    v: v.literal(1),
    /** Nobody gets the chat before this time. */
    offUntil: secondsSchema,
    /** From then until this time, some visitors try it. */
    trialUntil: secondsSchema,
    /** What the owner has been told last. */
    told: v.picklist(["off", "trial", "over"]),
  }),
  v.check(({ offUntil, trialUntil }) => offUntil <= trialUntil),
);

/** That the chat has switched itself off, as KV has it. Times are in seconds since 1970. */
export type SelfOffFlag = v.InferOutput<typeof flagSchema>;

/** Why a text in KV is no flag. */
export type NoFlagReason = "newer" | "too-far" | "unreadable";

/**
 * Reads the flag.
 *
 * @param now In seconds.
 * @returns `"newer"` for a flag of a newer version, which must not be replaced; `"too-far"` for times further ahead than this
 *   version writes: the clock of the machine that wrote them was wrong, or this one's is; `"unreadable"` for another text.
 */
export function parseSelfOffFlag(text: string, now: number): SelfOffFlag | NoFlagReason {
  const flag = parseStoredRecord(text, flagSchema);
  if (typeof flag === "string") return flag;
  const latestOff = now + SELF_OFF_SECONDS + CLOCK_TOLERANCE_SECONDS;
  const { offUntil, trialUntil } = flag;
  if (offUntil > latestOff || trialUntil > latestOff + SELF_OFF_TRIAL_SECONDS) return "too-far";
  return flag;
}

/** Who gets the chat: everybody, nobody, or some visitors. */
export type SelfOffPhase = "on" | "off" | "trial";

/** @param flag `null` where there is none. */
export function findPhase(flag: SelfOffFlag | null, now: number): SelfOffPhase {
  if (flag === null || now >= flag.trialUntil) return "on";
  return now < flag.offUntil ? "off" : "trial";
}

/**
 * How long an answer given now may be kept, in seconds, so that it does not outlive the phase in which it was given.
 *
 * @param flag One that stands: the phase is not `on`.
 */
export function secondsLeft({ offUntil, trialUntil }: SelfOffFlag, now: number): number {
  return (now < offUntil ? offUntil : trialUntil) - now;
}

/** Whether one of a visitor's chats may still be going on: its end is not known, and no chat lives longer. */
export function mayBeLive(sessions: readonly Session[], chatDurationMinutes: number, now: number): boolean {
  return sessions.some(({ endedAt, startedAt }) => endedAt === undefined && startedAt > now - 60 * chatDurationMinutes);
}
