import { describe, expect, it } from "vitest";
import { useWorker } from "../use-workers.ts";

const worker = useWorker();

describe("the Worker's own entry, run by a cron trigger", () => {
  it("names everything that it needs for alerts, and answers pages and chats as before", async () => {
    await worker.runScheduled();
    const failed = () => worker.logs.filter((line) => line["event"] === "watch.failed").map((line) => line["reason"]);
    await expect.poll(failed).toEqual(["not-bound", "no-token", "no-account"]);
    expect((await fetch(`${worker.origin}/_chat/health`)).status).toBe(200);
  });
});
