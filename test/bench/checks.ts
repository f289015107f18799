import { createReadStream } from "node:fs";
import { get, type IncomingMessage, request } from "node:http";
import { median } from "./median.ts";
import { readMemoryBytes } from "./processes/process-figures.ts";
import { type MeasuredWorker, type OriginPlace, startMeasured, type WorkerName } from "./workers.ts";

const MEGABYTE = 1024 * 1024;
const LARGE_BYTES = 100 * MEGABYTE;
const SAMPLE_MS = 5;
const RUNS = 9;
const SMALL_PAGE = "/page-10-kb-plain-length";
/** How long a receiver stops in the middle, in milliseconds: a Worker that does not wait for it fills its memory. */
const PAUSE_MS = 500;

/** When parts of a page come, in milliseconds after the request. */
export async function measureParts(
  name: WorkerName,
  path: "/in-pieces" | "/stalling",
  origin: OriginPlace,
): Promise<number[]> {
  const worker = await startMeasured(name, origin);
  try {
    await drain(await ask(worker, SMALL_PAGE));
    const runs: number[][] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const askedAt = performance.now();
      const times: number[] = [];
      for await (const _part of await ask(worker, path)) times.push(performance.now() - askedAt);
      runs.push(times);
    }
    const parts = Math.min(...runs.map(({ length }) => length));
    return Array.from({ length: parts }, (_, part) => median(runs.map((times) => times[part] ?? Number.NaN)));
  } finally {
    await worker.close();
  }
}

/** From the start of workerd to the end of the first answer, in milliseconds. */
export async function measureColdStart(name: WorkerName, what: "page" | "token", origin: OriginPlace): Promise<number> {
  const runs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const worker = await startMeasured(name, origin);
    try {
      const answer = what === "page" ? await ask(worker, SMALL_PAGE) : await askForToken(worker);
      await drain(answer);
      if (answer.statusCode !== 200)
        throw new Error(`Cannot measure a cold start: ${name} answered ${answer.statusCode}`);
      runs.push(performance.now() - worker.startedAt);
    } finally {
      await worker.close();
    }
  }
  return median(runs);
}

function askForToken({ port, host }: MeasuredWorker): Promise<IncomingMessage> {
  const headers = { host, "content-type": "application/json", "sec-fetch-site": "same-origin" };
  return new Promise((resolve, reject) => {
    const asked = request({ port, path: "/_chat/token", method: "POST", headers });
    asked.once("response", resolve);
    asked.once("error", reject);
    asked.end("{}");
  });
}

export type LargeTransfer = "page" | "download" | "upload";

/**
 * Sends 100 MB through a Worker.
 *
 * @returns How many bytes more than before workerd held at most; `null` where the system does not tell.
 */
export async function measureGrowth(
  name: WorkerName,
  transfer: LargeTransfer,
  origin: OriginPlace,
): Promise<number | null> {
  const worker = await startMeasured(name, origin);
  try {
    await drain(await ask(worker, SMALL_PAGE));
    const before = readMemoryBytes(worker.pid);
    let peak = 0;
    const sampling = setInterval(() => {
      peak = Math.max(peak, readMemoryBytes(worker.pid) ?? 0);
    }, SAMPLE_MS);
    await send(worker, transfer);
    clearInterval(sampling);
    return before === null ? null : peak - before;
  } finally {
    await worker.close();
  }
}

async function send(worker: MeasuredWorker, transfer: LargeTransfer): Promise<void> {
  if (transfer === "upload") return upload(worker);
  const bytes = await drain(await ask(worker, transfer === "page" ? "/large-page" : "/large-file"));
  if (bytes < LARGE_BYTES) throw new Error(`Cannot measure a large ${transfer}: only ${bytes} bytes of it came`);
}

function ask({ port, host }: MeasuredWorker, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = get({ port, path, headers: { host, "sec-fetch-dest": "document" } }, resolve);
    asked.once("error", reject);
  });
}

/** Reads a whole body, with a pause in it. */
async function drain(message: IncomingMessage): Promise<number> {
  let bytes = 0;
  let hasPaused = false;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (hasPaused || bytes < MEGABYTE) continue;
    hasPaused = true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return bytes;
}

async function upload({ port, host }: MeasuredWorker): Promise<void> {
  const headers = { host, "content-length": LARGE_BYTES, "content-type": "application/octet-stream" };
  const asked = request({ port, path: "/upload", method: "POST", headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once("response", resolve);
    asked.once("error", reject);
  });
  createReadStream("/dev/zero", { end: LARGE_BYTES - 1 }).pipe(asked);
  await drain(await answered);
}
