import { type Page, type Route } from "playwright-core";
import { expect } from "vitest";
import { observe } from "../../worker/instrumented.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";

export const CLIENT_FILE = "**/amazon-connect-chat-interface-client.js*";
export const START_CALL = "**/connectwidget/api/*/start";

/** Script of a visitor who looks at another tab. */
export const hide = `Object.defineProperty(Document.prototype, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));`;

/** Script of a visitor who comes back from there. */
export const show = hide.replace("true", "false");

/** Leaves the page, and so has the browser tell what happened. */
export const leave = async (page: Page): Promise<void> => {
  await page.goto("about:blank");
};

/** Every word that the Worker has counted since the last `control()`, in order of the alphabet. */
export async function readTold(worker: RunningWorker): Promise<string[]> {
  const { counted } = await observe(worker);
  return counted
    .map((line) => line.split(" "))
    .filter(([event]) => event === "browser.outcome")
    .map(([, outcome = "", reason = ""]) => (reason === "" ? outcome : `${outcome}-${reason}`))
    .sort();
}

/** Waits until the Worker has counted exactly these words. */
export async function expectTold(worker: RunningWorker, ...words: string[]): Promise<void> {
  await expect.poll(() => readTold(worker)).toEqual(words.sort());
}

/** Amazon's answer to a start that it refuses. */
export const refuse = (status: number) => (route: Route) =>
  route.request().method() === "OPTIONS"
    ? route.continue()
    : route.fulfill({ status, headers: { "access-control-allow-origin": "*" }, json: { message: "refused" } });
