import { copyFile, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { settings } from "../../worker/settings.ts";
import { startWorker } from "../../worker/start-worker.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../worker/visitor-client.ts";
import { runCli } from "../run-cli.ts";
import { useFolder } from "../use-folder.ts";

const ROOT = join(import.meta.dirname, "../../..");
const KV = "kv";

const folder = useFolder();
beforeEach(() => copyFile(join(ROOT, "wrangler.toml"), join(folder.path, "wrangler.toml")));

const visitor = (...args: string[]) => runCli("visitor", args, { cwd: folder.path });
const visitorHere = (...args: string[]) => visitor(...args, "--local", "--persist-to", KV);

/** Starts a Worker with the KV in the test's folder. */
async function withWorker<T>(use: (origin: string) => Promise<T>): Promise<T> {
  const worker = await startWorker({ vars: settings, persistTo: join(folder.path, KV) });
  try {
    return await use(worker.origin);
  } finally {
    await worker.close();
  }
}

async function attributesOf(client: VisitorClient): Promise<Record<string, string>> {
  return claimsOf((await client.token()).token).attributes;
}

describe("npm run visitor", () => {
  it("is this command", async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    expect(scripts.visitor).toBe("node src/cli/visitor/visitor.ts");
  });

  it("shows and forgets a visitor, and the Worker then has no history", { timeout: 120_000 }, async () => {
    const toml = join(folder.path, "wrangler.toml");
    const instanceId = "5b6a2f0c-1d2e-4f3a-8b9c-0a1b2c3d4e5f";
    const settled = (await readFile(toml, "utf8"))
      .replace('CONNECT_REGION = ""', 'CONNECT_REGION = "eu-central-1"')
      .replace('CONNECT_INSTANCE_ID = ""', `CONNECT_INSTANCE_ID = "${instanceId}"`);
    await writeFile(toml, settled);
    const contactId = crypto.randomUUID();
    const { cookie, visitorKey } = await withWorker(async (origin) => {
      const client = createVisitorClient(origin);
      const { ticket, token } = await client.token();
      expect((await client.report({ ticket, contactId })).status).toBe(201);
      expect(await attributesOf(client)).toMatchObject({ contactId });
      return { cookie: client.cookie, visitorKey: claimsOf(token).attributes["persistentChatVisitor"] ?? "" };
    });

    const shown = await visitorHere("show", contactId, "--json");
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(shown.out)).toMatchObject({ visitorKey, forgottenAt: null, contactIds: [contactId] });

    const forgotten = await visitorHere("forget", visitorKey, "--yes", "--no-wait");
    expect(forgotten).toMatchObject({ code: 0, err: "" });
    expect(forgotten.out).toContain(`contact id ${contactId}`);
    const describeContact = `aws connect describe-contact --region eu-central-1 --instance-id ${instanceId} --contact-id ${contactId} `;
    expect(forgotten.out).toContain(describeContact);
    expect(forgotten.out).not.toContain("Checking again");

    const receipts = join(folder.path, ".connect/receipts");
    const [name = ""] = await readdir(receipts);
    expect(name).toMatch(new RegExp(String.raw`^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-${visitorKey.slice(0, 8)}\.json$`));
    expect(forgotten.out).toContain(name);
    const receipt = JSON.parse(await readFile(join(receipts, name), "utf8"));
    expect(receipt).toMatchObject({ visitorKey, store: "VISITORS, local", erased: { contactIds: [contactId] } });
    expect(receipt.leftAtAmazon.commands).toEqual([expect.stringContaining(describeContact)]);
    expect((await stat(join(receipts, name))).mode & 0o777).toBe(0o600);
    expect((await stat(receipts)).mode & 0o777).toBe(0o700);

    const after = JSON.parse((await visitorHere("show", visitorKey, "--json")).out);
    expect(after).toMatchObject({ forgottenAt: receipt.erasedAt, contactIds: [], sessions: [], owned: 1 });

    await withWorker(async (origin) => {
      const client = createVisitorClient(origin);
      client.cookie = cookie;
      const attributes = await attributesOf(client);
      expect(attributes).toMatchObject({ contactId: "none", chatContinue: "none" });
      expect(attributes["persistentChatVisitor"]).not.toBe(visitorKey);
    });
  });

  it("ends with code 3 when KV holds nothing of the visitor", async () => {
    const { code, out, err } = await visitorHere("forget", "nobody-had-this", "--yes");
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain("nobody-had-this");
  });

  it("ends with code 1 and the message of wrangler, without a stack", async () => {
    await writeFile(join(folder.path, "wrangler.toml"), 'name = "x"');
    const { code, out, err } = await visitor("show", "chat-1", "--local");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^Cannot read a contact's owner: No KV namespaces are configured[^\n]*\n$/);
  });

  it.each([
    ["no command", [], "Expected show or forget, found nothing"],
    ["an unknown command", ["remove", "chat-1"], 'found "remove"'],
    ["no visitor", ["show"], "Expected one contact id or value of the visitor attribute, found nothing"],
    ["two visitors", ["show", "chat-1", "chat-2"], 'found "chat-1" "chat-2"'],
    ["a text that is no contact id", ["show", "two words"], 'found "two words"'],
    ["an unknown option", ["show", "chat-1", "--nope"], "--nope"],
    ["--local with --remote", ["show", "chat-1", "--local", "--remote"], "exclude each other"],
    ["--persist-to without --local", ["show", "chat-1", "--persist-to", "kv"], "goes with --local"],
    ["--json with forget", ["forget", "chat-1", "--json"], "--json goes with show"],
    ["forget without --yes and without a terminal", ["forget", "chat-1", "--local"], "repeat with --yes"],
  ])("refuses %s with code 2", async (_what, args, message) => {
    const { code, out, err } = await visitor(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  it("prints its usage", async () => {
    const { code, out } = await visitor("--help");
    expect(code).toBe(0);
    expect(out).toContain("show|forget");
  });
});
