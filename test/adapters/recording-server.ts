import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listen } from "../playground/listen.ts";

export interface RecordedRequest {
  readonly method: string;
  /** As it was sent: still encoded. */
  readonly path: string;
  /** In their order, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface GivenAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RecordingServer {
  readonly origin: string;
  /** Oldest first. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/**
 * Keeps every request as it came, and answers as the test says.
 *
 * @param answer Gets the request, and gives its answer; absent = an empty JSON object.
 */
export async function startRecordingServer(
  answer: (request: RecordedRequest) => GivenAnswer | Promise<GivenAnswer> = () => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: "{}",
  }),
): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, response) => {
    const respond = async () => {
      const request = await record(incoming);
      requests.push(request);
      const { body, headers, status } = await answer(request);
      response.writeHead(status, headers).end(body);
    };
    respond().catch(() => response.destroy());
  });
  const origin = `http://localhost:${await listen(server)}`;
  return { origin, requests, close: () => closeServer(server) };
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const { headers, method = "", url = "" } = incoming;
  const [path = "", ...query] = url.split("?");
  return { method, path, query: [...new URLSearchParams(query.join("?"))], headers, body: await text(incoming) };
}
