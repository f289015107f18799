import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { NAME, useInstall } from "./use-install.ts";

const runs = useInstall();

describe("npm run connect -- install --remove", () => {
  it("deletes the flow that install has made, after --yes alone", async () => {
    await runs.install();
    expect(await runs.install("--remove")).toMatchObject({ code: 2, err: expect.stringContaining("give --yes") });
    expect(runs.made).toBeDefined();
    const { code, out } = await runs.install("--remove", "--yes");
    expect(code).toBe(0);
    expect(out).toContain(`Taken back: the flow "${NAME}"`);
    expect(out).not.toContain("not as install wrote it");
    expect(runs.made).toBeUndefined();
    expect(await runs.install("--remove", "--yes")).toMatchObject({
      code: 0,
      out: expect.stringContaining("nothing was changed"),
    });
  });

  it("keeps what the owner has added to it in a file, and says that it was changed", async () => {
    await runs.install();
    const flow = runs.made;
    if (flow === undefined) throw new Error("expected a flow");
    flow.published = flow.saved.replace("Sorry, nobody", "Nobody");
    flow.saved = flow.saved.replace("Sorry, nobody", "No one");
    const { published, saved } = flow;
    const { code, out } = await runs.install("--remove", "--yes");
    expect(code).toBe(0);
    expect(out).toContain("it is not as install wrote it: somebody has changed it since.");
    const files = await runs.listBackups();
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
    expect(texts.toSorted()).toEqual([published, saved].toSorted());
  });

  it("says where to look when Connect keeps a flow that is used", async () => {
    await runs.install();
    runs.connect.console.widgetFlowId = runs.made?.id ?? "";
    const { code, err } = await runs.install("--remove", "--yes");
    expect(code).toBe(1);
    expect(err).toContain(
      `Connect keeps the flow "${NAME}", since something uses it: choose another flow in the widget's`,
    );
    expect(runs.made).toBeDefined();
  });

  it("never deletes a flow that install has not made", async () => {
    runs.addFlow(NAME, { StartAction: "a", Actions: [] });
    expect(await runs.install("--remove", "--yes")).toMatchObject({
      code: 1,
      err: expect.stringContaining("has not made"),
    });
    expect(runs.made).toBeDefined();
  });
});
