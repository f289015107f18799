import { createReadStream } from "node:fs";
import { get, type IncomingMessage, request } from "node:http";
import { readMemoryBytes } from "./processes/process-figures.ts";
import { type MeasuredWorker, type OriginPlace, startMeasured, type WorkerName } from "./workers.ts";

const MEGABYTE = 1024 * 1024;
const LARGE_BYTES = 100 * MEGABYTE;
const SAMPLE_MS = 5;
/** How long a receiver stops in the middle, in milliseconds: a Worker that does not wait for it fills its memory. */
const PAUSE_MS = 500;

/** Whether a page's first byte comes while the origin still holds back its second chunk. */
export async function checkFirstByte(name: WorkerName, origin: OriginPlace): Promise<boolean> {
  const worker = await startMeasured(name, origin);
  try {
    const page = await ask(worker, "/early-head");
    for await (const chunk of page) return !String(chunk).includes("late");
    return false;
  } finally {
    await worker.close();
  }
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
    await drain(await ask(worker, "/page-10-kb"));
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
