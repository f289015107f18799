import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { NAME, useInstall } from "./use-install.ts";

const runs = useInstall();

/** A flow of an earlier run, not published, which the owner has worked on. */
async function leave(change: (content: string) => string) {
  await runs.install();
  const flow = runs.made;
  if (flow === undefined) throw new Error("expected a flow");
  flow.saved = change(flow.saved);
  flow.published = null;
  runs.connect.ownerCalls.length = 0;
  return flow;
}
const reword = (content: string) => content.replace("Sorry, nobody", "Nobody");
const breakQueue = (content: string) => content.replace("/queue/", "/queue/gone-");
const withoutQueue = (content: string) => content.replace("UpdateContactTargetQueue", "Loop");

describe("npm run connect -- install, where a flow of an earlier run is not published", () => {
  it("publishes what the owner has changed after a yes alone, and keeps it in a file", async () => {
    const flow = await leave(reword);
    const { saved } = flow;
    const asked = await runs.install();
    expect(asked).toMatchObject({ code: 2, err: expect.stringContaining("give --yes") });
    expect(asked.out).toContain("+ Say that nobody can be reached: Text is Nobody can be reached at the moment.");
    expect(runs.changes).toEqual([]);
    expect(await runs.listBackups()).toEqual([]);

    expect(await runs.install("--yes")).toMatchObject({ code: 0 });
    expect(flow.published).toContain("Nobody can be reached");
    const [file = ""] = await runs.listBackups();
    expect(await readFile(file, "utf8")).toBe(saved);
  });

  it("goes on without a question where nobody has changed it, in either spelling", async () => {
    const flow = await leave((content) => content.replaceAll("ENTIRE_PAST_SESSION", "Entire Past Session"));
    expect(await runs.install()).toMatchObject({ code: 0 });
    expect(flow.published).not.toBeNull();
    expect(await runs.listBackups()).toEqual([]);
  });

  it("leaves it saved where Connect refuses it", async () => {
    const flow = await leave(breakQueue);
    const { saved } = flow;
    const { code, err } = await runs.install("--yes");
    expect(code).toBe(1);
    expect(err).toContain(`the flow "${NAME}" is saved, and not published. Mend it in Connect`);
    expect(runs.made).toMatchObject({ saved, published: null });
  });

  it("never deletes it on Ctrl-C", async () => {
    await leave((content) => content);
    runs.connect.actionHealth.set("UpdateContactFlowContent", "late");
    const { code, err } = await runs.interrupt([], () => {
      const isCalled = runs.changes.length > 0;
      if (isCalled) runs.connect.actionHealth.clear();
      return isCalled;
    });
    expect(code).toBe(1);
    expect(err).toContain(`Stopped: the flow "${NAME}" of an earlier run stays, and Connect may have published it`);
    expect(runs.made).toBeDefined();
  });

  it("says why --queue cannot be set in it", async () => {
    await leave(withoutQueue);
    const { code, err } = await runs.install("--queue", "BasicQueue", "--yes");
    expect(code).toBe(1);
    expect(err).toContain("it has not exactly one block Set working queue: set the queue in Connect.");
    expect(runs.changes).toEqual([]);
  });
});
