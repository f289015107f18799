import { describe, expect, it, vi } from "vitest";
import { observe } from "../../../worker/instrumented.ts";
import {
  access,
  accessSettings,
  ownerAccess,
  securityKey,
  snippetId,
  widgetId,
} from "../../../playground/playground.ts";
import { readState, type RehearsalResult, runRehearsal } from "./run-rehearsal.ts";

// Each test has a Worker, a stand-in and a process of its own: more at once would only wait for each other.
vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 });

const HISTORY = "The second chat had the first one's history";
const NO_HISTORY = "The second chat did not have the first one's history.";

/** Everything that no report may have. */
function listSecrets({ contacts }: RehearsalResult): string[] {
  const ids = contacts.flatMap(({ attributes, contactId, pageOrigin }) => [
    contactId,
    pageOrigin,
    new URL(pageOrigin).host,
    ...Object.values(attributes).filter((value) => value.length > 10),
  ]);
  const known = [access.instanceId, ownerAccess.accessKeyId, ownerAccess.secretAccessKey, securityKey, snippetId];
  return [...ids, ...known, ...Object.values(accessSettings), widgetId, "123456789012", "eyJ"].filter(
    (text) => text !== access.region,
  );
}

const isLive = ({ contacts }: RehearsalResult) => contacts.some(({ live }) => live);

describe.concurrent("npm run connect -- rehearse, with LINK_BY=flow", () => {
  it("finds the history in the second chat, and leaves nothing but a report without ids and secrets", async () => {
    let sessions: unknown[] = [];
    const result = await runRehearsal({
      async meanwhile({ playground, until }) {
        await until("Cleaned up");
        const { stored } = await observe(playground.worker);
        const visitors = Object.entries(stored).filter(([key]) => key.startsWith("visitor:"));
        sessions = visitors.flatMap(([, { value }]) => JSON.parse(value).sessions);
        expect(visitors.length).toBeGreaterThan(0);
      },
    });
    expect(result.err).toBe("");
    expect(result.out).toContain(HISTORY);
    expect(result.code).toBe(0);
    expect(result.report).toContain(`**${HISTORY}`);
    for (const secret of listSecrets(result)) expect(result.report).not.toContain(secret);
    for (const { contactId } of result.contacts) expect(result.out).not.toContain(contactId);
    expect(result.report).not.toMatch(/NOT as expected/);
    expect(result.contacts).toHaveLength(3);
    expect(isLive(result)).toBe(false);
    expect(sessions).toEqual([]);
  });

  it("works in the preview, and gives consent", async () => {
    const settings = {
      MODE: "preview",
      PREVIEW_SECRET: "cHJldmlldy1zZWNyZXQtb2YtMzItYnl0ZXMtb3ItbW9yZQ",
      CONSENT_COOKIE: "agreed=(?:yes|ja)",
    };
    const result = await runRehearsal({ vars: settings, devVars: settings });
    expect(result.err).toBe("");
    expect(result.out).toContain(HISTORY);
    expect(result.code).toBe(0);
  });

  it("confirms a transfer where an agent takes part and transfers the first chat", async () => {
    const result = await runRehearsal({
      hasAgent: true,
      async meanwhile({ playground, until }) {
        const { connect } = playground;
        await until("2. Your agent");
        const contactId = connect.contacts()[0]?.contactId ?? "";
        connect.agent.say(contactId, "How can I help?");
        connect.agent.transfer(contactId);
        connect.agent.say(contactId, "Goodbye.");
        connect.agent.end(contactId);
      },
    });
    expect(result.out).toContain(HISTORY);
    expect(result.report).toContain("after a transfer");
    expect(readState(result, "The next chat is linked")).toBe("confirmed");
    expect(readState(result, "A chat's contacts are listed together")).toBe("confirmed");
    expect(readState(result, "The session of a customer who leaves")).toBe("not seen");
    expect(result.code).toBe(0);
  });

  it("follows the switches that do no harm, and a forged attribute and an unknown chat that are taken", async () => {
    const result = await runRehearsal({
      switches: {
        handMadeAttributes: "win",
        attributesWhileLive: "no",
        sessionAfterCustomerEnd: "stays-open",
        customerEnd: "left-only",
        contactTree: "linked",
        emptySource: "success",
      },
    });
    expect(result.out).toContain(HISTORY);
    expect(result.out).toContain("2 points are not as expected");
    expect(readState(result, "An unknown chat cannot be continued")).toBe("NOT as expected");
    expect(readState(result, "A forged attribute")).toBe("NOT as expected");
    expect(result.report).toContain("GetContactAttributes");
    expect(result.report).toContain("It stays open");
    expect(result.report).toContain("They are. The Worker is ready for that.");
    expect(readState(result, "Signed attributes")).toBe("confirmed");
    expect(result.code).toBe(1);
    expect(isLive(result)).toBe(false);
  });

  it.each([
    ["liveSource", "success", "A chat that is live cannot be continued"],
    ["secondLink", "refused", "A chat whose link was refused can still be linked"],
  ])("follows the switch %s", async (name, position, title) => {
    const result = await runRehearsal({ switches: { [name]: position, sessionAfterCustomerEnd: "survey" } });
    expect(result.out).toContain(HISTORY);
    expect(readState(result, title)).toBe("NOT as expected");
    expect(result.report).toContain("It goes on in another contact, such as a survey");
    expect(result.code).toBe(1);
    expect(isLive(result)).toBe(false);
  });

  it("says that the flow does not link where its link block has no type", async () => {
    const result = await runRehearsal({ switches: { rehydrationTypeForm: "label" } });
    expect(result.out).toContain(NO_HISTORY);
    expect(result.out).toContain("so the contact flow does not link: npm run connect -- check");
    expect(result.code).toBe(1);
    expect(isLive(result)).toBe(false);
  });

  it("names READY_AFTER_SECONDS where the transcript comes later than that", async () => {
    const result = await runRehearsal({ transcriptDelaySeconds: 600 });
    expect(result.out).toContain(NO_HISTORY);
    expect(result.out).toContain(
      "Connect had no transcript of the first chat 2 s after its end: raise READY_AFTER_SECONDS",
    );
    expect(result.code).toBe(1);
  });
});

describe.concurrent("npm run connect -- rehearse, with LINK_BY=worker", () => {
  it("sees the Worker link the second chat", async () => {
    const result = await runRehearsal({ linkBy: "worker" });
    expect(result.err).toBe("");
    expect(result.out).toContain(HISTORY);
    expect(result.report).toMatch(/Connect takes the Worker's link \| confirmed \| The Worker has linked/);
    expect(result.code).toBe(0);
  });

  it("sees that a link is refused at first, and accepted once the transcript is ready", async () => {
    const result = await runRehearsal({ linkBy: "worker", transcriptDelaySeconds: 14 });
    expect(result.out).toContain(HISTORY);
    expect(result.report).toMatch(
      /Connect takes the Worker's link \| confirmed \| The Worker had to wait at \d of \d reports/,
    );
    expect(result.code).toBe(0);
  });

  it("sees that a link without a transcript brings nothing along", async () => {
    const result = await runRehearsal({
      linkBy: "worker",
      switches: { earlySource: "success" },
      transcriptDelaySeconds: 600,
    });
    expect(result.out).toContain(NO_HISTORY);
    expect(readState(result, "Connect takes the Worker's link")).toBe("NOT as expected");
    expect(readState(result, "A chat cannot be continued before")).toBe("NOT as expected");
    expect(result.code).toBe(1);
  });
});
