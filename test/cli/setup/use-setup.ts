import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { listen } from "../../playground/listen.ts";
import { securityKey, snippet } from "../../worker/settings.ts";
import { type Cloudflare, loginTo, startCloudflare } from "../cloudflare.ts";
import { type CliResult, runCli } from "../run-cli.ts";

export interface Run {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  readonly isLoggedIn?: boolean;
  readonly input?: string;
}

/** One site; and for each test a new checkout's wrangler.toml and a new Cloudflare account. Only tests and hooks may use it. */
export class SetupRuns {
  folder = "";
  siteUrl = "";
  /** The site's answer. */
  page: { status: number; headers: Record<string, string>; body: string } = { status: 200, headers: {}, body: "" };
  #cloudflare: Cloudflare | null = null;
  #site: Server | null = null;

  get cloudflare(): Cloudflare {
    if (this.#cloudflare === null) throw new Error("Only tests and hooks may use it");
    return this.#cloudflare;
  }

  async openSite(): Promise<void> {
    const site = createServer((_request, response) =>
      response.writeHead(this.page.status, this.page.headers).end(this.page.body),
    );
    this.#site = site;
    this.siteUrl = `http://localhost:${await listen(site)}`;
  }

  closeSite(): void {
    this.#site?.close();
  }

  async begin(): Promise<void> {
    this.page = { status: 200, headers: {}, body: "<h1>Tea</h1>" };
    this.#cloudflare = await startCloudflare();
    this.folder = await mkdtemp(join(tmpdir(), "setup-test-"));
    await copyFile(join(import.meta.dirname, "../../../wrangler.toml"), join(this.folder, "wrangler.toml"));
    await writeFile(join(this.folder, "snippet.html"), snippet);
  }

  async end(): Promise<void> {
    this.cloudflare.close();
    await rm(this.folder, { recursive: true });
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), "utf8");
  }

  async readDevVars(): Promise<NodeJS.Dict<string>> {
    return parseEnv(await this.read(".dev.vars"));
  }

  setup(run: Run = {}): Promise<CliResult> {
    return this.setupAlone({ ...run, args: ["--site", this.siteUrl, ...(run.args ?? ["--snippet", "snippet.html"])] });
  }

  /** Without `--site`. */
  setupAlone({ args = [], env = {}, isLoggedIn = true, input }: Run): Promise<CliResult> {
    const login = isLoggedIn ? loginTo(this.cloudflare) : { CLOUDFLARE_API_TOKEN: "" };
    return runCli("setup", ["--yes", ...args], {
      cwd: this.folder,
      env: { WIDGET_SECURITY_KEY: securityKey, XDG_CONFIG_HOME: this.folder, HOME: this.folder, ...login, ...env },
      ...(input !== undefined && { input }),
    });
  }
}

export function useSetup(): SetupRuns {
  const runs = new SetupRuns();
  beforeAll(() => runs.openSite());
  afterAll(() => runs.closeSite());
  beforeEach(() => runs.begin());
  afterEach(() => runs.end());
  return runs;
}
