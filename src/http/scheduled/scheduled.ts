import { type AnalyticsAccess } from "../../adapters/watch/analytics-engine.ts";
import { readFailureDetails, readFigures } from "../../adapters/watch/figures.ts";
import { type Log, toLogFields } from "../../adapters/log.ts";
import { type Config } from "../../config.ts";
import { onlyLoading } from "../../core/watch/figures.ts";
import { type SettingProblem } from "../../errors.ts";
import { FIGURES_TIMEOUT_MS, HOUR_SECONDS } from "../../limits.ts";
import { switchItselfOff } from "./switch-itself-off.ts";
import { tellTroubles } from "./tell-troubles.ts";
import { type FiguresSource, type WatchServices } from "./watch-services.ts";

/** A run of the cron trigger: switches the chat off or on, and tells of troubles. Whatever fails here, pages and chats go on. */
export async function runScheduled(services: WatchServices): Promise<void> {
  const { config, log, now, problems } = services;
  const { apiToken } = config.figures;
  for (const { setting, message } of problems) {
    log.error("watch.failed", { reason: "misconfigured", message: `${setting} counts as not set: ${message}` });
  }
  const missing = findMissing(config, problems);
  for (const [reason, message] of missing) log.error("watch.failed", { reason, message });
  if (config.metrics === null || apiToken === null || config.figures.accountId === "") return;
  // Its default may be the dataset of another Worker of this account.
  if (problems.some(({ setting }) => setting === "METRICS_DATASET")) return;
  const source = createSource({ ...config.figures, apiToken }, services);
  // First: visitors wait for it.
  const flag = await attempt(log, () => switchItselfOff(source, services));
  const wasOff = flag !== undefined && flag !== null && flag.trialUntil > now() - HOUR_SECONDS;
  await attempt(log, () => tellTroubles(source, services, wasOff));
}

/** One time limit for all that a run reads: what hangs does not hang twice. */
function createSource(access: AnalyticsAccess, { config, fetch }: WatchServices): FiguresSource {
  const options = { fetch, signal: AbortSignal.timeout(FIGURES_TIMEOUT_MS) };
  // The page's own widget loads in every browser.
  const loadingPercent = config.widget.source === "page" ? 100 : config.rolloutPercent;
  return {
    read: async (span) => onlyLoading(await readFigures(access, span, options), loadingPercent),
    readDetails: (span, failures) => readFailureDetails(access, span, failures, options),
  };
}

/** What fails keeps the other from no work. */
async function attempt<T>(log: Log, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    log.error("watch.failed", { reason: "fault", ...toLogFields(error) });
    return undefined;
  }
}

/** @param problems Settings that are set, and malformed. */
function findMissing(
  { metrics, figures }: Config,
  problems: readonly SettingProblem[],
): readonly (readonly [reason: string, message: string])[] {
  const isMissing = (name: string) => problems.every(({ setting }) => setting !== name);
  const found = "found nothing. Set it, or remove the cron trigger";
  return [
    ...(metrics === null
      ? ([
          ["not-bound", `METRICS: expected the binding of [[analytics_engine_datasets]] in wrangler.toml, ${found}`],
        ] as const)
      : []),
    ...(figures.apiToken === null && isMissing("METRICS_TOKEN")
      ? ([["no-token", `METRICS_TOKEN: expected an API token with Account Analytics: Read, ${found}`]] as const)
      : []),
    ...(figures.accountId === "" && isMissing("METRICS_ACCOUNT_ID")
      ? ([["no-account", `METRICS_ACCOUNT_ID: expected the id of your Cloudflare account, ${found}`]] as const)
      : []),
  ];
}
