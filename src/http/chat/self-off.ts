import { type Context } from "hono";
import { toLogFields } from "../../adapters/log.ts";
import { findPhase, mayBeLive, type SelfOffFlag } from "../../core/watch/self-off-flag.ts";
import { SELF_OFF_TRIAL_SHARE } from "../../limits.ts";
import { type ChatServices } from "./services.ts";

/**
 * The flag that keeps the chat from visitors now.
 *
 * @returns `null` where everybody gets the chat, also where KV does not answer or has no flag that this version reads.
 */
export async function findStandingFlag({ selfOff, log }: ChatServices, now: number): Promise<SelfOffFlag | null> {
  if (selfOff === null) return null;
  try {
    const flag = await selfOff.read(now);
    // The scheduled handler says what is wrong with it: this route would say so for every visitor.
    return flag === null || typeof flag === "string" || findPhase(flag, now) === "on" ? null : flag;
  } catch (error) {
    log.warn("self-off.unknown", toLogFields(error));
    return null;
  }
}

/** Whether this visitor gets the chat all the same: to go on with a live one, or to try it. */
export async function getsChatMeanwhile(
  c: Context,
  { config, cookies, random }: ChatServices,
  flag: SelfOffFlag,
  now: number,
): Promise<boolean> {
  if (findPhase(flag, now) === "trial" && random() < SELF_OFF_TRIAL_SHARE) return true;
  const cookie = await cookies.read(c, now);
  return cookie !== null && mayBeLive(cookie.content.sessions, config.chatDurationMinutes, now);
}
