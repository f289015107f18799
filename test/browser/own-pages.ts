import { createServer } from "node:http";

/** A site of a few pages that a test writes itself. */
export interface OwnPages {
  readonly origin: string;
  /** Body of each page by its path; may be changed at any time. */
  readonly pages: Record<string, string>;
  close(): Promise<void>;
}

export async function serveOwnPages(): Promise<OwnPages> {
  const pages: Record<string, string> = {};
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ""];
    response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
    response.end(page === undefined ? "" : `<!doctype html><html><head><title>A page</title></head>${page}</html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot serve pages: no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    pages,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
