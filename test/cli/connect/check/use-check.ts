import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type Finding } from "../../../../src/cli/findings/catalogue.ts";
import { renderDevVars } from "../../../../src/cli/setup/plan.ts";
import {
  access,
  accessSettings,
  ownerAccess,
  type Playground,
  securityKey,
  startPlayground,
} from "../../../playground/playground.ts";
import { type CliResult, runCli } from "../../run-cli.ts";

/** What `npm run connect -- check --json` prints. */
export interface Seen {
  readonly code: unknown;
  readonly err: string;
  readonly verdict: { readonly isFine: boolean; readonly text: string };
  readonly facts: readonly string[];
  readonly findings: readonly Finding[];
}

type Texts = Readonly<Record<string, string | undefined>>;

/** What a test changes of a good set-up. */
export interface Setting {
  /** Variables of wrangler.toml. */
  readonly vars?: Texts;
  /** Secrets in .dev.vars; `undefined`: there is none. */
  readonly secrets?: Texts;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** `null`: no address is given. */
  readonly site?: string | null;
}

/** One playground for the tests of a file; each test finds AWS as an owner has set it up well. Only tests may use it. */
export class Checks {
  folder = "";
  #playground: Playground | null = null;

  get playground(): Playground {
    if (this.#playground === null) throw new Error("Only tests and hooks may use it");
    return this.#playground;
  }

  get connect() {
    return this.playground.connect;
  }

  async open(): Promise<void> {
    this.#playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1 });
    this.folder = await mkdtemp(join(tmpdir(), "check-test-"));
  }

  async close(): Promise<void> {
    await this.playground.close();
    await rm(this.folder, { recursive: true });
  }

  /** Runs the command with the owner's login. */
  async run({ args = [], env = {}, secrets = {}, site, vars = {} }: Setting = {}): Promise<CliResult> {
    const { connect, worker } = this.playground;
    const variables = { CONNECT_REGION: access.region, CONNECT_INSTANCE_ID: access.instanceId, ...vars };
    const kept = {
      WIDGET_SNIPPET: connect.snippet,
      WIDGET_SECURITY_KEY: securityKey,
      AWS_ACCESS_KEY_ID: accessSettings.AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: accessSettings.AWS_SECRET_ACCESS_KEY,
      ...secrets,
    };
    const lines = pick(variables).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    const toml = ['name = "persistent-chat-edge"', 'compatibility_date = "2026-01-01"', "[vars]", ...lines];
    await writeFile(join(this.folder, "wrangler.toml"), toml.join("\n"));
    await writeFile(join(this.folder, ".dev.vars"), renderDevVars(Object.fromEntries(pick(kept))));
    const address = site === undefined ? [worker.origin] : site === null ? [] : [site];
    return runCli("connect", ["check", ...address, "--endpoint", connect.origin, ...args], {
      cwd: this.folder,
      env: {
        AWS_ACCESS_KEY_ID: ownerAccess.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ownerAccess.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: "true",
        HOME: this.folder,
        ...env,
      },
    });
  }

  async see(setting: Setting = {}): Promise<Seen> {
    const { code, err, out } = await this.run({ ...setting, args: [...(setting.args ?? []), "--json"] });
    if (out === "") throw new Error(err);
    return { ...JSON.parse(out), code, err };
  }

  /** The codes that the command finds, each with its weight. */
  async find(setting: Setting = {}): Promise<readonly string[]> {
    return (await this.see(setting)).findings.map(({ code, weight }) => `${weight} ${code}`);
  }
}

function pick(texts: Texts): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

export function useChecks(): Checks {
  const checks = new Checks();
  beforeAll(() => checks.open());
  afterAll(() => checks.close());
  let good: string;
  let deniedBefore: Set<string>;
  beforeAll(() => {
    const { deniedToOwner, ...console } = checks.connect.console;
    good = JSON.stringify(console);
    deniedBefore = new Set(deniedToOwner);
  });
  beforeEach(() => {
    checks.connect.serviceCalls.length = 0;
    checks.connect.ownerCalls.length = 0;
  });
  afterEach(() => {
    Object.assign(checks.connect.console, JSON.parse(good));
    checks.connect.console.deniedToOwner = new Set(deniedBefore);
    checks.connect.switches.nullToken = "fails";
    checks.connect.actionHealth.clear();
  });
  return checks;
}
