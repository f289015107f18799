import { ListInstancesCommand } from "@aws-sdk/client-connect";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAwsClients } from "./connect/testing/sdk-client.ts";

const START = join(import.meta.dirname, "./start.ts");
const PORT = 18_787;

let stateDir: string;
let program: ChildProcess | null = null;
let output = "";

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "playground-"));
  output = "";
});
afterEach(async () => {
  // SIGKILL would leave workerd behind, with the port.
  if (program !== null && program.exitCode === null) await interrupt(program);
  rmSync(stateDir, { recursive: true });
});

function start(): ChildProcess {
  // The test runner has a MODE of its own.
  const env = { ...process.env, MODE: "", PORT: String(PORT), STATE_DIR: stateDir };
  program = spawn(process.execPath, [START], { env });
  program.stdout?.on("data", (data) => (output += data));
  program.stderr?.on("data", (data) => (output += data));
  return program;
}

const exited = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("exit", resolve));
const isUp = () => expect.poll(() => output, { timeout: 20_000 }).toContain("Ctrl-C stops it");

/** The word that follows, with its last place. */
function readWord(text: string, before: string): string {
  return /^\S+/.exec(text.split(before).at(-1) ?? "")?.[0] ?? "";
}

/** What Ctrl-C sends. */
async function interrupt(child: ChildProcess): Promise<number | null> {
  const exit = exited(child);
  child.kill("SIGINT");
  return exit;
}

describe("npm start", () => {
  it("says where everything is, and that is true", async () => {
    start();
    await isUp();
    const [places = "", check = ""] = output.split("5. Check");
    const addresses = places.match(/http:\/\/\S+/g) ?? [];
    expect(addresses).toHaveLength(7);
    for (const address of addresses) expect((await fetch(address)).status).toBe(200);
    for (const address of addresses.slice(0, 2)) {
      const shop = await fetch(address, { headers: { "sec-fetch-dest": "document" } });
      expect(await shop.text()).toContain("/_chat/widget.js");
    }
    const login = { accessKeyId: readWord(check, "AWS_ACCESS_KEY_ID="), secretAccessKey: readWord(check, "_KEY=") };
    const { connect } = createAwsClients(readWord(check, "--endpoint "), login);
    const { InstanceSummaryList = [] } = await connect.send(new ListInstancesCommand());
    expect(InstanceSummaryList.map(({ Id }) => Id)).toEqual([readWord(check, "--instance ")]);
  });

  it("stops cleanly on Ctrl-C, and starts again on what it left", async () => {
    const first = start();
    await isUp();
    expect(await interrupt(first)).toBe(0);
    output = "";
    const second = start();
    await isUp();
    expect((await fetch(`http://localhost:${PORT}/_chat/health`)).status).toBe(200);
    expect(await interrupt(second)).toBe(0);
  });

  it.each([0, 1, 2, 3])("says which port is taken, and what to do (port %i of four)", async (offset) => {
    const blocker: Server = createServer().listen(PORT + offset, "127.0.0.1");
    try {
      expect(await exited(start())).toBe(1);
      expect(output).toContain(`port ${PORT + offset} is taken`);
      expect(output).toMatch(/PORT=\d+ npm start/);
    } finally {
      await new Promise((resolve) => blocker.close(resolve));
    }
  });
});
