import { createServer } from "node:http";

/** What a site answers: its body in pieces, each sent on its own. */
export interface SiteAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: readonly Buffer[];
}

/** A site with pages that are asked for once. */
export interface Site {
  readonly origin: string;
  /** @returns The path of a page that is answered so. */
  add(answer: SiteAnswer): string;
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const answers = new Map<string, SiteAnswer>();
  let added = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const { headers, pieces } = answers.get(path) ?? { headers: {}, pieces: [] };
    answers.delete(path);
    response.writeHead(200, headers);
    response.flushHeaders();
    const others = [...pieces];
    const sendNext = () => {
      const next = others.shift();
      if (next === undefined) {
        response.end();
      } else {
        response.write(next);
        setTimeout(sendNext, 1);
      }
    };
    sendNext();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot start a site: no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    add(answer) {
      const path = `/${added++}`;
      answers.set(path, answer);
      return path;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
