import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listen } from "../../playground/listen.ts";

/** A row of Analytics Engine's answer, to the question for figures or to the one for browsers, as far as a test sets it. */
export interface Row {
  readonly event?: string;
  readonly outcome?: string | null;
  readonly reason?: string | null;
  readonly browser?: string | null;
  readonly operator?: string | null;
  readonly networks?: number | string;
  readonly counted: number | string;
  readonly total?: number | string;
}

export interface Asked {
  readonly host: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

/** What it answers. */
interface Answers {
  /** Rows of the last hour and of the same hour a week before. */
  readonly hour: readonly Row[];
  readonly weekBefore: readonly Row[];
  /** Which browsers told of what begins. */
  readonly details: readonly Row[];
  /** How far the Worker's clock is from the real one. */
  readonly clockOffsetSeconds: number;
  /** Another answer of Cloudflare's API; `null`: the rows. "hangs": none; "stalls": one that never ends. */
  readonly figures: { readonly status: number; readonly body: string } | "hangs" | "stalls" | null;
  /** How the webhook answers: with a status, or never. */
  readonly webhook: number | "hangs";
}

/** Stands in for Cloudflare's API and for a webhook. */
export interface WatchServer {
  readonly origin: string;
  readonly queries: readonly Asked[];
  /** What the webhook got. */
  readonly alerts: readonly Asked[];
  /** Changes these answers and keeps the others. */
  readonly answer: (changes: Partial<Answers>) => void;
  /** Back to two empty hours and a webhook that answers 200, and forgets what it was asked. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

const QUIET: Answers = { hour: [], weekBefore: [], details: [], clockOffsetSeconds: 0, figures: null, webhook: 200 };

export async function startWatchServer(): Promise<WatchServer> {
  const queries: Asked[] = [];
  const alerts: Asked[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const port = await listen(server);
  const answers = { ...QUIET };
  return {
    origin: `http://127.0.0.1:${port}`,
    queries,
    alerts,
    answer: (changes) => void Object.assign(answers, changes),
    reset() {
      Object.assign(answers, QUIET);
      queries.length = 0;
      alerts.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await closeServer(server);
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = {
      host: String(request.headers["x-addressed-host"] ?? request.headers.host),
      path: request.url ?? "",
      authorization: request.headers.authorization ?? "",
      body: await text(request),
    };
    if (asked.path.endsWith("/analytics_engine/sql")) {
      queries.push(asked);
      if (answers.figures === "hangs") return;
      if (answers.figures === "stalls") return void response.writeHead(200).write('{"data":[');
      const { status, body } = answers.figures ?? { status: 200, body: JSON.stringify({ data: rowsOf(asked.body) }) };
      response.writeHead(status).end(body);
      return;
    }
    alerts.push(asked);
    if (answers.webhook === "hangs") return;
    response.writeHead(answers.webhook, { location: "/moved" }).end("ok");
  }

  function rowsOf(query: string): readonly Row[] {
    if (query.startsWith("SELECT outcome, reason, browser")) return answers.details;
    const end = Number(/timestamp <= toDateTime\((\d+)\)/.exec(query)?.[1]);
    return end > Date.now() / 1000 + answers.clockOffsetSeconds - 86_400 ? answers.hour : answers.weekBefore;
  }
}
