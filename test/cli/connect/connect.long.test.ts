import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderDevVars } from "../../../src/cli/setup/plan.ts";
import { access, ownerAccess, type Playground, startPlayground } from "../../playground/playground.ts";
import { runCli } from "../run-cli.ts";
import { noAwsLogin } from "../setup/no-aws-login.ts";

let playground: Playground;
let folder: string;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1 });
  folder = await mkdtemp(join(tmpdir(), "connect-test-"));
});
afterAll(async () => {
  await playground.close();
  await rm(folder, { recursive: true });
});

async function connect(...args: readonly string[]) {
  const { code, err, out } = await runCli("connect", args, {
    cwd: folder,
    env: {
      ...noAwsLogin,
      AWS_ACCESS_KEY_ID: ownerAccess.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ownerAccess.secretAccessKey,
      HOME: folder,
    },
  });
  return { code, err, out };
}

const at = (endpoint = playground.connect.origin) => ["--region", access.region, "--endpoint", endpoint];

describe("npm run connect", () => {
  it.each([
    [["chek"], 'Expected check, install or rehearse, found "chek".'],
    [[], "Expected check, install or rehearse, found nothing."],
    [["check", "--queue", "x"], "--queue: check has no such option."],
    [["check", "https://a.example", "b"], "options come behind --"],
  ])("refuses %j, before AWS is asked", async (args, message) => {
    const { code, err } = await connect(...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it.each(["localhost:3000", "not a url", "", "http://localhost:3000/path", "ftp://localhost"])(
    "refuses the endpoint %j",
    async (endpoint) => {
      const { code, err } = await connect("check", ...at(endpoint));
      expect(err).toContain("--endpoint: expected an address such as http://localhost:8789");
      expect(code).toBe(2);
    },
  );

  it("finds an instance by its alias in capital letters, and says which there are where it finds none", async () => {
    const { out } = await connect("check", "--instance", "SHOP", ...at());
    expect(out).toContain("Instance shop in eu-central-1");
    const { code, err } = await connect("check", "--instance", "shopp", ...at());
    expect(err).toContain('no instance "shopp" in eu-central-1, but shop');
    expect(code).toBe(2);
  });

  it("asks for one of several instances on no pipe, and prints no control characters of their names", async () => {
    const { instances } = playground.connect.console;
    const id = "aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb";
    instances.push({ id, alias: "other\u001b[31m\nX", status: "ACTIVE" });
    const { code, err, out } = await connect("check", "--json", ...at());
    instances.pop();
    expect(out).toBe("");
    expect(err).toMatch(/--instance: expected one of shop, other.*X\./);
    expect(err).not.toContain("\u001b");
    expect(code).toBe(2);
  });

  it("takes the site's address from the Route of the named environment", async () => {
    await writeFile(
      join(folder, "wrangler.toml"),
      'name = "a"\nroutes = ["www.example.com/*"]\n[env.staging]\nroutes = ["staging.invalid/*"]\n[env.staging.vars]\nWIDGET_ID = ""\n',
    );
    await writeFile(join(folder, ".dev.vars"), renderDevVars({ WIDGET_SNIPPET: playground.connect.snippet }));
    const { code, err } = await connect("rehearse", "--yes", "--env", "staging", ...at());
    await Promise.all(["wrangler.toml", ".dev.vars"].map((name) => rm(join(folder, name))));
    expect(err).toContain("No Worker answers at https://staging.invalid/_chat/health");
    expect(code).toBe(2);
  });
});
