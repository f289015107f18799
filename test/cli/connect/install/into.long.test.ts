import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildContactFlow } from "../../../../src/cli/flow/contact-flow.ts";
import { toArn } from "../../../playground/connect/console/access.ts";
import { clock, pastChat, startLinked } from "../../../playground/connect/testing/with-connect.ts";
import { access } from "../../../playground/playground.ts";
import { addSiteTo, SITE } from "./site-flow.ts";
import { useInstall } from "./use-install.ts";

const runs = useInstall();
const addSite = (changes = {}) => addSiteTo(runs, changes);
const listBackups = async () => {
  const names = await readdir(join(runs.folder, ".connect")).catch(() => []);
  return names.filter((name) => name.startsWith("flow-before-"));
};

describe("npm run connect -- install --into", () => {
  it.each(["api", "label"] as const)("shows the change, keeps the flow before, and links chats (%s)", async (form) => {
    runs.connect.switches.rehydrationTypeForm = form;
    const flow = addSite();
    const before = flow.published;
    const { code, err, out } = await runs.install("--into", SITE, "--yes");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out)
      .toContain(`The flow "${SITE}" would change: 4 new blocks go between Entry and "Continue a past chat". No block of yours is removed.
Details:
  - Entry → Continue a past chat
  + Entry → Continue a past chat 2
  + Continue a past chat 2: → Continue a past chat; wait → Wait for its transcript; now → Link the newest chat
  + Wait for its transcript: → Link the newest chat
  + Link the newest chat: → Continue a past chat; NoMatchingError → Link the chat before it
  + Link the chat before it: → Continue a past chat
`);
    expect(out).not.toContain("\u001b");
    expect(out).toContain(`To undo: npm run connect -- install --into "${SITE}" --remove`);
    const [backup = "", ...others] = await listBackups();
    expect(others).toEqual([]);
    expect(out).toContain(join(".connect", backup));
    expect(await readFile(join(runs.folder, ".connect", backup), "utf8")).toBe(before);

    runs.connect.console.widgetFlowId = flow.id;
    const first = await pastChat(runs.connect, "one");
    clock.now = Math.floor(Date.now() / 1000);
    expect((await startLinked(runs.connect, first)).relatedContactId).toBe(first);
  });

  it("changes nothing when the blocks are in already", async () => {
    const flow = addSite();
    await runs.install("--into", flow.id, "--yes");
    const published = flow.published;
    runs.connect.ownerCalls.length = 0;
    const { code, out } = await runs.install("--into", toArn(access, "contact-flow", flow.id));
    expect(code).toBe(0);
    expect(out).toContain("has the blocks already: nothing was changed");
    expect(out).toContain(`If the widget does not use this flow yet: choose "${SITE}" in Connect`);
    expect(out).not.toContain("Left to do");
    expect(runs.changes).toEqual([]);
    expect(flow.published).toBe(published);
    expect(await listBackups()).toHaveLength(1);
  });

  it("takes the blocks out again with --remove: the content is the very same", async () => {
    const flow = addSite();
    const before = flow.published;
    await runs.install("--into", SITE, "--yes");
    const { code, out } = await runs.install("--remove", "--into", SITE, "--yes");
    expect(code).toBe(0);
    expect(out).toContain("+ Entry → Continue a past chat\n");
    expect(flow.published).toBe(before);
    expect(await runs.install("--remove", "--into", SITE)).toMatchObject({
      code: 0,
      out: expect.stringContaining("does not have the blocks: nothing was changed"),
    });
  });

  it("says that the blocks are in it a second time", async () => {
    const flow = addSite();
    await runs.install("--into", SITE, "--yes");
    const once = JSON.parse(flow.saved);
    const second = JSON.parse(flow.saved.replaceAll(/Continue a past chat 2|Wait for|Link the/g, "Second $&"));
    const ours = second.Actions.filter(({ Identifier }: { Identifier: string }) => Identifier.startsWith("Second"));
    flow.saved = flow.published = JSON.stringify({ ...once, Actions: [...once.Actions, ...ours] });
    const { out } = await runs.install("--remove", "--into", SITE, "--yes");
    expect(out).toContain("4 blocks of install are removed. No block of yours is removed.");
    expect(out).toContain("The flow has these blocks a second time: repeat this command");
    expect((await runs.install("--remove", "--into", SITE, "--yes")).out).not.toContain("a second time");
  });

  it("writes out a line end in a name, and names the flow by its id in a command", async () => {
    const name = "Sales\nPublished: $(all)";
    const flow = addSite({ name });
    const { code, out } = await runs.install("--into", flow.id, "--yes");
    expect(code).toBe(0);
    expect(out).not.toMatch(/^Published: \$/m);
    expect(out).toContain(String.raw`The flow "Sales\u000aPublished: $(all)" would change`);
    expect(out).toContain(`--into ${flow.id} --remove`);
  });

  it("leaves a flow alone with a number that would become another", async () => {
    const flow = addSite();
    flow.saved = flow.published = flow.saved.replace("150", "12345678901234567890");
    const { code, err } = await runs.install("--into", SITE, "--yes");
    expect(code).toBe(1);
    expect(err).toContain("it has the number 12345678901234567890, which this command would not keep");
    expect(runs.changes).toEqual([]);
  });

  it("stops where somebody has saved changes that are not published", async () => {
    const flow = addSite();
    flow.saved = flow.saved.replace("Hello", "Good morning");
    const { code, err } = await runs.install("--into", SITE, "--yes");
    expect(code).toBe(1);
    expect(err).toContain(`The flow "${SITE}" has saved changes that are not published`);
    expect(runs.changes).toEqual([]);
  });

  it("takes no offence at Connect's own note that the content is saved", async () => {
    const flow = addSite();
    flow.saved = flow.saved.replace('"name":', '"status":"saved","name":');
    expect(await runs.install("--into", SITE, "--yes")).toMatchObject({ code: 0 });
  });

  it("leaves the flow as it was where Connect finds it invalid, with Connect's words", async () => {
    const flow = addSite();
    flow.saved = flow.published = flow.saved.replace("queue/", "queue/gone-");
    const before = flow.published;
    const { code, err, out } = await runs.install("--into", SITE, "--yes");
    expect(code).toBe(1);
    expect(out).toContain('Block "Queue": QueueId is no queue of this instance.');
    expect(err).toContain(`Connect takes neither spelling of RehydrationType: the flow "${SITE}" stays as it was`);
    expect(flow.published).toBe(before);
  });

  it("says nothing of spellings where Connect refuses the flow without the blocks", async () => {
    const flow = addSite();
    await runs.install("--into", SITE, "--yes");
    flow.saved = flow.published = flow.saved.replace("queue/", "queue/gone-");
    const { err, out } = await runs.install("--remove", "--into", SITE, "--yes");
    expect(err).toContain(`Connect refuses the flow: the flow "${SITE}" stays as it was`);
    expect(out).toContain("Connect refuses the flow:\n");
    expect(out).not.toContain('RehydrationType "');
  });

  it("gives the flow back as it was on Ctrl-C while Connect publishes", async () => {
    const flow = addSite();
    const before = flow.published;
    runs.connect.actionHealth.set("UpdateContactFlowContent", "late");
    const { code, err } = await runs.interrupt(["--into", SITE, "--yes"], () => {
      const isCalled = flow.published !== before;
      if (isCalled) runs.connect.actionHealth.clear();
      return isCalled;
    });
    expect(code).toBe(1);
    expect(err).toContain(`Stopped: the flow "${SITE}" is again as it was.`);
    expect(flow).toMatchObject({ published: before, saved: before });
  });

  it("names the flow when the network drops, and what the next run does", async () => {
    addSite();
    runs.connect.actionHealth.set("UpdateContactFlowContent", "down");
    const { code, err } = await runs.install("--into", SITE, "--yes");
    expect(code).toBe(1);
    expect(err).toContain("The network broke off at connect:UpdateContactFlowContent");
    expect(err).toContain(`The flow "${SITE}" may have changed`);
  });

  it.each<[string, () => unknown, string, string]>([
    ["of no such name", () => null, "Nothing", 'the instance has no flow "Nothing", and a module is no flow'],
    ["that is archived", () => addSite({ state: "ARCHIVED" }), SITE, `the flow "${SITE}" is archived: restore it`],
    [
      "of another type",
      () => addSite({ type: "AGENT_WHISPER" }),
      SITE,
      `"${SITE}" is a flow of the type agent whisper: name an inbound flow`,
    ],
    ["that has a twin", () => [addSite(), addSite()], SITE, "2 flows are named"],
    [
      "that is a module",
      () => null,
      `arn:aws:connect:${access.region}:123456789012:instance/${access.instanceId}/flow-module/m`,
      "this is a module",
    ],
  ])("refuses a flow %s", async (_what, plant, name, sentence) => {
    plant();
    const { code, err } = await runs.install("--into", name, "--yes");
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(runs.changes).toEqual([]);
  });

  it.each<[string, () => unknown, string]>([
    ["that was never published", () => addSite({ published: null }), "was never published"],
    ["that cannot be read", () => runs.addFlow(SITE, []), "Connect's answer is no flow"],
    [
      "with a link of its own",
      () => {
        const own = buildContactFlow({ contactAttribute: "contactId" });
        runs.addFlow(SITE, { ...own, Actions: own.Actions.slice(1), StartAction: "Link the newest chat" });
      },
      "it has a block that links chats already (Link the newest chat, Link the chat before it)",
    ],
  ])("leaves a flow alone %s", async (_what, plant, sentence) => {
    plant();
    const { code, err } = await runs.install("--into", SITE, "--yes");
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(runs.changes).toEqual([]);
  });

  it("asks nothing without a terminal, and changes nothing without --yes", async () => {
    addSite();
    const { code, err, out } = await runs.install("--into", SITE);
    expect(code).toBe(2);
    expect(out).toContain("would change");
    expect(err).toContain("give --yes");
    expect(runs.changes).toEqual([]);
    expect(await listBackups()).toEqual([]);
  });
});
