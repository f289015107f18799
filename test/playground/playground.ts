import { join } from "node:path";
import { instrumentedEntry, shiftClock } from "../worker/instrumented.ts";
import { type RunningWorker, startWorker } from "../worker/start-worker.ts";
import { type Alerts, startAlerts } from "./alerts/alerts.ts";
import { type Analytics, startAnalytics } from "./analytics/analytics.ts";
import { type AccessKey, type Connect, type ServiceAccess, startConnect } from "./connect/connect.ts";
import { withAuthenticate } from "./connect/snippet.ts";
import { noFaults, type PlantedFaults } from "./faults/planted-faults.ts";
import { type OwnWidget, toLocalSnippet } from "./own-widget.ts";
import { type RunningSite, startSite } from "./site/site.ts";

export const widgetId = "7c0f4f6e-1f0b-4d37-9a52-64f1c0a8e3d1";
export const snippetId = "QVFJREFIaXBsYXlncm91bmQ".repeat(15);
export const securityKey = "playground-widget-security-key-44-characters";
// Fixed, so that the cookies of an earlier run still open.
const cookieSecret = "cGxheWdyb3VuZC1jb29raWUtc2VjcmV0LW9mLTMyLWJ5dGVz";

/** The key with which the Worker may ask the stand-in Connect who owns a contact. */
export const access: ServiceAccess = {
  region: "eu-central-1",
  instanceId: "b54f1e0a-3c77-4b6d-8e51-0c9a7d2f6e48",
  accessKeyId: "AKIAPLAYGROUND000000",
  secretAccessKey: "playground-secret-access-key-of-nobody",
};

/** The owner's own AWS login. */
export const ownerAccess: AccessKey = {
  accessKeyId: "AKIAPLAYGROUNDOWNER0",
  secretAccessKey: "playground-secret-access-key-of-the-owner",
};

/** The Worker's key, as settings of the Worker. */
export const accessSettings = {
  AWS_ACCESS_KEY_ID: access.accessKeyId,
  AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
  CONNECT_REGION: access.region,
  CONNECT_INSTANCE_ID: access.instanceId,
};

/** The owner's account at Cloudflare, and the token that reads its figures. */
export const metricsAccess = {
  accountId: "00000000000000000000000000000000",
  apiToken: "playground-token-that-reads-figures-0000",
  dataset: "persistent_chat_edge",
} as const;

export interface WorkerOptions {
  /** Port of the Worker. 0 = any that is free. */
  readonly port: number;
  /** Host name of the Worker. Cookies do not distinguish ports: two Workers side by side need two names. */
  readonly hostname?: "localhost" | "127.0.0.1";
  /** Whether the snippet calls the shop's own `authenticate`, which names the customer who is signed in. */
  readonly customers?: boolean;
  /** Whether the Worker asks Connect who owns a contact. The Worker then has AWS keys and the instrumented entry. */
  readonly aws?: boolean;
  /** Whether the Worker counts, reads its own figures, and sends alerts. It needs the instrumented entry, as with `aws`. */
  readonly watched?: boolean;
  /** Settings of the Worker beside those of the playground. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Entry file of the Worker. */
  readonly entry?: string;
}

export interface PlaygroundOptions extends WorkerOptions {
  /** Port of the Worker; the site has the next one and Connect the one after. 0 = any that are free. */
  readonly port: number;
  /** How long the stand-in Connect needs for a transcript after a chat's end. */
  readonly transcriptDelaySeconds: number;
  /** Folder that keeps chats and visitors for the next run. */
  readonly stateDir?: string;
  /** The owner's widget; absent = the playground's own. */
  readonly widget?: OwnWidget;
}

/** A shop, an Amazon Connect, and the Worker in front of the shop. */
export interface Playground {
  readonly worker: RunningWorker;
  readonly site: RunningSite;
  readonly connect: Connect;
  /** What was counted by Workers with `watched`. */
  readonly analytics: Analytics;
  /** Where they send their alerts. */
  readonly alerts: Alerts;
  /** May be changed: takes effect from the next page or call on. */
  readonly planted: PlantedFaults;
  /** Starts another Worker in front of the same shop, with a store of its own. */
  addWorker(options: WorkerOptions): Promise<RunningWorker>;
  /**
   * Moves the clocks of Workers, shop and Connect on (or back), from where they are.
   *
   * @throws {Error} When a Worker has another entry than the instrumented one.
   */
  moveClock(ms: number): Promise<void>;
  close(): Promise<void>;
}

export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { port, stateDir, transcriptDelaySeconds, widget } = options;
  const shown = {
    widgetId: widget?.snippet.widgetId ?? widgetId,
    snippetId: widget?.snippet.snippetId ?? snippetId,
    securityKey: widget?.securityKey ?? securityKey,
  };
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  let clockShiftMs = 0;
  const now = () => (Date.now() + clockShiftMs) / 1000;
  const workers: RunningWorker[] = [];
  const planted = { ...noFaults };
  try {
    const site = await startSite({ port: port && port + 1, chat: { ...shown, now }, planted });
    closers.push(() => site.close());
    const connect = await startConnect({
      port: port && port + 2,
      ...shown,
      allowedOrigins: [],
      transcriptDelaySeconds,
      planted,
      access,
      ownerAccess,
      now,
      moveClock,
      ...(stateDir !== undefined && { stateFile: join(stateDir, "connect.json") }),
    });
    closers.push(() => connect.close());
    const analytics = await startAnalytics({ ...metricsAccess, now });
    closers.push(() => analytics.close());
    const alerts = await startAlerts();
    closers.push(() => alerts.close());
    const snippet = widget === undefined ? connect.snippet : toLocalSnippet(widget.snippet, connect.snippet);

    const addWorker = async ({
      aws = false,
      customers = false,
      hostname = "localhost",
      watched = false,
      ...wanted
    }: WorkerOptions) => {
      const entry = wanted.entry ?? (aws || watched ? instrumentedEntry : undefined);
      const started = await startWorker({
        port: wanted.port,
        now,
        ...(entry !== undefined && { entry }),
        ...(stateDir !== undefined && {
          persistTo: join(stateDir, `worker${customers ? "-customers" : ""}`),
          logFile: join(stateDir, "worker.log"),
        }),
        vars: {
          WIDGET_SNIPPET: customers ? withAuthenticate(connect.snippet, "/account/chat-token") : snippet,
          WIDGET_SECURITY_KEY: shown.securityKey,
          COOKIE_SECRET: cookieSecret,
          ORIGIN_URL: site.origin,
          READY_AFTER_SECONDS: String(transcriptDelaySeconds),
          CONNECT_API_ORIGIN: connect.origin,
          ...(aws && accessSettings),
          ...(watched && toWatchSettings(analytics, alerts)),
          ...wanted.vars,
        },
      });
      closers.push(() => started.close());
      const worker = { ...started, origin: `http://${hostname}:${new URL(started.origin).port}` };
      workers.push(worker);
      connect.allowedOrigins.push(worker.origin);
      connect.shops.push({ origin: worker.origin, hasCustomers: customers });
      return worker;
    };
    return { worker: await addWorker(options), site, connect, analytics, alerts, planted, addWorker, moveClock, close };
  } catch (error) {
    await close();
    throw error;
  }

  async function moveClock(ms: number): Promise<void> {
    for (const worker of workers) await shiftClock(worker, (clockShiftMs + ms) / 1000);
    clockShiftMs += ms;
  }
}

function toWatchSettings(analytics: Analytics, alerts: Alerts): Record<string, string> {
  return {
    ANALYTICS_ORIGIN: analytics.origin,
    ALERTS_ORIGIN: alerts.origin,
    METRICS_TOKEN: metricsAccess.apiToken,
    METRICS_ACCOUNT_ID: metricsAccess.accountId,
    ALERT_WEBHOOK: alerts.addresses.slack,
  };
}
