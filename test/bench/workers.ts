import { join } from "node:path";
import { settings } from "../worker/settings.ts";
import { startWorkerd } from "../worker/start-workerd.ts";

const OWN = join(import.meta.dirname, "./entries");

/** The Workers that are compared, each by its entry file. */
export const ENTRIES = {
  "this Worker": join(import.meta.dirname, "../../src/index.ts"),
  "pass-through": join(import.meta.dirname, "../worker/entries/pass-through.ts"),
  "the limit": join(OWN, "limit.ts"),
  "plain HTMLRewriter": join(OWN, "html-rewriter.ts"),
  "HTMLRewriter, decoded": join(OWN, "html-rewriter-decoded.ts"),
  "this Worker, with a store": join(OWN, "forgetful-store.ts"),
  "bare Hono": join(OWN, "bare-hono.ts"),
} as const;

export type WorkerName = keyof typeof ENTRIES;

export interface MeasuredWorker {
  readonly name: WorkerName;
  readonly port: number;
  /** The `Host` that requests to it carry: on a Route, the origin's address. */
  readonly host: string;
  readonly pid: number;
  /** When its process was started; comparable with `performance.now()`. */
  readonly startedAt: number;
  close(): Promise<void>;
}

/** How the Workers reach the origin. */
export interface OriginPlace {
  readonly port: number;
  /** `true`: on a Route, so that they ask for the address that the visitor asked for. `false`: `ORIGIN_URL` names the origin. */
  readonly isRoute: boolean;
}

/** Starts a Worker in a workerd that runs nothing else, so that its memory can be measured. */
export async function startMeasured(name: WorkerName, { port, isRoute }: OriginPlace): Promise<MeasuredWorker> {
  const originHost = `127.0.0.1:${port}`;
  const vars = { ...settings, LOG_LEVEL: "warn", ...(!isRoute && { ORIGIN_URL: `http://${originHost}` }) };
  const worker = await startWorkerd({ vars, entry: ENTRIES[name] });
  const { host, port: ownPort } = new URL(worker.origin);
  return {
    name,
    pid: worker.pid,
    startedAt: worker.startedAt,
    close: () => worker.close(),
    port: Number(ownPort),
    host: isRoute ? originHost : host,
  };
}
