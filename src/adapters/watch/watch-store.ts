import { formatWatchState, parseWatchState, type WatchState } from "../../core/watch/watch-state.ts";
import { DAY_SECONDS, STORE_TIMEOUT_MS, WATCH_STATE_DAYS } from "../../limits.ts";
import { type VisitorNamespace } from "../visitor-store.ts";
import { withTimeout } from "../with-timeout.ts";

/** KV key of the troubles that the owner has been told of. */
const WATCH_ENTRY = "watch";

/** The known troubles in KV. Every method throws where KV fails or does not answer in time. */
export interface WatchStore {
  /** @throws {Error} Also where a newer version wrote it. */
  read(): Promise<WatchState | "unreadable">;
  write(state: WatchState): Promise<void>;
}

export function createWatchStore(kv: VisitorNamespace): WatchStore {
  return {
    async read() {
      const values = await withTimeout(STORE_TIMEOUT_MS, kv.get([WATCH_ENTRY]));
      const state = parseWatchState(values.get(WATCH_ENTRY) ?? null);
      if (state === "newer") throw new Error("a newer version wrote it");
      return state;
    },
    write: (state) =>
      withTimeout(
        STORE_TIMEOUT_MS,
        kv.put(WATCH_ENTRY, formatWatchState(state), { expirationTtl: WATCH_STATE_DAYS * DAY_SECONDS }),
      ),
  };
}
