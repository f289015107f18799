import { createServer } from "node:http";
import { closeServer, listen } from "../playground/listen.ts";

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
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    add(answer) {
      const path = `/${added++}`;
      answers.set(path, answer);
      return path;
    },
    close: () => closeServer(server),
  };
}
