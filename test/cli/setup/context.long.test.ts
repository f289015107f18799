import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { acceptProposals, answerWidget } from "./answer.ts";
import { noLogin } from "./no-aws-login.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { useSetup } from "./use-setup.ts";

const SETUP = join(import.meta.dirname, "../../../src/cli/setup/setup.ts");
const DOWN = "\u001b[B";

const here = useSetup();

describe("npm run setup -- --yes --context", () => {
  const run = (...args: string[]) => here.setup({ args: ["--snippet", "snippet.html", ...args], isLoggedIn: false });

  it("sets the words, keeps them in later runs, and takes them back", async () => {
    await run("--context", "page title");
    expect(await here.read("wrangler.toml")).toContain('\nCONTEXT = "page title"');
    expect((await run("--dry-run")).out).toContain("CONTEXT = page title");
    await run("--context", "");
    expect(await here.read("wrangler.toml")).toContain('\nCONTEXT = ""');
  });

  it("refuses a word that it does not know", async () => {
    const { code, err } = await run("--context", "page titel");
    expect(code).toBe(2);
    expect(err).toContain("--context: Expected any of page title trail");
  });
});

describe("npm run setup in a terminal", () => {
  const openSetup = (): Terminal =>
    openTerminal(`${process.execPath} ${SETUP}`, {
      cwd: here.folder,
      env: noLogin(here.folder),
    });

  it("explains each word, and proposes the earlier choice", async () => {
    const first = openSetup();
    await first.until("The address");
    first.type(`${here.siteUrl}\r`);
    await first.until("Where is");
    first.type(`${DOWN}\r`);
    await first.until("The widget's snippet");
    await answerWidget(first);
    first.type("\r");
    await first.until("Where does it show that a visitor has agreed");
    first.type("\r");
    await first.until("What is the agent told");
    await first.until("error: message and file");
    first.type(` ${DOWN}${DOWN} \r`);
    await first.until("CONTEXT = page trail");
    await first.until("Do this now?");
    first.type("\r");
    expect(await first.exitCode).toBe(0);
    expect(await here.read("wrangler.toml")).toContain('\nCONTEXT = "page trail"');

    const second = openSetup();
    for (const question of ["The address", "Where is", "The widget's snippet", "Region"]) {
      await second.until(question);
      second.type("\r");
    }
    await acceptProposals(second);
    second.type("\r");
    expect(await second.exitCode).toBe(0);
    expect(await here.read("wrangler.toml")).toContain('\nCONTEXT = "page trail"');
  });
});
