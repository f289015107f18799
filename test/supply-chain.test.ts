import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import projectNode from "../.node/package.json" with { type: "json" };

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..");

describe("npm, with this project's .npmrc", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "supply-chain-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function installsWithScript(prepare: (app: string) => Promise<void>): Promise<boolean> {
    const [app, dependency] = [join(folder, "app"), join(folder, "dependency")];
    await mkdir(app);
    await mkdir(dependency);
    const scripts = { postinstall: "echo > postinstall-ran" };
    await writeFile(
      join(dependency, "package.json"),
      JSON.stringify({ name: "dependency", version: "1.0.0", scripts }),
    );
    await npm(["pack", dependency], folder);
    const file = "file:../dependency-1.0.0.tgz";
    // From version 12 on, npm runs only the scripts that are named here.
    const manifest = { dependencies: { dependency: file }, allowScripts: { dependency: true, [file]: true } };
    await writeFile(join(app, "package.json"), JSON.stringify(manifest));
    await prepare(app);
    await npm(["install", "--offline", "--no-audit"], app);
    expect(existsSync(join(app, "node_modules/dependency/package.json"))).toBe(true);
    return existsSync(join(app, "node_modules/dependency/postinstall-ran"));
  }

  /** Calls npm as from a shell: without the npm settings that this test was started with. */
  function npm(args: readonly string[], cwd: string) {
    const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
    const settings = { npm_config_userconfig: join(folder, "none"), npm_config_cache: join(folder, "cache") };
    return run("npm", args, { cwd, env: { ...Object.fromEntries(own), ...settings } });
  }

  it("runs no postinstall script of a package, not even an allowed one", async () => {
    expect(await installsWithScript((app) => copyFile(join(ROOT, ".npmrc"), join(app, ".npmrc")))).toBe(false);
  });

  it("would run the script without .npmrc", async () => {
    expect(await installsWithScript(async () => undefined)).toBe(true);
  });
});

describe("package.json", () => {
  it("has no pre or post script: npm would not run it", () => {
    const names = Object.keys(packageJson.scripts);
    expect(
      names.filter((name) => /^(?:pre|post)/.test(name) && names.includes(name.replace(/^(?:pre|post)/, ""))),
    ).toEqual([]);
  });

  it("pins every version", () => {
    const { dependencies, devDependencies } = packageJson;
    const versions = Object.entries({ ...dependencies, ...devDependencies, ...projectNode.optionalDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });
});

describe("package-lock.json", () => {
  interface Locked {
    readonly link?: boolean;
    readonly resolved?: string;
    readonly integrity?: string;
  }
  const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(join(ROOT, "package-lock.json"), "utf8"),
  );
  const packages = Object.entries(lock.packages).filter(([path, { link }]) => path.includes("node_modules/") && !link);

  it("has the hash of every package", () => {
    expect(packages.filter(([, { integrity }]) => integrity?.startsWith("sha512-") !== true)).toEqual([]);
  });

  it("names no host but npm's own", () => {
    const isElsewhere = ({ resolved }: Locked) =>
      resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/");
    expect(packages.filter(([, locked]) => isElsewhere(locked))).toEqual([]);
  });
});

describe("the workflows", () => {
  const FOLDER = join(ROOT, ".github/workflows");
  const texts = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), "utf8")] as const);

  it.each(texts)("%s takes each action by its hash, and says which version that is", (_name, text) => {
    const uses = text.match(/\buses:.*/g) ?? [];
    expect(uses).not.toEqual([]);
    for (const use of uses) expect(use).toMatch(/^uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(texts)("%s shows secrets to the steps that deploy, and to nothing else", (_name, text) => {
    const withSecrets = text.split(/^ *- name: /m).filter((part) => /secrets[.[]|CLOUDFLARE_API_TOKEN:/.test(part));
    for (const part of withSecrets) expect(part).toMatch(/^Deploy to \w+\n[^]*\brun: npm run deploy\b/);
    expect(withSecrets).toHaveLength(text.match(/run: npm run deploy/g)?.length ?? 0);
  });
});
