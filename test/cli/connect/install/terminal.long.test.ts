import { describe, expect, it } from "vitest";
import { buildContactFlow } from "../../../../src/cli/flow/contact-flow.ts";
import { toArn } from "../../../playground/connect/console/access.ts";
import { buildFlow } from "../../../playground/connect/console/aws-console.ts";
import { access } from "../../../playground/playground.ts";
import { NAME, useInstall } from "./use-install.ts";

const runs = useInstall();
const DOWN = "\u001b[B";

const salesId = "9a7d3c51-1111-4222-8333-444455556666";
const addQueue = () => runs.connect.console.queues.push({ id: salesId, name: "Sales", type: "STANDARD" });
const addSite = () => {
  const queue = { arn: toArn(access, "queue", runs.connect.console.queues[0]?.id ?? ""), name: "BasicQueue" };
  const { Actions, StartAction, Version } = buildContactFlow({ contactAttribute: "contactId", queue });
  // Without our four blocks.
  const [setQueue, , , , , ...others] = JSON.parse(
    JSON.stringify(Actions).replaceAll("Continue a past chat", "Go on to the queue"),
  );
  return runs.addFlow("Website chat", { Version, StartAction, Actions: [setQueue, ...others] });
};

describe("npm run connect -- install in a terminal", () => {
  it("offers the queues, and makes the flow with the chosen one", async () => {
    addQueue();
    const { exitCode, type, until } = runs.open();
    await until("In which queue do the chats wait for an agent?");
    type(`${DOWN}\r`);
    await until("to the queue Sales");
    expect(await exitCode).toBe(0);
    expect(runs.made?.published).toContain(salesId);
  });

  it("makes nothing when the owner leaves the question", async () => {
    addQueue();
    const { exitCode, interrupt, until } = runs.open();
    await until("In which queue");
    interrupt();
    await until("Nothing was changed.");
    expect(await exitCode).toBe(1);
    expect(runs.changes).toEqual([]);
  });

  it("takes over the flow of another run that was faster", async () => {
    addQueue();
    const { exitCode, type, until } = runs.open();
    await until("In which queue");
    const queue = { arn: toArn(access, "queue", salesId), name: "Sales" };
    const content = JSON.stringify(buildContactFlow({ contactAttribute: "contactId", queue }));
    const twin = { ...buildFlow(NAME, content), tags: { "persistent-chat-edge": "install" } };
    runs.connect.console.flows.push(twin);
    type("\r");
    expect(await exitCode).toBe(0);
    expect(twin.published).not.toBeNull();
    expect(runs.connect.console.flows.filter(({ name }) => name === NAME)).toHaveLength(1);
  });

  it("shows the change in colours, and publishes it after a yes", async () => {
    const flow = addSite();
    const before = flow.published;
    const { exitCode, output, type, until } = runs.open("--into", "Website chat");
    await until("+ Entry → Continue a past chat");
    await until("Publish this?");
    expect(flow.published).toBe(before);
    expect(output()).toContain("\u001b[32m  + Entry → Continue a past chat\u001b[39m");
    expect(output()).toContain("\u001b[31m  - Entry → Set the queue\u001b[39m");
    type("y");
    await until('Published: the flow "Website chat", with the four blocks');
    expect(await exitCode).toBe(0);
    expect(flow.published).not.toBe(before);
  });

  it("publishes nothing after a no", async () => {
    addSite();
    const { exitCode, type, until } = runs.open("--into", "Website chat");
    await until("Publish this?");
    type("n");
    await until("Nothing was changed.");
    expect(await exitCode).toBe(1);
    expect(runs.changes).toEqual([]);
  });

  it("publishes nothing where somebody changes the flow while it asks", async () => {
    const flow = addSite();
    const { exitCode, type, until } = runs.open("--into", "Website chat");
    await until("Publish this?");
    flow.saved = flow.published = flow.saved.replace("Sorry, nobody", "Nobody");
    type("y");
    await until('Somebody has changed the flow "Website chat" meanwhile');
    expect(await exitCode).toBe(1);
    expect(runs.changes).toEqual([]);
  });

  it.each([
    ["keeps a flow that Connect does not take, when the owner wants to look at it", "y", true],
    ["takes it back otherwise", "\r", false],
  ])("%s", async (_what, answer, isKept) => {
    const { queues } = runs.connect.console;
    const forget = setInterval(() => runs.made && queues.splice(0), 5);
    const { exitCode, type, until } = runs.open();
    await until(`Keep the flow "${NAME}" saved`);
    clearInterval(forget);
    type(answer);
    await until(isKept ? "is saved, and not published" : "is taken back");
    expect(await exitCode).toBe(1);
    expect(runs.made !== undefined).toBe(isKept);
  });

  it("asks before it deletes", async () => {
    await runs.install();
    const { exitCode, type, until } = runs.open("--remove");
    await until("Delete it?");
    expect(runs.made).toBeDefined();
    type("y");
    await until("Taken back");
    expect(await exitCode).toBe(0);
    expect(runs.made).toBeUndefined();
  });
});
