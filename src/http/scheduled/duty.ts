import { type WatchedHours } from "../../adapters/figures.ts";
import { type Log } from "../../adapters/log.ts";
import { type Config } from "../../config.ts";

/** What the duties of a scheduled run need. */
export interface WatchServices {
  readonly config: Config;
  readonly log: Log;
  /** Sends a request to Cloudflare's API or to the owner's webhook. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The clock, in seconds since 1970. */
  readonly now: () => number;
}

/** What the Worker does with the figures in each scheduled run. */
export type Duty = (hours: WatchedHours, services: WatchServices, circumstances: Circumstances) => Promise<void>;

export interface Circumstances {
  /** Whether the chat had switched itself off in a part of the last hour. */
  readonly wasOff: boolean;
}
