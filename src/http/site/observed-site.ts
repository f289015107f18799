import { type Log, toLogFields } from "../../adapters/log.ts";
import { readWhile } from "./read-while.ts";
import { isOfPage, isReadableEncoding } from "../../core/page/injection.ts";
import { type Pages, type Report } from "../page/page.ts";
import { type Site } from "./site.ts";

interface ObserveOptions {
  readonly pages: Pages;
  readonly log: Log;
  /** Keeps the Worker awake for what goes on after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Says nothing of the page as it is now. */
const STATUS_WITHOUT_PAGE = new Set([206, 304]);

/** The site as it is, with a note of whether each page would get the chat. */
export function observeSite(site: Site, { pages, log, waitUntil }: ObserveOptions): Site {
  const note: Report = (outcome) => {
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

/** Finds out from a copy of the answer. The copy is made before this returns, so that the answer itself can go. */
function observe(pages: Pages, request: Request, response: Response, note: Report): Promise<void> {
  let isDecided = false;
  const report: Report = (outcome) => {
    isDecided = true;
    note(outcome);
  };
  if (pages.ask(request, report) === null) return Promise.resolve();
  const { change, body } = isReadableEncoding(response.headers.get("content-encoding"))
    ? { change: pages.change(request, response, report), body: response.body && response.clone().body }
    : { change: pages.change(request, toReadable(response), report), body: null };
  if (isDecided) return body?.cancel() ?? Promise.resolve();
  if (change?.toBody && body !== null) return readWhile(() => !isDecided, change.toBody(body));
  if (change !== null) report({ inject: true });
  return Promise.resolve();
}

/** Switched on, the Worker would have asked for an encoding that it can read. */
function toReadable(response: Response): Response {
  const readable = new Response(null, response);
  readable.headers.delete("content-encoding");
  return readable;
}
