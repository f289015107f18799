// On workerd alone: reading its memory needs the number of its process, which Miniflare does not tell.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request as sendRequest } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settings } from "../../settings.ts";
import { type RunningWorkerd, startWorkerd } from "../../start-workerd.ts";
import { useServer, useSite } from "../../use-workers.ts";
import { TAG } from "../page-cases.ts";

const HOST = "www.example.com";

const BLOCK = Buffer.alloc(65_536, "0123456789abcdef");
const BLOCKS = 1600;
const LARGE_BYTES = BLOCKS * BLOCK.length;
/** By how much two runs may differ by chance: a garbage collection comes later or earlier. */
const TOLERANCE_BYTES = 20_000_000;

const site = useSite();
const start = (entry?: string) => () =>
  startWorkerd({ vars: { ...settings, ORIGIN_URL: site.origin }, ...(entry && { entry }) });
const ours = useServer(start());
const bare = useServer(start(join(import.meta.dirname, "../../entries/pass-through.ts")));

describe("100 MB", () => {
  it.each([
    ["a download", "/try/stream/download", {}],
    ["a page that gets the tag", "/try/stream/huge-page", { "sec-fetch-dest": "document" }],
  ])("come whole as %s, in memory that stays flat", async (_what, path, headers) => {
    const work = (worker: RunningWorkerd) => download(worker, `${path}?bytes=${LARGE_BYTES}`, headers);
    const expected = await measure(bare, work);
    const got = await measure(ours, work);
    expect(expected.result.bytes).toBe(LARGE_BYTES);
    expect(got.result).toEqual(expected.result);
    expect(got.grownBytes).toBeLessThan(expected.grownBytes + TOLERANCE_BYTES);
  });

  it.each([
    ["of a known length", { "content-length": LARGE_BYTES }],
    ["in chunks", { "transfer-encoding": "chunked" }],
  ])("arrive whole as an upload %s, in memory that stays flat", async (_what, headers) => {
    const work = (worker: RunningWorkerd) => upload(worker, headers);
    const expected = await measure(bare, work);
    const got = await measure(ours, work);
    expect(expected.result).toMatchObject({ bytes: LARGE_BYTES });
    expect(got.result).toEqual(expected.result);
    expect(got.grownBytes).toBeLessThan(expected.grownBytes + TOLERANCE_BYTES);
  });
});

/** Length and hash of a body without our tag. */
async function download(
  worker: RunningWorkerd,
  path: string,
  headers: Record<string, string>,
): Promise<{ bytes: number; sha256: string }> {
  const call = sendRequest(worker.origin + path, { headers: { ...headers, host: HOST }, agent: false }).end();
  const [response]: IncomingMessage[] = await once(call, "response");
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of response ?? []) {
    const part: Buffer = bytes === 0 ? withoutTag(chunk) : chunk;
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

function withoutTag(chunk: Buffer): Buffer {
  return Buffer.from(chunk.toString("latin1").replace(TAG, ""), "latin1");
}

/** Length and hash of the upload, as the site received it. */
async function upload(worker: RunningWorkerd, headers: Record<string, string | number>): Promise<unknown> {
  const call = sendRequest(`${worker.origin}/try/upload`, {
    method: "POST",
    headers: { ...headers, host: HOST },
    agent: false,
  });
  const answered: Promise<IncomingMessage[]> = once(call, "response");
  for (let sent = 0; sent < BLOCKS; sent += 1) if (!call.write(BLOCK)) await once(call, "drain");
  call.end();
  const [response] = await answered;
  let text = "";
  for await (const chunk of response ?? []) text += String(chunk);
  const { bytes, sha256 }: { bytes: number; sha256: string } = JSON.parse(text);
  return { bytes, sha256 };
}

/** How much the Worker's process grew at most. */
async function measure<T>(
  worker: RunningWorkerd,
  work: (worker: RunningWorkerd) => Promise<T>,
): Promise<{ result: T; grownBytes: number }> {
  // Sets the peak back to the current size. Source: proc_pid_clear_refs(5).
  writeFileSync(`/proc/${worker.pid}/clear_refs`, "5");
  const before = readMemory(worker, "VmRSS");
  const result = await work(worker);
  return { result, grownBytes: readMemory(worker, "VmHWM") - before };
}

function readMemory({ pid }: RunningWorkerd, field: "VmRSS" | "VmHWM"): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
