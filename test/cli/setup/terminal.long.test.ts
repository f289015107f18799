import { copyFile, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { type Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toChatPage } from "../../browser/chat-page.ts";
import { launchChromium } from "../../browser/chromium.ts";
import { type RunningSite, startSite } from "../../playground/site/site.ts";
import { securityKey, snippet, widgetId } from "../../worker/settings.ts";
import { loginTo, startCloudflare } from "../cloudflare.ts";
import { answerFirst, acceptProposals, answerUpToPlace, answerWidget } from "./answer.ts";
import { noAwsLogin } from "./no-aws-login.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** The playground's ports are this one and three more. */
const PORT = 23_870;

let folder: string;
let site: RunningSite;
let browser: Browser;

beforeAll(async () => {
  site = await startSite({ port: 0 });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "setup-terminal-"));
  await copyFile(join(ROOT, "wrangler.toml"), join(folder, "wrangler.toml"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** No login to Cloudflare or AWS, and not the MODE of the test runner. */
const environment = () => ({
  ...noAwsLogin,
  CLOUDFLARE_API_TOKEN: "",
  MODE: "",
  WRANGLER_SEND_METRICS: "false",
  XDG_CONFIG_HOME: folder,
});

function openSetup(login: Readonly<Record<string, string>> = {}): Terminal {
  const env = { ...environment(), ...login };
  return openTerminal(`${process.execPath} ${join(ROOT, "src/cli/setup/setup.ts")}`, { cwd: folder, env });
}

describe("npm run setup in a terminal", () => {
  it("asks, accepts a pasted snippet, and never shows the security key", async () => {
    const terminal = openSetup();
    const { exitCode, shown, type, until } = terminal;
    await answerFirst(terminal, site.origin);
    type("\r");
    await until("Paste the snippet");
    type(`${snippet.replaceAll("\n", "\r")}\r`);
    await until("security key");
    type("too short\r");
    await until("found 9 characters");
    type(`${"\u007f".repeat(9)}${securityKey}\r`);
    await until("Region");
    type("\r");
    await acceptProposals(terminal);
    type("\r");
    expect(await exitCode).toBe(0);
    expect(shown()).not.toContain(securityKey);
    const kept = parseEnv(await readFile(join(folder, ".dev.vars"), "utf8"));
    expect(kept).toMatchObject({ WIDGET_SNIPPET: snippet, WIDGET_SECURITY_KEY: securityKey });
  });

  it("says at once what is wrong with an answer, and asks again", async () => {
    const { interrupt, exitCode, type, until } = openSetup();
    await until("The address of your site");
    type("shop\r");
    await until("Expected the address of the site");
    type(`${"\u007f".repeat(4)}http://localhost:1\r`);
    await until("Cannot reach http://localhost:1");
    await until("The address of your site");
    interrupt();
    expect(await exitCode).not.toBe(0);
  });

  it("asks again where the site is if the account has no zone; a second run proposes the earlier answers", async () => {
    const cloudflare = await startCloudflare();
    cloudflare.zones.clear();
    try {
      const first = openSetup(loginTo(cloudflare));
      await answerUpToPlace(first, site.origin);
      await first.until("has no zone for");
      await first.until("Where is this site?");
      first.type("\u001b[B\r");
      await first.until("The widget's snippet");
      await answerWidget(first);
      first.type("eu-central-1\r");
      await first.until("Id of the instance");
      first.type("\r");
      await acceptProposals(first);
      first.type("\r");
      expect(await first.exitCode).toBe(0);
      const secrets = new Map(cloudflare.secrets);
      const toml = await readFile(join(folder, "wrangler.toml"), "utf8");
      expect(toml).toContain(`ORIGIN_URL = "${site.origin}"`);

      const second = openSetup(loginTo(cloudflare));
      const questions = [
        "The address",
        "Where is",
        "The widget's snippet",
        "Cloudflare keeps the key",
        "Region",
        "Id of",
        "Where does it show that a visitor has agreed",
        "What is the agent told",
        "Do this now",
      ];
      for (const question of questions) {
        await second.until(question);
        second.type("\r");
      }
      expect(await second.exitCode).toBe(0);
      expect(cloudflare.secrets).toEqual(secrets);
      expect(await readFile(join(folder, "wrangler.toml"), "utf8")).toBe(toml);
    } finally {
      cloudflare.close();
    }
  });

  it("adds no Route without a Worker where the owner only presses Enter", async () => {
    const cloudflare = await startCloudflare();
    cloudflare.zones.add(new URL(site.origin).hostname);
    try {
      const terminal = openSetup(loginTo(cloudflare));
      await answerUpToPlace(terminal, site.origin);
      await terminal.until("127.0.0.1/assets/*");
      await terminal.until("Add these Routes without a Worker?");
      terminal.type("\r");
      await terminal.until("The widget's snippet");
      await answerWidget(terminal);
      terminal.type("\r");
      await acceptProposals(terminal);
      terminal.type("\r");
      expect(await terminal.exitCode).toBe(0);
      expect(terminal.shown()).not.toContain("Routes without a Worker: ");
      expect(cloudflare.routes).toEqual([]);
    } finally {
      cloudflare.close();
    }
  });

  const WAYS_OUT: readonly (readonly [string, (terminal: Terminal) => Promise<void>])[] = [
    ["Ctrl-C at a question", async ({ interrupt }) => interrupt()],
    [
      "Ctrl-C while a snippet is pasted",
      async ({ interrupt, type, until }) => {
        type("\r");
        await until("Paste the snippet");
        type("<script>\r");
        interrupt();
      },
    ],
    [
      "a No at the end",
      async (terminal) => {
        await answerWidget(terminal);
        terminal.type("\r");
        await acceptProposals(terminal);
        terminal.type("n");
      },
    ],
  ];
  it.each(WAYS_OUT)("changes nothing at %s", async (_what, stop) => {
    const terminal = openSetup();
    await answerFirst(terminal, site.origin);
    await stop(terminal);
    await terminal.until("Nothing was changed");
    expect(await terminal.exitCode).toBe(1);
    await expect(readFile(join(folder, ".dev.vars"))).rejects.toThrow("ENOENT");
    expect(await readFile(join(folder, "wrangler.toml"), "utf8")).toBe(
      await readFile(join(ROOT, "wrangler.toml"), "utf8"),
    );
  });
});

describe("the whole way of an owner", () => {
  it("leads from npm run doctor, setup, start and deploy to a chat that continues", { timeout: 180_000 }, async () => {
    for (const name of ["src", "test", "package.json", "tsconfig.json", "node_modules", "LICENSE"]) {
      await symlink(join(ROOT, name), join(folder, name));
    }
    const cloudflare = await startCloudflare();
    cloudflare.zones.add(new URL(site.origin).hostname);
    const npm = (command: string) => {
      const env = { ...environment(), ...loginTo(cloudflare), PORT: String(PORT) };
      return openTerminal(`npm ${command}`, { cwd: folder, env });
    };
    const before = npm(`run doctor -- ${site.origin}`);
    await before.until("Ready: ");
    expect(await before.exitCode).toBe(0);

    const setup = npm("run setup");
    await answerUpToPlace(setup, site.origin);
    await setup.until("Add these Routes without a Worker?");
    setup.type("y");
    await setup.until("The widget's snippet");
    await answerWidget(setup);
    setup.type("\r");
    await acceptProposals(setup);
    setup.type("\r");
    expect(await setup.exitCode).toBe(0);
    expect(cloudflare.routes).toEqual([{ pattern: "127.0.0.1/assets/*" }]);

    const playground = npm("start");
    await playground.until(`http://localhost:${PORT}`);
    await playground.until("The widget is yours");
    await playground.until("Ctrl-C stops it");
    try {
      // The playground stands for the live site: this folder has no configuration for the checks.
      const deploy = npm(`run deploy -- --skip-check --site http://localhost:${PORT}`);
      await deploy.until("Deployed persistent-chat-edge");
      await deploy.until("Working: ");
      expect(await deploy.exitCode).toBe(0);

      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`http://localhost:${PORT}`);
      const start = page.waitForRequest(/\/connectwidget\/api\//);
      const visit = toChatPage(page);
      await visit.open();
      await visit.say("My teapot arrived without its lid.");
      expect((await start).url()).toContain(widgetId);
      await visit.end();
      // The playground's Connect needs this long to write a transcript.
      await page.waitForTimeout(22_000);
      await visit.open();
      await visit.chat.getByText("My teapot arrived without its lid.").waitFor();
    } finally {
      playground.interrupt();
      await playground.exitCode;
      cloudflare.close();
    }
  });
});
