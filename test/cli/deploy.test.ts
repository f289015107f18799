import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

/** Writes the same output file as wrangler. Source: wrangler's ND-JSON output file. */
const NOTE = `[ "$1" = wrangler ] && mkdir -p .connect && printf '%s\\n' '{"type":"wrangler-session"}' "{\\"type\\":\\"deploy\\",\\"targets\\":[$TARGETS]}" >> "$WRANGLER_OUTPUT_FILE_PATH"
true
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deploy-test-"));
  // Stand-ins that write down each call, and fail for the calls that $FAILS names.
  for (const name of ["npm", "npx"]) {
    const path = join(folder, name);
    await writeFile(
      path,
      `#!/bin/sh\necho "${name} $*" >> calls\necho "$CLOUDFLARE_API_TOKEN" >> tokens\ncase "$*" in $FAILS) exit 1;; esac\n${NOTE}`,
    );
    await chmod(path, 0o755);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const ROUTE = '"www.example.com/* (zone name: example.com)"';

async function deploy(args: readonly string[], { fails = "nothing", targets = ROUTE } = {}) {
  const env = { PATH: `${folder}:${process.env["PATH"]}`, FAILS: fails, TARGETS: targets };
  const { code, err } = await runCli("deploy", args, { cwd: folder, env });
  const calls = await readFile(join(folder, "calls"), "utf8").catch(() => "");
  return { code, err, calls: calls.split("\n").slice(0, -1) };
}

const CHECK = "npm run check:static";
const DOCTOR = "npm run --silent doctor -- https://www.example.com --live 60";

describe("npm run deploy", () => {
  it("checks, deploys, and runs the doctor on the deployed address", async () => {
    expect(await deploy([])).toEqual({ code: 0, err: "", calls: [CHECK, "npx wrangler deploy", DOCTOR] });
  });

  it("runs the doctor on the workers.dev address that wrangler reports", async () => {
    const { calls } = await deploy(["--skip-check"], { targets: '"https://persistent-chat-edge.tea.workers.dev"' });
    expect(calls.at(-1)).toBe("npm run --silent doctor -- https://persistent-chat-edge.tea.workers.dev --live 60");
  });

  it("accepts a site and an environment, and names the rollback command where the doctor finds a problem", async () => {
    const args = ["--site", "https://staging.example.com", "--env", "staging", "--skip-check"];
    const { code, err, calls } = await deploy(args, { fails: "*doctor*" });
    expect([code, err]).toEqual([1, expect.stringContaining("npx wrangler rollback --env staging")]);
    expect(calls).toEqual([
      "npx wrangler deploy --env staging",
      "npm run --silent doctor -- https://staging.example.com/ --live 60 --env staging",
    ]);
  });

  it("shows the API token to wrangler only", async () => {
    await runCli("deploy", [], {
      cwd: folder,
      env: {
        PATH: `${folder}:${process.env["PATH"]}`,
        FAILS: "nothing",
        TARGETS: ROUTE,
        CLOUDFLARE_API_TOKEN: "token",
      },
    });
    expect(await readFile(join(folder, "tokens"), "utf8")).toBe("\ntoken\n\n");
  });

  it.each([
    ["run check:static", [CHECK]],
    ["wrangler*", [CHECK, "npx wrangler deploy"]],
  ])("stops where %j fails, and names the failed command", async (fails, expected) => {
    const { code, err, calls } = await deploy([], { fails });
    expect({ code, calls }).toEqual({ code: 1, calls: expected });
    expect(err).toContain(`Stopped. This command failed: ${expected.at(-1)}`);
  });

  it("names the doctor's command where the Routes name no address", async () => {
    const { code, err, calls } = await deploy([], { targets: '"*.example.com/*"' });
    expect({ code, calls }).toEqual({ code: 1, calls: [CHECK, "npx wrangler deploy"] });
    expect(err).toContain("Check it yourself: npm run doctor -- <address>");
  });

  it("refuses a wrong --site before the first step", async () => {
    const { code, err, calls } = await deploy(["--site", "shop"]);
    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(err).toContain("such as https://www.example.com, found shop");
  });
});
