import { join } from "node:path";
import { type RunningWorker, startWorker } from "../worker/start-worker.ts";
import { type Connect, startConnect } from "./connect/connect.ts";
import { type RunningSite, startSite } from "./site/site.ts";

export const widgetId = "7c0f4f6e-1f0b-4d37-9a52-64f1c0a8e3d1";
export const securityKey = "playground-widget-security-key-44-characters";
// Fixed, so that the cookies of an earlier run still open.
const cookieSecret = "cGxheWdyb3VuZC1jb29raWUtc2VjcmV0LW9mLTMyLWJ5dGVz";

export interface PlaygroundOptions {
  /** Port of the Worker; the site has the next one and Connect the one after. 0 = any that are free. */
  readonly port: number;
  /** How long the stand-in Connect needs for a transcript after a chat's end. */
  readonly transcriptDelaySeconds: number;
  /** Settings of the Worker beside the ones that the playground itself needs. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Entry file of the Worker. */
  readonly entry?: string;
  /** Folder that keeps chats and visitors for the next run. */
  readonly stateDir?: string;
}

/** A shop, an Amazon Connect, and the Worker in front of the shop. */
export interface Playground {
  readonly worker: RunningWorker;
  readonly site: RunningSite;
  readonly connect: Connect;
  close(): Promise<void>;
}

export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { port, stateDir, transcriptDelaySeconds } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const site = await startSite({ port: port && port + 1 });
    closers.push(() => site.close());
    const connect = await startConnect({
      port: port && port + 2,
      widgetId,
      snippetId: "QVFJREFIaXBsYXlncm91bmQ".repeat(15),
      securityKey,
      allowedOrigins: [],
      transcriptDelaySeconds,
      ...(stateDir !== undefined && { stateFile: join(stateDir, "connect.json") }),
    });
    closers.push(() => connect.close());
    const worker = await startWorker({
      port,
      ...(options.entry !== undefined && { entry: options.entry }),
      ...(stateDir !== undefined && { persistTo: join(stateDir, "worker") }),
      vars: {
        WIDGET_SNIPPET: connect.snippet,
        WIDGET_SECURITY_KEY: securityKey,
        COOKIE_SECRET: cookieSecret,
        ORIGIN_URL: site.origin,
        READY_AFTER_SECONDS: String(transcriptDelaySeconds),
        ...options.vars,
      },
    });
    closers.push(() => worker.close());
    connect.allowedOrigins.push(worker.origin);
    return { worker, site, connect, close };
  } catch (error) {
    await close();
    throw error;
  }
}
