import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { closeServer, listen } from "../listen.ts";
import { writtenPoints } from "./data-point.ts";
import { QueryError } from "./dialect/tokens.ts";
import { createPointStore } from "./point-store.ts";

const SQL_ROUTE = /^(?:\/client\/v4)?\/accounts\/([^/]+)\/analytics_engine\/sql$/;

export interface AnalyticsOptions {
  /** 0 = any free port. */
  readonly port?: number;
  readonly accountId: string;
  /** The token that may read. */
  readonly apiToken: string;
  /** The time in seconds; absent = the machine's. */
  readonly now?: () => number;
}

/** The stand-in for Workers Analytics Engine. */
export interface Analytics {
  readonly origin: string;
  /** From now on, one data point of so many is kept, of each index, and stands for all of them. */
  sample(interval: number): void;
  /** What was written and not taken, with the reason, oldest first. */
  readonly refused: readonly string[];
  /** Queries and their status, oldest first; may be emptied. */
  readonly queries: { query: string; status: number }[];
  /** Writes points of another time. @param time Seconds; absent = now. */
  write(dataset: string, points: readonly v.InferInput<typeof writtenPoints>["points"][number][], time?: number): void;
  clear(): void;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Starts the stand-in: `POST /points` writes, and the SQL API reads. */
export async function startAnalytics(options: AnalyticsOptions): Promise<Analytics> {
  const { accountId, apiToken, now = () => Date.now() / 1000, port = 0 } = options;
  const store = createPointStore();
  const written = new Map<string, number>();
  const refused: string[] = [];
  let sampleInterval = 1;
  const server = createServer((request, response) => {
    void text(request)
      .then((body) => answer(request, body))
      .then(({ body, status }) => response.writeHead(status).end(body))
      .catch((error: Error) => response.destroy(error));
  });

  const analytics: Analytics = {
    origin: `http://127.0.0.1:${await listen(server, port)}`,
    sample(interval) {
      sampleInterval = interval;
    },
    refused,
    queries: [],
    write(dataset, points, time = now()) {
      const parsed = v.parse(writtenPoints, { dataset, points });
      for (const point of parsed.points) {
        const index = point.indexes[0] ?? "";
        const count = written.get(index) ?? 0;
        written.set(index, count + 1);
        if (count % sampleInterval === 0) store.write(dataset, point, time, sampleInterval);
      }
    },
    clear() {
      store.clear();
      written.clear();
    },
    async close() {
      await closeServer(server);
      store.close();
    },
  };
  return analytics;

  function answer({ headers, method, url = "" }: IncomingMessage, body: string): Reply {
    if (method === "POST" && url === "/points") return answerPoints(body);
    const [, account] = SQL_ROUTE.exec(url) ?? [];
    if (method !== "POST" || account === undefined) return toProblem(404, 7003, "Could not route to this address");
    if (account !== accountId || headers.authorization !== `Bearer ${apiToken}`) {
      return toProblem(403, 10_000, "Authentication error");
    }
    const reply = answerQuery(body);
    analytics.queries.push({ query: body, status: reply.status });
    return reply;
  }

  function answerPoints(body: string): Reply {
    try {
      const { dataset, points } = v.parse(writtenPoints, JSON.parse(body));
      analytics.write(dataset, points);
      return { status: 204, body: "" };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      refused.push(reason);
      return { status: 400, body: reason };
    }
  }

  function answerQuery(query: string): Reply {
    try {
      return { status: 200, body: JSON.stringify(store.query(query, now())) };
    } catch (error) {
      if (error instanceof QueryError) return { status: 422, body: error.message };
      throw error;
    }
  }
}

/** The form of Cloudflare's API for errors. */
function toProblem(status: number, code: number, message: string): Reply {
  return { status, body: JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }) };
}
