import { type Log, toLogFields } from "../../adapters/log.ts";
import { readWhile } from "./read-while.ts";
import { isOfPage, isReadableEncoding } from "../../core/page/injection.ts";
import { type Pages, type ReportOutcome } from "../page/page.ts";
import { type Site } from "./site.ts";

interface ObserveOptions {
  readonly pages: Pages;
  readonly log: Log;
  /** Keeps the Worker running for work after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** An answer with one of these statuses does not show the whole page. */
const STATUS_WITHOUT_PAGE = new Set([206, 304]);

/** The unchanged site. The log notes for each page whether it would get the chat. */
export function observeSite(site: Site, { pages, log, waitUntil }: ObserveOptions): Site {
  const note: ReportOutcome = (outcome) => {
    if (outcome.inject) return log.info("page.observed", { outcome: "inject" });
    const write = isOfPage(outcome.reason) ? log.info : log.debug;
    write("page.observed", { outcome: "leave", reason: outcome.reason });
  };
  return async (request) => {
    const response = await site(request);
    const isWhole = request.method === "GET" && !STATUS_WITHOUT_PAGE.has(response.status);
    if (!isWhole || request.headers.has("upgrade")) return response;
    try {
      waitUntil(observe(pages, request, response, note));
    } catch (error) {
      log.error("page.left-alone", { reason: "fault", ...toLogFields(error) });
    }
    return response;
  };
}

/** Decides by a copy of the answer. The copy is made before this function returns, so that the answer can be sent. */
function observe(pages: Pages, request: Request, response: Response, note: ReportOutcome): Promise<void> {
  let isDecided = false;
  const report: ReportOutcome = (outcome) => {
    isDecided = true;
    note(outcome);
  };
  if (pages.planRequest(request, report) === null) return Promise.resolve();
  const { change, body } = isReadableEncoding(response.headers.get("content-encoding"))
    ? { change: pages.planResponse(request, response, report), body: response.body && response.clone().body }
    : { change: pages.planResponse(request, toReadable(response), report), body: null };
  if (isDecided) return body?.cancel() ?? Promise.resolve();
  if (change?.toBody && body !== null) return observeBody(change.toBody(body), () => isDecided);
  if (change !== null) report({ inject: true });
  return Promise.resolve();
}

async function observeBody(
  changing: Promise<ReadableStream<Uint8Array> | Uint8Array>,
  isDecided: () => boolean,
): Promise<void> {
  const changed = await changing;
  if (changed instanceof ReadableStream) await readWhile(() => !isDecided(), changed);
}

/** With `MODE=on` the Worker would have asked for an encoding that it can read. */
function toReadable(response: Response): Response {
  const readable = new Response(null, response);
  readable.headers.delete("content-encoding");
  return readable;
}
