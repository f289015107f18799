import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answerFirst, answerWidget } from "./answer.ts";
import { noLogin } from "./no-aws-login.ts";
import { openTerminal } from "./terminal.ts";
import { useSetup } from "./use-setup.ts";

const INSTANCE = "11111111-2222-4333-8444-555555555555";
const AWS_KEY = "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE00\nAWS_SECRET_ACCESS_KEY=example\n";
const SETUP = join(import.meta.dirname, "../../../src/cli/setup/setup.ts");

const here = useSetup();

describe("npm run setup -- --yes --link-by worker", () => {
  const instance = ["--region", "eu-central-1", "--instance", INSTANCE];
  const args = ["--snippet", "snippet.html", ...instance, "--link-by", "worker"];

  it("writes the policy in place of the flow, and names the AWS key that is missing", async () => {
    const { code, out, err } = await here.setup({ args });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(await here.read("wrangler.toml")).toContain('\nLINK_BY = "worker"');
    expect(await here.read(".connect/iam-policy.json")).toContain("connect:CreatePersistentContactAssociation");
    await expect(here.read(".connect/contact-flow.json")).rejects.toThrow("ENOENT");
    expect(out).toContain("No contact flow is needed");
    expect(out).toContain("put-user-policy");
    expect(out).not.toContain("import the file");
    expect(out).toMatch(/secret put AWS_ACCESS_KEY_ID\n.*secret put AWS_SECRET_ACCESS_KEY\n[^]*npm run deploy/);
    expect(out).toContain('END_ABANDONED = "1"');
  });

  it("stays the answer in later runs, until another is given", async () => {
    await here.setup({ args, isLoggedIn: false });
    const plan = async (...options: string[]) =>
      (await here.setup({ args: ["--snippet", "snippet.html", "--dry-run", ...options], isLoggedIn: false })).out;
    expect(await plan()).toContain("LINK_BY = worker");
    expect(await plan("--link-by", "flow")).toContain("LINK_BY = flow");
  });

  it("sends Cloudflare the AWS key in .dev.vars", async () => {
    await writeFile(join(here.folder, ".dev.vars"), AWS_KEY);
    const { out } = await here.setup({ args });
    expect(here.cloudflare.secrets.get("AWS_SECRET_ACCESS_KEY")).toBe("example");
    expect(out).not.toContain("secret put");
  });

  it("needs the instance, and knows its two answers", async () => {
    const refuse = async (answer: string) =>
      (await here.setup({ args: ["--snippet", "snippet.html", "--link-by", answer], isLoggedIn: false })).err;
    expect(await refuse("worker")).toContain("--link-by: Expected flow, or the region and the instance");
    const { err } = await here.setup({
      args: ["--snippet", "snippet.html", "--consent-cookie", "tcf:12"],
      isLoggedIn: false,
    });
    expect(err).toContain("--consent-cookie: Expected purposes of the TCF");
    expect(await refuse("us")).toContain('--link-by: Expected flow or worker, found "us".');
  });
});

describe("npm run setup in a terminal", () => {
  it("asks who links the chats where the Worker has an AWS key, and proposes the Worker", async () => {
    await writeFile(join(here.folder, ".dev.vars"), AWS_KEY);
    const terminal = openTerminal(`${process.execPath} ${SETUP}`, {
      cwd: here.folder,
      env: noLogin(here.folder),
    });
    await answerFirst(terminal, here.siteUrl);
    await answerWidget(terminal);
    terminal.type("eu-central-1\r");
    await terminal.until("Id of the instance");
    terminal.type(`${INSTANCE}\r`);
    await terminal.until("Who links a new chat to the past one?");
    terminal.type("\r");
    await terminal.until("Where does it show that a visitor has agreed");
    terminal.type("page\r");
    await terminal.until("What is the agent told");
    terminal.type("\r");
    await terminal.until("LINK_BY = worker");
    await terminal.until("CONSENT_COOKIE = page");
    await terminal.until("Do this now?");
    terminal.type("\r");
    await terminal.until("No contact flow is needed");
    expect(await terminal.exitCode).toBe(0);
    expect(await here.read("wrangler.toml")).toContain('\nLINK_BY = "worker"');
  });
});
