import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deploy-test-"));
  await writeFile(
    join(folder, "wrangler.toml"),
    'name = "x"\nroutes = [{ pattern = "www.example.com/*", zone_name = "example.com" }]\n[env.staging]\n',
  );
  // Stand-ins that note what they are called with, and fail where they are told to.
  for (const name of ["npm", "npx"]) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\necho "${name} $*" >> calls\ncase "$*" in $FAILS) exit 1;; esac\n`);
    await chmod(path, 0o755);
  }
});
afterEach(() => rm(folder, { recursive: true }));

async function deploy(args: readonly string[], fails = "nothing") {
  const env = { PATH: `${folder}:${process.env["PATH"]}`, FAILS: fails };
  const { code, err } = await runCli("deploy", args, { cwd: folder, env });
  const calls = await readFile(join(folder, "calls"), "utf8").catch(() => "");
  return { code, err, calls: calls.split("\n").slice(0, -1) };
}

const CHECK = "npm run check:static";
const DOCTOR = "npm run --silent doctor -- https://www.example.com";

describe("npm run deploy", () => {
  it("checks, deploys, and has the doctor look at the first route", async () => {
    expect(await deploy([])).toEqual({ code: 0, err: "", calls: [CHECK, "npx wrangler deploy", DOCTOR] });
  });

  it("takes another site and an environment, and says how to go back where the doctor finds something", async () => {
    const args = ["--site", "https://staging.example.com", "--env", "staging", "--skip-check"];
    const { code, err, calls } = await deploy(args, "*doctor*");
    expect([code, err]).toEqual([1, expect.stringContaining("npx wrangler rollback")]);
    expect(calls).toEqual([
      "npx wrangler deploy --env staging",
      "npm run --silent doctor -- https://staging.example.com",
    ]);
  });

  it.each([
    ["run check:static", [CHECK]],
    ["wrangler*", [CHECK, "npx wrangler deploy"]],
  ])("stops where %j fails, and says what", async (fails, expected) => {
    const { code, err, calls } = await deploy([], fails);
    expect({ code, calls }).toEqual({ code: 1, calls: expected });
    expect(err).toContain(`Stopped: this failed: ${expected.at(-1)}`);
  });

  it("asks for the site before anything is done, where no route names one", async () => {
    await writeFile(join(folder, "wrangler.toml"), 'name = "x"\nroutes = ["*.example.com/*"]\n');
    const { code, err, calls } = await deploy([]);
    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(err).toContain("tell --site https://www.example.com");
  });
});
