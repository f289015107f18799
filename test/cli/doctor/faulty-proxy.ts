import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { type Answer, sendRequest } from "../../../src/cli/site/request.ts";
import { closeServer, listen } from "../../playground/listen.ts";

/** Changes an answer of the site. */
export type Fault = (answer: Answer) => Partial<Pick<Answer, "status" | "headers" | "body">>;

export interface FaultyProxy {
  readonly origin: string;
  /** Faults by path; tests may change them at any time. */
  readonly faults: Map<string, Fault>;
  /** Every request that arrived: method and path, and the names of its headers. */
  readonly asked: { readonly line: string; readonly headers: readonly string[] }[];
  close(): Promise<void>;
}

/** Starts a server that passes everything on, and plants faults in the answers. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const faults = new Map<string, Fault>();
  const asked: FaultyProxy["asked"] = [];
  const server = createServer((request, response) => {
    const { headers, method = "GET", url = "/" } = request;
    asked.push({ line: `${method} ${url}`, headers: Object.keys(headers) });
    const passed = Object.entries(headers).filter(([name]) => !["host", "connection"].includes(name));
    const pass = async () => {
      const body = method === "GET" ? undefined : await text(request);
      const answer = await sendRequest(new URL(url, target), {
        method,
        headers: Object.fromEntries(passed.map(([name, value]) => [name, String(value)])),
        ...(body !== undefined && { body }),
      });
      const changed = { ...answer, ...faults.get(url)?.(answer) };
      changed.headers.delete("transfer-encoding");
      changed.headers.set("content-length", String(changed.body.length));
      response.writeHead(changed.status, [...changed.headers].flat());
      response.end(changed.body);
    };
    pass().catch(() => response.destroy());
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    faults,
    asked,
    close: () => closeServer(server),
  };
}

/** Adds or replaces headers. */
export function withHeaders(added: Readonly<Record<string, string>>): Fault {
  return ({ headers }) => {
    const changed = new Headers(headers);
    for (const [name, value] of Object.entries(added)) changed.set(name, value);
    return { headers: changed };
  };
}

export function withBody(body: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return (answer) => {
    const changed = withHeaders(headers)(answer);
    changed.headers?.delete("content-encoding");
    return { ...changed, body: Buffer.from(body), status: 200 };
  };
}
