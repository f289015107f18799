import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPreviewPasses } from "../../src/adapters/preview-passes.ts";
import { runCli } from "./run-cli.ts";

const SECRET = "cHJldmlldyBwcmV2aWV3IHByZXZpZXcgcHJldmlldyE";
const OTHER = "b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3Q";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "preview-link-test-"));
  await copyFile(join(import.meta.dirname, "../../wrangler.toml"), join(folder, "wrangler.toml"));
});
afterEach(() => rm(folder, { recursive: true }));

const previewLink = (args: readonly string[], env: Record<string, string> = {}) =>
  runCli("preview-link", args, { cwd: folder, env });

async function opens(link: string, secret: string): Promise<boolean> {
  const { links } = await createPreviewPasses(Buffer.from(secret, "base64url"));
  return (await links.open(link.trim().replace(/^.*#/, ""), Math.floor(Date.now() / 1000))) !== null;
}

describe("npm run preview-link", () => {
  it("prints one line: a link to the site that the Worker's secret opens", async () => {
    const { code, out } = await previewLink(["https://www.example.com/some/page"], { PREVIEW_SECRET: SECRET });
    expect(code).toBe(0);
    expect(out).toMatch(/^https:\/\/www\.example\.com\/_chat\/preview#[\w.-]+\n$/);
    expect([await opens(out, SECRET), await opens(out, OTHER)]).toEqual([true, false]);
  });

  it("takes the secret from .dev.vars, unless the environment has one", async () => {
    await writeFile(join(folder, ".dev.vars"), `PREVIEW_SECRET="${SECRET}"\n`);
    expect(await opens((await previewLink(["https://a.example"])).out, SECRET)).toBe(true);
    expect(await opens((await previewLink(["https://a.example"], { PREVIEW_SECRET: OTHER })).out, OTHER)).toBe(true);
  });

  it("takes an environment's secret from the environment's own .dev.vars", async () => {
    const toml = 'name = "x"\n[vars]\nCHAT_PATH = "/talk"\n[env.staging.vars]\nCHAT_PATH = "/staging"\n';
    await writeFile(join(folder, "wrangler.toml"), toml);
    await writeFile(join(folder, ".dev.vars"), `PREVIEW_SECRET="${SECRET}"\n`);
    const args = ["https://a.example", "--env", "staging"];
    expect(await opens((await previewLink(args)).out, SECRET)).toBe(true);
    await writeFile(join(folder, ".dev.vars.staging"), `PREVIEW_SECRET="${OTHER}"\n`);
    const { out } = await previewLink(args);
    expect(out).toMatch(/^https:\/\/a\.example\/staging\/preview#/);
    expect(await opens(out, OTHER)).toBe(true);
  });

  it("uses CHAT_PATH", async () => {
    await writeFile(join(folder, "wrangler.toml"), 'name = "x"\n[vars]\nCHAT_PATH = "/talk"\n');
    const { out } = await previewLink(["https://a.example"], { PREVIEW_SECRET: SECRET });
    expect(out).toMatch(/^https:\/\/a\.example\/talk\/preview#/);
  });

  it("names CHAT_PATH where it is wrong, and wrangler.toml where it cannot be read", async () => {
    const run = async (toml: string) => {
      await writeFile(join(folder, "wrangler.toml"), toml);
      return previewLink(["https://a.example"], { PREVIEW_SECRET: SECRET });
    };
    expect(await run('[vars]\nCHAT_PATH = "chat/"\n')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^CHAT_PATH: /),
    });
    expect(await run("= broken")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^Cannot read wrangler\.toml: /),
    });
  });

  it.each([
    [[], {}, "Expected the address of the site, such as https://www.example.com, found nothing"],
    [["shop"], {}, "found shop"],
    [
      ["https://a.example"],
      {},
      "PREVIEW_SECRET: expected it in the environment or in .dev.vars (with --env: .dev.vars.<name>), found it in neither",
    ],
    [["https://a.example"], { PREVIEW_SECRET: "too-short" }, "PREVIEW_SECRET: expected 32 random bytes or more"],
    [["https://a.example", "--env", "nope"], { PREVIEW_SECRET: SECRET }, 'no environment "nope"'],
  ])("refuses %j with %j", async (args, env: Record<string, string>, message) => {
    const { code, err, out } = await previewLink(args, env);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining(message)]);
    expect(err).not.toContain("too-short");
  });
});
