import { readWatchedHours } from "../../adapters/figures.ts";
import { type Log, toLogFields } from "../../adapters/log.ts";
import { type Config } from "../../config.ts";
import { type Duty, type WatchServices } from "./duty.ts";
import { switchItselfOff } from "./switch-itself-off.ts";
import { tellTroubles } from "./tell-troubles.ts";

/** The figures of the troubles are those of an hour. */
const HOUR_SECONDS = 3600;

/** One after the other. */
const DUTIES: readonly Duty[] = [tellTroubles];

/** A run of the cron trigger: reads the figures once, and does every duty. Whatever fails here, pages and chats go on. */
export async function runScheduled(services: WatchServices): Promise<void> {
  const { config, log, fetch, now } = services;
  const { apiToken } = config.figures;
  const missing = findMissing(config);
  for (const [reason, message] of missing) log.error("watch.failed", { reason, message });
  if (missing.length > 0 || apiToken === null) return;
  const access = { ...config.figures, apiToken };
  // First, and whatever the others do: visitors wait for it.
  const flag = await attempt(log, () => switchItselfOff(access, services));
  const wasOff = flag !== undefined && flag !== null && flag.trialUntil > now() - HOUR_SECONDS;
  try {
    const hours = await readWatchedHours(access, now(), fetch);
    for (const duty of DUTIES) await attempt(log, () => duty(hours, services, { wasOff }));
  } catch (error) {
    const todo =
      "Check METRICS_TOKEN (it needs Account Analytics: Read), METRICS_ACCOUNT_ID and METRICS_DATASET. The next run tries again";
    log.error("watch.failed", { reason: "figures-unread", ...toLogFields(error), todo });
  }
}

/** A duty that fails keeps no other from its work. */
async function attempt<T>(log: Log, duty: () => Promise<T>): Promise<T | undefined> {
  try {
    return await duty();
  } catch (error) {
    log.error("watch.failed", { reason: "fault", ...toLogFields(error) });
    return undefined;
  }
}

function findMissing({ metrics, figures }: Config): readonly (readonly [reason: string, message: string])[] {
  const found = "found nothing. Set it, or remove the cron trigger";
  return [
    ...(metrics === null
      ? ([
          ["not-bound", `METRICS: expected the binding of [[analytics_engine_datasets]] in wrangler.toml, ${found}`],
        ] as const)
      : []),
    ...(figures.apiToken === null
      ? ([["no-token", `METRICS_TOKEN: expected an API token with Account Analytics: Read, ${found}`]] as const)
      : []),
    ...(figures.accountId === ""
      ? ([["no-account", `METRICS_ACCOUNT_ID: expected the id of your Cloudflare account, ${found}`]] as const)
      : []),
  ];
}
