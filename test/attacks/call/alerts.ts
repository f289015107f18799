import { control, observe } from "../../worker/instrumented.ts";
import { startWatchServer, type Row } from "../../worker/scheduled/watch-server.ts";
import { rowsWith, watchSettings } from "../../worker/scheduled/watching.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { type Attack, type Target } from "../attack.ts";

/** Attacks by failures that never happened. */
export const alertAttacks: readonly Attack[] = [
  {
    name: "Tells hundreds of failures that never happened, to wake the owner",
    withoutGuard: {
      file: "src/core/watch/figures.ts",
      from: "Math.min(count, MAX_COUNTED_PER_NETWORK)",
      to: "count",
    },
    attempt: ({ start }) =>
      withWatch(start, async ({ tell, countAlerts }) => {
        await tell(Array.from({ length: 200 }, () => "192.0.2.1"));
        return (await countAlerts()) > 0;
      }),
  },
  {
    name: "Wakes the owner again and again with made-up failures",
    withoutGuard: {
      file: "src/core/watch/decide-troubles.ts",
      from: "const before = known[trouble] ?? null;",
      to: "const before = null;",
    },
    attempt: ({ start }) =>
      withWatch(start, async ({ tell, countAlerts }) => {
        await tell(Array.from({ length: 100 }, (_none, index) => `192.0.2.${index}`));
        for (let run = 0; run < 2; run += 1) await countAlerts();
        return (await countAlerts()) > 1;
      }),
  },
];

interface Watched {
  /** One beacon of a failure from each of these addresses. */
  readonly tell: (addresses: readonly string[]) => Promise<void>;
  /** Has the Worker look at what it has counted, in an hour of 1,000 pages. */
  readonly countAlerts: () => Promise<number>;
}

async function withWatch(start: Target["start"], attack: (watched: Watched) => Promise<boolean>): Promise<boolean> {
  const server = await startWatchServer();
  const worker = await start(watchSettings(server));
  try {
    await control(worker, {});
    return await attack({
      tell: async (addresses) => {
        for (const address of addresses) await tellFailure(worker, address);
      },
      async countAlerts() {
        server.answer({ hour: [...rowsWith(), ...(await readRows(worker))], weekBefore: rowsWith() });
        await worker.runScheduled();
        return server.alerts.length;
      },
    });
  } finally {
    await server.close();
  }
}

async function tellFailure({ origin }: RunningWorker, address: string): Promise<void> {
  const { status } = await fetch(`${origin}/_chat/outcomes`, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", "cf-connecting-ip": address },
    body: JSON.stringify({ outcomes: ["client-failed"], version: "0.1.0" }),
  });
  if (status !== 204) throw new Error(`A beacon was answered with ${status}`);
}

/** What the Worker has counted, as Analytics Engine groups it. */
async function readRows(worker: RunningWorker): Promise<Row[]> {
  const counts = Map.groupBy((await observe(worker)).counted, (counted) => counted);
  return [...counts].map(([counted, all]) => {
    const [event = "", outcome = "", reason = "", browser = "", , network = "", operator = ""] = counted.split(" ");
    return { event, outcome, reason, browser, network, operator, count: all.length };
  });
}
