import { type NoFlagReason, parseSelfOffFlag, type SelfOffFlag } from "../../core/watch/self-off-flag.ts";
import { SELF_OFF_FLAG_SECONDS } from "../../limits.ts";
import { type VisitorNamespace } from "../visitor-store.ts";
import { withTimeout } from "../with-timeout.ts";

/** KV key of the flag. */
const SELF_OFF_ENTRY = "self-off";

/** The flag in KV that says that the chat has switched itself off. Other locations see a change after a minute or so. */
export interface SelfOffStore {
  /**
   * @param now In seconds.
   * @throws {Error} Where KV fails or takes too long.
   */
  read(now: number): Promise<SelfOffFlag | NoFlagReason | null>;
  /** @throws {Error} Where KV fails or takes too long: then it is not known whether the flag is written. */
  write(flag: SelfOffFlag): Promise<void>;
}

/** @param timeoutMs How long one answer of KV may take, in milliseconds. */
export function createSelfOffStore(kv: VisitorNamespace, timeoutMs: number): SelfOffStore {
  return {
    async read(now) {
      const values = await withTimeout(timeoutMs, kv.get([SELF_OFF_ENTRY]));
      const text = values.get(SELF_OFF_ENTRY) ?? null;
      return text === null ? null : parseSelfOffFlag(text, now);
    },
    write: async (flag) =>
      withTimeout(timeoutMs, kv.put(SELF_OFF_ENTRY, JSON.stringify(flag), { expirationTtl: SELF_OFF_FLAG_SECONDS })),
  };
}
