import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { access, ownerAccess, type Playground, securityKey, startPlayground } from "../../playground/playground.ts";
import { acceptProposals, answerFirst } from "../setup/answer.ts";
import { noAwsLogin } from "../setup/no-aws-login.ts";
import { openTerminal, type Terminal } from "../setup/terminal.ts";

const ROOT = join(import.meta.dirname, "../../..");
const DOWN = "\u001b[B";

let playground: Playground;
let folder: string;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1, aws: true });
  folder = await mkdtemp(join(tmpdir(), "owner-path-test-"));
  const toml = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  await writeFile(
    join(folder, "wrangler.toml"),
    toml.replace('READY_AFTER_SECONDS = "60"', 'READY_AFTER_SECONDS = "2"'),
  );
  await writeFile(join(folder, "snippet.html"), playground.connect.snippet);
  await copyFile(join(ROOT, "package.json"), join(folder, "package.json"));
});
afterAll(async () => {
  await playground.close();
  await rm(folder, { recursive: true });
});

/** One of the owner's commands, with the owner's AWS login, in a terminal. */
function open(command: string): Terminal {
  return openTerminal(`${process.execPath} ${ROOT}/src/cli/${command}`, {
    cwd: folder,
    env: {
      ...noAwsLogin,
      AWS_ACCESS_KEY_ID: ownerAccess.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ownerAccess.secretAccessKey,
      AWS_REGION: access.region,
      AWS_ENDPOINT_URL: playground.connect.origin,
      CLOUDFLARE_API_TOKEN: "",
      MODE: "",
      WRANGLER_SEND_METRICS: "false",
      XDG_CONFIG_HOME: folder,
      HOME: folder,
    },
    patienceMs: 100_000,
  });
}

it(
  "leads an owner from an empty folder to a second chat with the first one's history",
  { timeout: 400_000 },
  async () => {
    const { connect, site, worker } = playground;

    const setup = open("setup/setup.ts");
    await answerFirst(setup, site.origin);
    setup.type(`${DOWN}\r`);
    await setup.until("Path of the file");
    setup.type("snippet.html\r");
    await setup.until("security key");
    setup.type(`${securityKey}\r`);
    await setup.until("from your AWS login?");
    setup.type("y");
    await acceptProposals(setup);
    setup.type("\r");
    await setup.until("Look at Connect's side now");
    setup.type("n");
    expect(await setup.exitCode).toBe(0);

    const install = open("connect/connect.ts install");
    await install.until('Published: the flow "Persistent chat"');
    expect(await install.exitCode).toBe(0);
    // The one step that stays for hands: the flow is chosen in the widget's settings.
    const flow = connect.console.flows.find(({ name }) => name === "Persistent chat");
    connect.console.widgetFlowId = flow?.id ?? "";

    const check = open(`connect/connect.ts check ${worker.origin}`);
    await check.until("Ready: Amazon Connect's side fits this Worker (LINK_BY=flow).");
    expect(await check.exitCode).toBe(0);

    const rehearse = open(`connect/connect.ts rehearse ${worker.origin} --without-agent`);
    await rehearse.until("Start?");
    rehearse.type("\r");
    await rehearse.until("The second chat had the first one's history");
    expect(await rehearse.exitCode).toBe(0);
    expect(connect.contacts().every(({ endedAt }) => endedAt !== null)).toBe(true);
    expect(await readFile(join(folder, ".connect/rehearsal.md"), "utf8")).toContain("LINK_BY=flow");
  },
);
