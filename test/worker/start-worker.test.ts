import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { useFolder } from "../cli/use-folder.ts";
import { settings } from "./settings.ts";
import { startWorker } from "./start-worker.ts";

const folder = useFolder();

describe("startWorker({ logFile })", () => {
  it("adds the Worker's lines to the file, each with the time of the clock that it was given", async () => {
    const logFile = join(folder.path, "worker.log");
    const worker = await startWorker({ vars: settings, logFile, now: () => Date.UTC(2027, 0, 1) / 1000 });
    await fetch(`${worker.origin}/_chat/outcomes`, {
      method: "POST",
      headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
      body: JSON.stringify({ outcomes: ["opened"], version: "0.1.0" }),
    });
    await vi.waitUntil(() => worker.logs.length > 0);
    await worker.close();
    const [line = ""] = (await readFile(logFile, "utf8")).split("\n");
    expect(JSON.parse(line)).toEqual({ time: "2027-01-01T00:00:00.000Z", ...worker.logs[0] });
  });
});
