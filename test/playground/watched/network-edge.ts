import { createServer, type IncomingMessage, request as ask, type ServerResponse } from "node:http";
import { closeServer, listen } from "../listen.ts";

/** A network that visitors come from. */
export interface Network {
  readonly address: string;
  /** Number of its operator's autonomous system. */
  readonly asn: number;
}

/** What Cloudflare's edge does in front of a Worker: it says where a request comes from. */
export interface NetworkEdge {
  /** Its origin for the visitors of one network. */
  originOf(network: number): string;
  /** All of these origins are below this one. */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Starts the edge. The host name says which network a request comes from: browsers take every name below localhost for this
 * machine. Headers that a test sets in the browser would not do: they are missing where a page sends its last call.
 *
 * @param workerOrigin The Worker with the instrumented entry, which reads the operator from a header.
 */
export async function startNetworkEdge(workerOrigin: string, networks: readonly Network[]): Promise<NetworkEdge> {
  const { port: workerPort } = new URL(workerOrigin);
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [, network = ""] = /^network-(\d+)\./.exec(request.headers.host ?? "") ?? [];
    const { address, asn } = networks[Number(network)] ?? { address: "", asn: 0 };
    const headers = { ...request.headers, "cf-connecting-ip": address, "x-test-asn": String(asn) };
    const { method = "GET", url: path = "/" } = request;
    const forwarded = ask({ port: workerPort, host: "localhost", method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });
  const port = await listen(server);
  return {
    originOf: (network) => `http://network-${network}.localhost:${port}`,
    origin: `http://localhost:${port}`,
    close: () => closeServer(server),
  };
}
