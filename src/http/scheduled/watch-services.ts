import { type Log } from "../../adapters/log.ts";
import { type Config } from "../../config.ts";
import { type Failure } from "../../core/outcome/outcome.ts";
import { type FailureDetail } from "../../core/watch/failure-details.ts";
import { type Figures, type Span } from "../../core/watch/figures.ts";
import { type SettingProblem } from "../../errors.ts";

/** What a scheduled run needs. */
export interface WatchServices {
  readonly config: Config;
  /** Settings of alerts and self-off that cannot be used, and count as not set. */
  readonly problems: readonly SettingProblem[];
  readonly log: Log;
  /** Sends a request to Cloudflare's API or to the owner's webhook. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The clock, in seconds since 1970. */
  readonly now: () => number;
}

/** What was counted. Each method throws where Cloudflare does not give it. */
export interface FiguresSource {
  /** With the page views in which a client loads. */
  readonly read: (span: Span) => Promise<Figures>;
  readonly readDetails: (span: Span, failures: readonly Failure[]) => Promise<FailureDetail[]>;
}
