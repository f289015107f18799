import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderDevVars } from "../../../src/cli/setup/plan.ts";
import { access, ownerAccess, type Playground, securityKey, startPlayground } from "../../playground/playground.ts";
import { answerFirst, acceptProposals } from "./answer.ts";
import { noLogin } from "./no-aws-login.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { useSetup } from "./use-setup.ts";

const SETUP = join(import.meta.dirname, "../../../src/cli/setup/setup.ts");
const NOBODY_LISTENS = "http://localhost:1";

const here = useSetup();
let playground: Playground;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1 });
});
afterAll(() => playground.close());

/** Answers up to the question about AWS: the snippet and the key are those in .dev.vars. */
async function openSetup(awsUrl: string): Promise<Terminal> {
  const kept = { WIDGET_SNIPPET: playground.connect.snippet, WIDGET_SECURITY_KEY: securityKey };
  await writeFile(join(here.folder, ".dev.vars"), renderDevVars(kept));
  const terminal = openTerminal(`${process.execPath} ${SETUP}`, {
    cwd: here.folder,
    env: {
      ...noLogin(here.folder),
      AWS_ACCESS_KEY_ID: ownerAccess.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ownerAccess.secretAccessKey,
      AWS_REGION: access.region,
      AWS_ENDPOINT_URL: awsUrl,
    },
  });
  playground.connect.ownerCalls.length = 0;
  await answerFirst(terminal, here.siteUrl);
  terminal.type("\r");
  await terminal.until("from your AWS login?");
  return terminal;
}

describe("npm run setup in a terminal with an AWS login", () => {
  it("asks AWS only after a Yes, takes region and instance from it, and looks at Connect's side at the end", async () => {
    const { connect } = playground;
    const terminal = await openSetup(connect.origin);
    expect(connect.ownerCalls).toEqual([]);
    terminal.type("y");
    await terminal.until("Connect instance: shop in eu-central-1");
    await acceptProposals(terminal);
    terminal.type("\r");
    await terminal.until("npm run connect -- check");
    await terminal.until("Look at Connect's side now");
    expect(connect.ownerCalls).toEqual(["connect:ListInstances"]);
    terminal.type("y");
    // The page of the test is not on the widget's list.
    await terminal.until("Not working: Amazon Connect refuses to start a chat (400)");
    await terminal.until("chat transcripts: one bucket");
    expect(await terminal.exitCode).toBe(0);
    const toml = await here.read("wrangler.toml");
    expect(toml).toContain(`\nCONNECT_REGION = "${access.region}"`);
    expect(toml).toContain(`\nCONNECT_INSTANCE_ID = "${access.instanceId}"`);
  });

  it("goes on without AWS where AWS does not answer, and where the owner says No", async () => {
    const terminal = await openSetup(NOBODY_LISTENS);
    terminal.type("y");
    await terminal.until("The network broke off");
    await terminal.until("Region of the Connect instance");
    terminal.type("\r");
    await acceptProposals(terminal);
    terminal.type("\r");
    await terminal.until("Look at Connect's side now");
    terminal.type("n");
    expect(await terminal.exitCode).toBe(0);
    expect(playground.connect.ownerCalls).toEqual([]);
  });
});
