import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildContactFlow } from "../../../src/cli/flow/contact-flow.ts";
import { buildIamPolicy } from "../../../src/cli/flow/iam-policy.ts";
import { listNeededActions } from "../../../src/cli/shared/needed-actions.ts";
import { findProblems, parseFlow } from "./flow-language.ts";
import { runCli } from "../run-cli.ts";
import { useFolder } from "../use-folder.ts";

const ROOT = join(import.meta.dirname, "../../..");
const INSTANCE = "11111111-2222-3333-4444-555555555555";
const REGION = "eu-central-1";

const ASKING = listNeededActions({ linkBy: "flow", endAbandoned: false });
const LINKING = listNeededActions({ linkBy: "worker", endAbandoned: false });
const ENDING = listNeededActions({ linkBy: "worker", endAbandoned: true });

const folder = useFolder();

const flow = (...args: string[]) => runCli("flow", args, { cwd: folder.path });

const configure = (...lines: string[]) =>
  writeFile(join(folder.path, "wrangler.toml"), ['name = "x"', ...lines].join("\n"));
const readWritten = async (name: string) => JSON.parse(await readFile(join(folder.path, ".connect", name), "utf8"));
const readFlow = () => readWritten("contact-flow.json");
const readPolicy = () => readWritten("iam-policy.json");
const isWritten = (name: string) => existsSync(join(folder.path, ".connect", name));

describe("npm run flow", () => {
  it("is this command", async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    expect(scripts.flow).toBe("node src/cli/flow/flow.ts");
  });

  it("writes with the delivered wrangler.toml a flow that can be imported, and no policy", async () => {
    await copyFile(join(ROOT, "wrangler.toml"), join(folder.path, "wrangler.toml"));
    const { code, out, err } = await flow();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(findProblems(parseFlow(await readFlow()))).toEqual([]);
    expect(await readFlow()).toEqual(buildContactFlow({ contactAttribute: "contactId" }));
    expect(isWritten("iam-policy.json")).toBe(false);
    expect(out).toContain("iam-policy.json: not written");
    expect(out).not.toContain("put-user-policy");
    expect(out).not.toContain("CONTEXT");
  });

  it("says how agents see what CONTEXT tells them", async () => {
    await configure("[vars]", 'CONTEXT = "page trail"');
    const { out } = await flow();
    expect(out).toContain("each chat has: chatPage, chatTrail.");
    expect(out).toContain("Set event flow");
  });

  it("refuses a CONTEXT that the Worker refuses", async () => {
    await configure("[vars]", 'CONTEXT = "pages"');
    expect(await flow()).toMatchObject({
      code: 2,
      err: expect.stringContaining("CONTEXT: expected any of page title"),
    });
  });

  it("reads the attribute, the region and the instance from wrangler.toml", async () => {
    await configure(
      "[vars]",
      'CONTACT_ATTRIBUTE = "past"',
      `CONNECT_REGION = "${REGION}"`,
      `CONNECT_INSTANCE_ID = "${INSTANCE}"`,
    );
    const { code, out } = await flow();
    expect(code).toBe(0);
    expect(await readFlow()).toEqual(buildContactFlow({ contactAttribute: "past" }));
    expect(await readPolicy()).toEqual(
      buildIamPolicy({ region: REGION, accountId: null, instanceId: INSTANCE }, ASKING),
    );
    expect(out).toContain("--account names one");
    expect(out).toContain("put-user-policy");
  });

  it("prefers an option to wrangler.toml, and an environment to the top level", async () => {
    await configure(
      "[vars]",
      'CONTACT_ATTRIBUTE = "past"',
      'CONNECT_REGION = "us-east-1"',
      "[env.test.vars]",
      'CONTACT_ATTRIBUTE = "tested"',
      'CONNECT_REGION = "us-west-2"',
    );
    const { code } = await flow("--env", "test", "--region", REGION, "--instance", INSTANCE, "--account=123456789012");
    expect(code).toBe(0);
    expect(await readFlow()).toEqual(buildContactFlow({ contactAttribute: "tested" }));
    expect(await readPolicy()).toEqual(
      buildIamPolicy({ region: REGION, accountId: "123456789012", instanceId: INSTANCE }, ASKING),
    );
  });

  it("writes no policy without an instance, as it would allow every instance", async () => {
    const { code } = await flow("--region", REGION, "--account", "123456789012");
    expect(code).toBe(0);
    expect(isWritten("iam-policy.json")).toBe(false);
  });

  describe("with LINK_BY=worker", () => {
    const settings = [
      "[vars]",
      'LINK_BY = "worker"',
      `CONNECT_REGION = "${REGION}"`,
      `CONNECT_INSTANCE_ID = "${INSTANCE}"`,
    ];
    const policyFor = (actions: typeof ASKING) =>
      buildIamPolicy({ region: REGION, accountId: null, instanceId: INSTANCE }, actions);

    it("writes the policy alone, and says that no flow is needed", async () => {
      await configure(...settings);
      const { code, out } = await flow();
      expect(code).toBe(0);
      expect(isWritten("contact-flow.json")).toBe(false);
      expect(await readPolicy()).toEqual(policyFor(LINKING));
      expect(out).toContain("No contact flow is needed");
      expect(out).toContain("put-user-policy");
      expect(out).not.toMatch(/import the file|StopContact/);
    });

    it("keeps a flow that is there", async () => {
      await configure(...settings);
      await mkdir(join(folder.path, ".connect"));
      await writeFile(join(folder.path, ".connect", "contact-flow.json"), '"of an earlier run"');
      await flow();
      expect(await readFlow()).toBe("of an earlier run");
    });

    it("allows StopContact with END_ABANDONED=1", async () => {
      await configure(...settings, 'END_ABANDONED = "1"');
      const { out } = await flow();
      expect(await readPolicy()).toEqual(policyFor(ENDING));
      expect(out).toContain("connect:StopContact");
    });

    it("prefers the options", async () => {
      await configure("[vars]", 'LINK_BY = "flow"');
      await flow("--link-by=worker", "--end-abandoned=1", "--region", REGION, "--instance", INSTANCE);
      expect(await readPolicy()).toEqual(policyFor(ENDING));
    });

    it("needs the region and the instance", async () => {
      const { code, err } = await flow("--link-by", "worker");
      expect([code, err]).toEqual([2, expect.stringMatching(/^CONNECT_REGION: expected .*\nCONNECT_INSTANCE_ID: /)]);
      expect(existsSync(join(folder.path, ".connect"))).toBe(false);
    });
  });

  it("refuses END_ABANDONED=1 where the contact flow links", async () => {
    const { code, err } = await flow("--end-abandoned", "1");
    expect([code, err]).toEqual([2, expect.stringContaining("END_ABANDONED: expected 0, or LINK_BY=worker as well")]);
  });

  it("names VISITOR_ATTRIBUTE where it is wrong", async () => {
    await configure("[vars]", 'VISITOR_ATTRIBUTE = "bad name"');
    const { code, err } = await flow();
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^VISITOR_ATTRIBUTE: expected letters, .*found "bad name"$/m),
    ]);
  });

  it("names every wrong setting at once, and writes nothing", async () => {
    await configure("[vars]", 'CONTACT_ATTRIBUTE = "past id"');
    const { code, err } = await flow("--region", "here", "--instance", "mine", "--account", "1", "--link-by", "us");
    expect(code).toBe(2);
    expect(err.split("\n")).toEqual([
      expect.stringMatching(/^CONTACT_ATTRIBUTE: expected letters, digits, - and _ .*found "past id"$/),
      '--link-by: expected flow or worker, found "us"',
      '--region: expected an AWS region such as eu-central-1, found "here"',
      `--instance: expected the instance id, a UUID: the end of the instance's ARN, found "mine"`,
      '--account: expected an AWS account id of 12 digits, found "1"',
      "Help: npm run flow -- --help",
      "",
    ]);
    expect(isWritten("contact-flow.json")).toBe(false);
  });

  it.each([
    ["the key of a fixed attribute", ["--contact-attribute", "chatContinue"]],
    ["the key of the visitor attribute", ["--contact-attribute", "persistentChatVisitor"]],
    ["an unknown environment", ["--env", "nowhere"]],
    ["an unknown option", ["--acount", "123456789012"]],
    ["an option without its value", ["--region"]],
    ["an argument that is no option", ["import"]],
  ])("refuses %s with exit code 2", async (_, args) => {
    const { code, err } = await flow(...args);
    expect(code).toBe(2);
    expect(err).toContain("Help: npm run flow -- --help");
    expect(isWritten("contact-flow.json")).toBe(false);
  });

  it("fails with exit code 1 when it cannot write", async () => {
    await writeFile(join(folder.path, ".connect"), "");
    const { code, err } = await flow();
    expect(code).toBe(1);
    expect(err).toContain(".connect");
  });

  it("explains its options", async () => {
    const { code, out } = await flow("--help");
    expect(code).toBe(0);
    for (const option of ["link-by", "end-abandoned", "contact-attribute", "region", "instance", "account", "env"]) {
      expect(out).toContain(`--${option} <`);
    }
    expect(isWritten("contact-flow.json")).toBe(false);
  });
});
