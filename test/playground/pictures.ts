// `npm run pictures`: makes the pictures of the pages again; `npm run pictures -- report` one of them.
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser } from "playwright-core";
import { openChatPage } from "../browser/chat-page.ts";
import { launchChromium } from "../browser/chromium.ts";
import { buildExample } from "../../src/cli/report/example.ts";
import { renderPage } from "../../src/cli/report/page/render-page.ts";
import { renderDevVars } from "../../src/cli/setup/plan.ts";
import { startFaultyProxy, withHeaders } from "../cli/doctor/faulty-proxy.ts";
import { openTerminal } from "../cli/setup/terminal.ts";
import { snippet } from "../worker/settings.ts";
import { access, accessSettings, ownerAccess, securityKey, startPlayground } from "./playground.ts";
import { renderScreen } from "./terminal-screen.ts";

const IMAGES = join(import.meta.dirname, "../../.github/images");
const TRANSCRIPT_DELAY_SECONDS = 1;

/** The parts of the report that show its planted fault. */
const PICTURED = ["From page to continued chat", "Failures, day by day", "Failures, hour by hour"];

const ROOT = join(import.meta.dirname, "../..");
const CLI = join(ROOT, "src/cli");

const playground = await startPlayground({ port: 0, transcriptDelaySeconds: TRANSCRIPT_DELAY_SECONDS, aws: true });
const browser = await launchChromium();

const PICTURES: Readonly<Record<string, () => Promise<void>>> = {
  "continued-conversation": async () => {
    const { agent, customer } = await continueConversation(browser);
    await placeSideBySide(browser, [
      { caption: "The customer is back …", png: customer },
      { caption: "… and the agent sees the whole conversation", png: agent },
    ]);
  },
  setup: async () => pictureTerminal(browser, "setup.png", await runSetup()),
  doctor: async () => pictureTerminal(browser, "doctor.png", await runDoctor()),
  report: () => pictureReport(browser),
  "connect-rehearse": async () =>
    pictureTerminal(browser, "connect-rehearse.png", await runConnect("rehearse", "--without-agent --yes")),
  "connect-check": async () => {
    // One thing is wrong, for the picture. It is the last one: the others want the bucket right.
    playground.connect.console.transcriptBuckets.push("amazon-connect-old");
    await pictureTerminal(browser, "connect-check.png", await runConnect("check", ""));
  },
};

try {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !Object.hasOwn(PICTURES, name));
  if (unknown.length > 0) {
    throw new Error(`Cannot make ${unknown.join(", ")}: expected ${Object.keys(PICTURES).join(", ")}`);
  }
  for (const [name, make] of Object.entries(PICTURES)) if (chosen.length === 0 || chosen.includes(name)) await make();
} finally {
  await browser.close();
  await playground.close();
}

async function continueConversation(chromium: Browser): Promise<{ customer: Buffer; agent: Buffer }> {
  const { connect, worker } = playground;
  const context = await chromium.newContext({ viewport: { width: 900, height: 720 }, deviceScaleFactor: 2 });
  const visit = await openChatPage(context, worker.origin);
  await visit.open();
  await visit.say("My teapot arrived without its lid.");
  connect.agent.say(connect.contacts()[0]?.contactId ?? "", "I am sorry! We send you one today.");
  await visit.chat.getByText("We send you one").waitFor();
  await visit.end();
  await new Promise((resolve) => setTimeout(resolve, TRANSCRIPT_DELAY_SECONDS * 1000 + 1500));
  await visit.page.goto(worker.origin);
  await visit.open();
  await visit.say("Hello again: has the lid been sent?");
  await visit.chat.getByText("My teapot").waitFor();
  const customer = await visit.page.screenshot();

  const desk = await context.newPage();
  await desk.setViewportSize({ width: 1240, height: 720 });
  await desk.goto(`${connect.origin}/agent/${connect.contacts()[0]?.contactId}`);
  await desk.getByText("Hello again").last().waitFor();
  const agent = await desk.screenshot();
  await context.close();
  return { customer, agent };
}

async function placeSideBySide(chromium: Browser, pictures: { caption: string; png: Buffer }[]): Promise<void> {
  const figures = pictures.map(
    ({ caption, png }) =>
      `<figure><figcaption>${caption}</figcaption><img src="data:image/png;base64,${png.toString("base64")}"></figure>`,
  );
  const page = await chromium.newPage({ viewport: { width: 1600, height: 600 } });
  await page.setContent(`<style>
    body { margin: 0; padding: 20px; display: inline-flex; gap: 20px; background: #eef1f4; font: 600 19px system-ui, sans-serif; }
    figure { margin: 0; } figcaption { padding: 0 4px 10px; color: #1b2733; }
    img { display: block; height: 500px; border-radius: 10px; box-shadow: 0 3px 16px #0003; }
  </style>${figures.join("")}`);
  await page.locator("body").screenshot({ path: join(IMAGES, "continued-conversation.png") });
}

/** The page of a made-up month, with the pictures that show its planted fault. */
async function pictureReport(chromium: Browser): Promise<void> {
  const page = await chromium.newPage({ viewport: { width: 1200, height: 400 } });
  await page.setContent(renderPage(buildExample(), 0));
  await page.evaluate((shown) => {
    const sections = [...document.querySelectorAll("section")];
    const titleOf = (section: Element) => section.querySelector("h2")?.textContent ?? "";
    const chosen = shown.flatMap((title) => sections.filter((section) => titleOf(section) === title));
    document.querySelector("main")?.replaceChildren(...chosen);
  }, PICTURED);
  await page.addStyleTag({ content: ".numbers, footer { display: none } body { padding-bottom: 16px }" });
  await page.screenshot({ path: join(IMAGES, "report.png"), fullPage: true });
  await page.close();
}

/** A whole setup, without a login at Cloudflare. Pasted secrets are not in the picture. */
async function runSetup(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "pictures-"));
  await copyFile(join(ROOT, "wrangler.toml"), join(folder, "wrangler.toml"));
  await writeFile(join(folder, "snippet.html"), playground.connect.snippet);
  const env = { CLOUDFLARE_API_TOKEN: "", XDG_CONFIG_HOME: folder, WRANGLER_SEND_METRICS: "false" };
  const { exitCode, output, type, until } = openTerminal(`${process.execPath} ${join(CLI, "setup/setup.ts")}`, {
    cwd: folder,
    env,
  });
  const answers = [
    ["The address of your site", playground.site.origin],
    ["Where is this site?", ""],
    ["snippet from the Connect console", "\u001b[B"],
    ["Path of the file", "snippet.html"],
    ["security key", securityKey],
    ["Region", "eu-central-1"],
    ["Id of the instance", access.instanceId],
    ["Where does it show that a visitor has agreed", ""],
    ["What is the agent told", ""],
    ["Do this now?", ""],
  ] as const;
  for (const [question, answer] of answers) {
    await until(question);
    type(`${answer}\r`);
  }
  await exitCode;
  await rm(folder, { recursive: true });
  return toPublic(["$ npm run setup", ...renderScreen(output())]);
}

/** Before the Worker is there: one page has a policy, another a header that forbids the chat. */
async function runDoctor(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "pictures-"));
  const proxy = await startFaultyProxy(playground.site.origin);
  proxy.faults.set("/about", withHeaders({ "content-security-policy": "default-src 'self'; img-src 'self' data:" }));
  proxy.faults.set("/help", withHeaders({ "cache-control": "no-transform" }));
  await copyFile(join(ROOT, "wrangler.toml"), join(folder, "wrangler.toml"));
  await writeFile(join(folder, ".dev.vars"), `WIDGET_SNIPPET=\`${snippet}\`\nCONNECT_REGION=eu-central-1\n`);
  const { exitCode, output } = openTerminal(
    `${process.execPath} ${join(CLI, "doctor/doctor.ts")} ${proxy.origin} --pages 12`,
    { cwd: folder, env: { CLOUDFLARE_API_TOKEN: "" } },
  );
  await exitCode;
  await proxy.close();
  await rm(folder, { recursive: true });
  const screen = renderScreen(output());
  const verdict = screen.findIndex((line) => /^(?:Ready|Not ready)/.test(line));
  return toPublic(["$ npm run doctor -- https://www.example.com", "", ...screen.slice(verdict)], proxy.origin);
}

/** Against the stand-in, as an owner whose site is set up. */
async function runConnect(command: string, options: string): Promise<string[]> {
  const { connect, worker } = playground;
  const folder = await mkdtemp(join(tmpdir(), "pictures-"));
  const toml = (await readFile(join(ROOT, "wrangler.toml"), "utf8"))
    .replace('CONNECT_REGION = ""', `CONNECT_REGION = "${access.region}"`)
    .replace('CONNECT_INSTANCE_ID = ""', `CONNECT_INSTANCE_ID = "${access.instanceId}"`);
  await writeFile(join(folder, "wrangler.toml"), toml);
  const secrets = { ...accessSettings, WIDGET_SNIPPET: connect.snippet, WIDGET_SECURITY_KEY: securityKey };
  await writeFile(join(folder, ".dev.vars"), renderDevVars(secrets));
  const { exitCode, output } = openTerminal(
    `${process.execPath} ${join(CLI, "connect/connect.ts")} ${command} ${worker.origin} ${options} --endpoint ${connect.origin}`,
    {
      cwd: folder,
      env: {
        AWS_ACCESS_KEY_ID: ownerAccess.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ownerAccess.secretAccessKey,
        CLOUDFLARE_API_TOKEN: "",
        HOME: folder,
      },
    },
  );
  await exitCode;
  await rm(folder, { recursive: true });
  const told = `$ npm run connect -- ${[command, options.replace(" --yes", "")].join(" ").trim()}`;
  // Without what the rehearsal says before it asks.
  const screen = renderScreen(output())
    .join("\n")
    .replace(/^[^]*(?=^1\. The first chat)/m, "")
    .split("\n");
  return toPublic([told, "", ...screen], worker.origin);
}

/** The shop stands for the owner's site. */
function toPublic(lines: readonly string[], origin = playground.site.origin): string[] {
  return lines.map((line) =>
    line
      .replaceAll(origin, "https://www.example.com")
      .replaceAll(new URL(origin).host, "www.example.com")
      .replaceAll(`${new URL(origin).hostname}/`, "www.example.com/"),
  );
}

async function pictureTerminal(chromium: Browser, name: string, lines: readonly string[]): Promise<void> {
  const page = await chromium.newPage({ viewport: { width: 1100, height: 600 }, deviceScaleFactor: 2 });
  const text = lines.join("\n").trim().replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  await page.setContent(`<style>
    body { margin: 0; padding: 18px; display: inline-block; background: #eef1f4; }
    pre { margin: 0; padding: 18px 22px; border-radius: 10px; background: #16191d; color: #e4e7eb; box-shadow: 0 3px 16px #0003;
      font: 14px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
  </style><pre>${text}</pre>`);
  await page.locator("body").screenshot({ path: join(IMAGES, name) });
}
