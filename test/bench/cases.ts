import { get } from "node:http";
import { claimsOf, createVisitorClient, type VisitorClient } from "../worker/visitor-client.ts";
import { describeKind, PAGE_KINDS, toPath } from "./page-kinds.ts";
import { type Exchange } from "./processes/exchange.ts";
import { type MeasuredWorker, type WorkerName } from "./workers.ts";

/** One kind of request that several Workers answer. */
export interface Case {
  readonly name: string;
  readonly workers: readonly WorkerName[];
  /** @returns The request for one of the Workers. */
  readonly prepare: (worker: MeasuredWorker) => Promise<Exchange>;
}

const PROXIES: readonly WorkerName[] = ["this Worker", "pass-through"];
const REWRITERS: readonly WorkerName[] = [...PROXIES, "the limit", "plain HTMLRewriter"];

/** Headers of a browser that asks for a page, as Cloudflare passes them on: always with this Accept-Encoding. */
const NAVIGATION = {
  "sec-ch-ua-platform": '"Linux"',
  "upgrade-insecure-requests": "1",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "sec-fetch-site": "same-origin",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "accept-encoding": "br, gzip",
  "accept-language": "en-US,en;q=0.9",
  cookie: "session=4f1c2d9e91be07aac03d55f1; _ga=GA1.1.1234567890.1700000000; basket=3",
};
const IMAGE = {
  ...NAVIGATION,
  accept: "image/avif,image/webp,*/*;q=0.8",
  "sec-fetch-mode": "no-cors",
  "sec-fetch-dest": "image",
};

export const CASES: readonly Case[] = [
  ...PAGE_KINDS.map((kind) => ({
    name: describeKind(kind),
    workers: kind.encoding === "plain" ? REWRITERS : [...REWRITERS, "HTMLRewriter, decoded" as const],
    prepare: async (worker: MeasuredWorker) => ask(worker, toPath(kind), NAVIGATION),
  })),
  { name: "image of 1 MB", workers: PROXIES, prepare: async (worker) => ask(worker, "/image-1-mb", IMAGE) },
  { name: "304 of a page", workers: PROXIES, prepare: prepareRevalidation },
  { name: "token route", workers: ["this Worker, with a store", "bare Hono"], prepare: prepareToken },
  { name: "contacts route", workers: ["this Worker, with a store"], prepare: prepareReport },
];

type Headers = Readonly<Record<string, string>>;

function ask({ port, host }: MeasuredWorker, path: string, headers: Headers): Exchange {
  return { port, host, method: "GET", path, headers, body: "", status: 200 };
}

/** Sends the ETag that this Worker gave. */
async function prepareRevalidation(worker: MeasuredWorker): Promise<Exchange> {
  const path = "/page-10-kb-plain-length";
  const etag = await readEtag(worker, path);
  return { ...ask(worker, path, { ...NAVIGATION, "if-none-match": etag }), status: 304 };
}

function readEtag({ port, host }: MeasuredWorker, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get({ port, path, headers: { ...NAVIGATION, host } }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.headers.etag ?? ""));
    });
    asked.once("error", reject);
  });
}

/** A visitor who has had a chat. */
async function prepareToken(worker: MeasuredWorker): Promise<Exchange> {
  const visitor = createVisitorClient(`http://127.0.0.1:${worker.port}`);
  const { ticket } = await visitor.token();
  // The bare route gives no ticket.
  if (ticket !== undefined) {
    await visitor.report({ ticket, contactId: crypto.randomUUID() });
    const { attributes } = claimsOf((await visitor.token()).token);
    if (attributes["contactId"] === "none") throw new Error("Cannot measure the token route: no chat is continued");
  }
  return { ...post(worker, "/_chat/token", visitor, {}), status: 200 };
}

/** A new chat of a visitor. */
async function prepareReport(worker: MeasuredWorker): Promise<Exchange> {
  const visitor = createVisitorClient(`http://127.0.0.1:${worker.port}`);
  const { ticket } = await visitor.token();
  const report = { ticket, contactId: crypto.randomUUID(), event: "started", ageSeconds: 0 };
  return { ...post(worker, "/_chat/contacts", visitor, report), status: 201 };
}

function post({ port, host }: MeasuredWorker, path: string, { cookie }: VisitorClient, body: object) {
  const headers = {
    "content-type": "application/json",
    "sec-fetch-site": "same-origin",
    ...(cookie !== "" && { cookie }),
  };
  return { port, host, method: "POST", path, headers, body: JSON.stringify(body) } as const;
}
