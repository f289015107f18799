import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { runCli } from "../run-cli.ts";
import { openTerminal } from "../setup/terminal.ts";
import { useFolder } from "../use-folder.ts";

const folder = useFolder();
const report = (...args: string[]) => runCli("report", args, { cwd: folder.path });
const REPORT = join(import.meta.dirname, "../../../src/cli/report/report.ts");

describe("npm run report -- --html", () => {
  it("writes the page, and says where", async () => {
    const { code, out, err } = await report("--example", "--html");
    const path = join(folder.path, ".connect", "report.html");
    expect([code, out, err]).toEqual([0, expect.stringContaining(`The report is in ${path}`), ""]);
    expect(await readFile(path, "utf8")).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  });

  it("writes it where --out says, and makes the folder", async () => {
    expect((await report("--example", "--out", "a/b.html")).code).toBe(0);
    expect(await readFile(join(folder.path, "a/b.html"), "utf8")).toContain("(made up)");
  });

  it("names a place where it cannot write", async () => {
    await writeFile(join(folder.path, "a"), "");
    const { code, err } = await report("--example", "--out", "a/b.html");
    expect([code, err]).toEqual([2, expect.stringMatching(/--out: cannot write \S+b\.html: /)]);
  });

  it("shows what was clicked in the playground, with the failure and what to do", async () => {
    const time = new Date().toISOString();
    const lines = [
      { level: "debug", event: "page.injected", time },
      {
        level: "info",
        event: "browser.outcome",
        outcome: "start-refused",
        reason: "401",
        browser: "chrome",
        version: "1.0.0",
        time,
      },
    ];
    await mkdir(join(folder.path, ".connect/playground"), { recursive: true });
    await writeFile(
      join(folder.path, ".connect/playground/worker.log"),
      lines.map((line) => JSON.stringify(line)).join("\n"),
    );
    expect((await report("--playground", "--html")).code).toBe(0);
    const html = await readFile(join(folder.path, ".connect/report.html"), "utf8");
    expect(html).toMatch(/<strong>Amazon refused to start the chat \(status 401\) in 1 page view, in Chrome/);
    expect(html).toContain("WIDGET_SECURITY_KEY");
  });
});

/** A terminal whose system has one browser: a script. Source: xdg-open(1), the variable BROWSER. */
async function inTerminal(browser: string, args: string, env: Record<string, string> = {}) {
  const script = join(folder.path, "browser");
  await writeFile(script, `#!/bin/sh\n${browser}\n`);
  await chmod(script, 0o755);
  const { exitCode, shown } = openTerminal(`${process.execPath} ${REPORT} --example --html ${args}`, {
    cwd: folder.path,
    env: {
      BROWSER: script,
      XDG_CURRENT_DESKTOP: "X-Generic",
      DESKTOP_SESSION: "",
      DISPLAY: "",
      WAYLAND_DISPLAY: "",
      CI: "",
      ...env,
    },
  });
  return { code: await exitCode, shown: shown().replaceAll(/\s+/g, " ") };
}

describe("npm run report -- --html, in a terminal", () => {
  const opened = () => readFile(join(folder.path, "opened"), "utf8").catch(() => null);

  it("opens the page", async () => {
    const { code, shown } = await inTerminal('echo "$1" > opened', "");
    await vi.waitUntil(async () => (await opened()) !== null);
    expect([code, await opened(), shown]).toEqual([
      0,
      expect.stringContaining(".connect/report.html"),
      expect.not.stringContaining("could not be opened"),
    ]);
  });

  it("says so when it cannot be opened, and has still written it", async () => {
    const { code, shown } = await inTerminal("exit 1", "");
    expect([code, shown]).toEqual([
      0,
      expect.stringMatching(/The report is in .* It could not be opened \(.*\): open the file in a browser\./),
    ]);
  });

  it("ends while the browser that it opened runs on", async () => {
    const { code, shown } = await inTerminal("echo > opened; exec sleep 20", "");
    expect([code, shown]).toEqual([0, expect.not.stringContaining("could not be opened")]);
  });

  it.each([
    ["--no-open", {}],
    ["", { CI: "true" }],
  ])("does not open it with %j %j", async (args, env) => {
    const { code } = await inTerminal("echo > opened", args, env);
    expect([code, await opened()]).toEqual([0, null]);
  });
});
