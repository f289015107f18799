import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useBrowser } from "../../browser/use-chat-pages.ts";
import { runCli } from "../../cli/run-cli.ts";
import { useFolder } from "../../cli/use-folder.ts";

const PORT = 18_987;
const START = join(import.meta.dirname, "../start.ts");

const folder = useFolder();
const browser = useBrowser();
let playground: ChildProcess;
let said = "";

beforeEach(async () => {
  // The test runner has a MODE of its own.
  const env = { ...process.env, MODE: "", PORT: String(PORT), STATE_DIR: folder.path };
  playground = spawn(process.execPath, [START], { env });
  playground.stdout?.on("data", (data) => (said += data));
  await vi.waitUntil(() => said.includes("Ctrl-C stops it"), 40_000);
});
afterEach(async () => {
  const exit = new Promise((resolve) => playground.once("exit", resolve));
  playground.kill("SIGINT");
  await exit;
});

describe("npm start", () => {
  it("has a fault that a person plants by a click named by the report of its log", async () => {
    const [faults = ""] = /http:\S+\/agent\/faults/.exec(said) ?? [];
    const page = await browser.context.newPage();
    await page.goto(faults);
    const planted = page.waitForResponse(/agent\/api\/faults$/);
    await page.locator("[data-switch=clientScript] label", { hasText: "404" }).click();
    expect((await planted).status()).toBe(200);
    await page.goto(`http://localhost:${PORT}`);
    // As long as a visitor stays who sees that there is no chat.
    await page.waitForTimeout(2000);
    await page.goto("about:blank");
    const report = async () =>
      (await runCli("report", ["--log", "worker.log"], { cwd: folder.path })).out.replaceAll(/\s+/g, " ");
    await vi.waitUntil(async () => (await report()).includes("Amazon's client failed to load in 1 page view"), {
      timeout: 20_000,
      interval: 500,
    });
    const made = await runCli("report", ["--log", "worker.log", "--html", "--no-open"], { cwd: folder.path });
    expect([made.code, made.out]).toEqual([0, expect.stringContaining("report.html")]);
  });
});
