import { describe, expect, it, vi } from "vitest";
import { type Playground } from "../../../playground/playground.ts";
import { observe } from "../../../worker/instrumented.ts";
import { openTerminal } from "../../setup/terminal.ts";
import { runRehearsal, withStage } from "./run-rehearsal.ts";

vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 });

const LEFT =
  /A chat named Rehearsal that began at \d\d:\d\d may still wait for an agent: let one accept it and end it\./;

async function countSessions({ worker }: Playground): Promise<number> {
  const { stored } = await observe(worker);
  const visitors = Object.entries(stored).filter(([key]) => key.startsWith("visitor:"));
  return visitors.flatMap(([, { value }]) => JSON.parse(value).sessions).length;
}

describe.concurrent("npm run connect -- rehearse, broken off", () => {
  it.each([
    ["SIGINT", "2. The customer leaves the first chat"],
    ["SIGHUP", "5. A third chat starts"],
  ] as const)("ends its chats and has the visitor forgotten after %s", async (signal, moment) => {
    let sessions = -1;
    const result = await runRehearsal({
      switches: { sessionAfterCustomerEnd: "stays-open" },
      async meanwhile({ kill, playground, until }) {
        await until(moment);
        kill(signal);
        await until("Cleaned up: every chat is ended");
        sessions = await countSessions(playground);
      },
    });
    expect(result.code).toBe(1);
    expect(result.contacts.length).toBeGreaterThan(0);
    expect(result.contacts.some(({ live }) => live)).toBe(false);
    expect(sessions).toBe(0);
  });

  it.each([
    ["pipe", 2, () => undefined],
    // It tells it twice: by a signal, and by a write that fails.
    ["terminal", 1, (kill: (signal: NodeJS.Signals) => void) => kill("SIGHUP")],
  ] as const)("ends its chats and has the visitor forgotten where its %s is closed", async (_what, chats, signal) => {
    const result = await runRehearsal({
      async meanwhile({ closeReaders, kill, playground, until }) {
        await until("4. The second chat starts");
        closeReaders();
        signal(kill);
        await vi.waitUntil(async () => (await countSessions(playground)) === 0, 100_000);
      },
    });
    expect(result.code).toBe(1);
    expect(result.contacts.length).toBeGreaterThanOrEqual(chats);
    expect(result.contacts.some(({ live }) => live)).toBe(false);
  });

  it("ends its chat after Ctrl-C while an agent is waited for", async () => {
    const result = await runRehearsal({
      hasAgent: true,
      async meanwhile({ kill, until }) {
        await until("2. Your agent");
        kill("SIGINT");
      },
    });
    expect(result.out).toContain("Broken off: the chats are being ended");
    expect(result.code).toBe(1);
    expect(result.contacts.map(({ live }) => live)).toEqual([false]);
  });

  it("names the chat that it could not end where Connect hangs up for good", async () => {
    const result = await runRehearsal({
      hasAgent: true,
      async meanwhile({ playground, until }) {
        await until("2. Your agent");
        playground.connect.service = "down";
      },
    });
    expect(result.err).toMatch(LEFT);
    expect(result.out).toContain("The rehearsal was broken off.");
    expect(result.out).toMatch(/The network broke off at connect:ListAssociatedContacts \(E[A-Z]+\)/);
    expect(result.report).toContain("not seen");
    expect(result.code).toBe(1);
    expect(result.contacts.map(({ live }) => live)).toEqual([true]);
    for (const { contactId } of result.contacts)
      expect(result.out + result.err + result.report).not.toContain(contactId);
  });

  it("ends its chat where the network comes back", async () => {
    const result = await runRehearsal({
      hasAgent: true,
      async meanwhile({ playground, until }) {
        await until("2. Your agent");
        const { serviceCalls } = playground.connect;
        serviceCalls.splice(0);
        playground.connect.service = "down";
        // Until the SDK has given up, and the clean-up has begun.
        while (!serviceCalls.some(({ action }) => action === "StopContact")) {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        playground.connect.service = "works";
      },
    });
    expect(result.err).toBe("");
    expect(result.out).toContain("Cleaned up");
    expect(result.code).toBe(1);
    expect(result.contacts.map(({ live }) => live)).toEqual([false]);
  });

  it("says which point it could not see where a permission is taken away meanwhile", async () => {
    const result = await runRehearsal({
      async meanwhile({ playground, until }) {
        await until("4. The second chat starts");
        playground.connect.console.deniedToOwner.add("connect:CreatePersistentContactAssociation");
      },
    });
    expect(result.report).toMatch(/An unknown chat cannot be continued \| not seen \| .*AccessDeniedException/);
    expect(result.code).toBe(0);
  });

  it("asks in a terminal, goes on without an agent after Enter, and ends its chats after Ctrl-C", async () => {
    await withStage({ hasAgent: true, isAsked: true }, async ({ args, env, folder, playground }) => {
      const command = [process.execPath, ...args].map((arg) => `'${arg}'`).join(" ");
      const terminal = openTerminal(command, { cwd: folder, env, patienceMs: 60_000 });
      await terminal.until("Start?");
      terminal.type("\r");
      await terminal.until("Enter: go on without an agent.");
      await terminal.until("Waiting for your agent");
      terminal.type("\r");
      await terminal.until("The customer leaves the first chat.");
      await terminal.until("Connect ends the chat");
      terminal.interrupt();
      await terminal.until("Cleaned up");
      expect(await terminal.exitCode).toBe(1);
      expect(playground.connect.contacts().map(({ live }) => live)).toEqual([false]);
    });
  });
});
