import { describe, expect, it, vi } from "vitest";
import { accessSettings, widgetId } from "../../../playground/playground.ts";
import { type RehearsalResult, runRehearsal, type Staging } from "./run-rehearsal.ts";

vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 });

/** A rehearsal that must not start a chat. */
async function refuse(staging: Staging): Promise<RehearsalResult> {
  const result = await runRehearsal(staging);
  expect(result.contacts).toEqual([]);
  expect(result.report).toBeNull();
  return result;
}

describe.concurrent("npm run connect -- rehearse, where it cannot", () => {
  it("says that no Worker answers at the address", async () => {
    const { code, err } = await refuse({ site: "http://localhost:9" });
    expect(err).toContain("No Worker answers at http://localhost:9/_chat/health: deploy it");
    expect(code).toBe(2);
  });

  it("says that the Worker is switched off", async () => {
    const { code, err } = await refuse({ vars: { MODE: "off" } });
    expect(err).toMatch(/The live Worker is switched off.*MODE = "on"/);
    expect(code).toBe(1);
  });

  it("asks for the snippet", async () => {
    const { code, err } = await refuse({ devVars: { WIDGET_SNIPPET: "" } });
    expect(err).toContain("needs the widget's snippet: run npm run setup");
    expect(code).toBe(2);
  });

  it("says what to do where the pages carry the widget", async () => {
    const { code, err } = await refuse({ devVars: { WIDGET_SNIPPET: "page", WIDGET_ID: widgetId } });
    expect(err).toMatch(/is the word page.*try it by hand/);
    expect(code).toBe(2);
  });

  it("says that the live Worker has another CONTACT_ATTRIBUTE", async () => {
    const { code, err } = await refuse({ vars: { CONTACT_ATTRIBUTE: "pastChat" } });
    expect(err).toContain("has no attribute contactId: it has another CONTACT_ATTRIBUTE");
    expect(code).toBe(1);
  });

  it("names every action that the login may not take, before a chat is started", async () => {
    const { code, err } = await refuse({
      prepare({ connect }) {
        connect.console.deniedToOwner.add("connect:StopContact").add("connect:DescribeContact");
      },
    });
    expect(err).toContain("Your AWS login may not call connect:DescribeContact, connect:StopContact: allow it");
    expect(code).toBe(1);
  });

  it("refuses the Worker's own key", async () => {
    const { code, err } = await refuse({ env: accessSettings });
    expect(err).toContain("This AWS login is the Worker's own key");
    expect(code).toBe(2);
  });

  it("does not start where nobody can be asked", async () => {
    const { code, err, out } = await refuse({ isAsked: true });
    expect(out).toContain('customer named "Rehearsal"');
    expect(err).toContain("give --yes");
    expect(code).toBe(2);
  });

  it("says that the site is not allowed", async () => {
    const result = await runRehearsal({
      prepare({ connect }) {
        connect.allowedOrigins.splice(0);
      },
    });
    expect(result.err).toMatch(
      /refuses to start a chat \(400\): add http:\/\/localhost:\d+ to the widget's allowed domains/,
    );
    expect(result.out).toContain("Cleaned up");
    expect(result.code).toBe(1);
    expect(result.contacts).toEqual([]);
  });

  it("says that the security key is wrong", async () => {
    const result = await runRehearsal({
      vars: { WIDGET_SECURITY_KEY: "another-widget-security-key-of-44-characters" },
    });
    expect(result.err).toContain("Connect refuses the Worker's token (401): the Worker's WIDGET_SECURITY_KEY");
    expect(result.code).toBe(1);
    expect(result.contacts).toEqual([]);
  });
});
