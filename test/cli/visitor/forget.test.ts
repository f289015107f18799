import { beforeEach, describe, expect, it } from "vitest";
import { UNREADABLE_RECORD, type VisitorRecord } from "../../../src/core/chat/visitor-record.ts";
import { EXIT } from "../../../src/cli/shared/command-line.ts";
import { forgetVisitor } from "../../../src/cli/visitor/command.ts";
import { type Subject } from "../../../src/cli/visitor/stored-visitor.ts";
import { StandInServices, contact, NOW, record, sha256, visitor, visitorKey } from "./stand-in-services.ts";

let standIn: StandInServices;
beforeEach(() => {
  standIn = new StandInServices();
});

const forget = (subject: Subject = visitor, options = {}) =>
  forgetVisitor(standIn.services, subject, { mustConfirm: false, mustRecheck: false, ...options });

describe("forgetVisitor()", () => {
  it("erases the record and keeps the hashes", async () => {
    expect(await forget()).toBe(EXIT.done);
    expect(standIn.stored()).toEqual({ v: 1, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: record.owned });
    expect(standIn.writes).toBe(1);
  });

  it("names every contact id, and the places at Amazon, before it asks", async () => {
    standIn.confirm = async () => {
      expect(standIn.out).toContain("contact id chat-2\n  contact id chat-1\n  and 1 older");
      expect(standIn.out).toContain("S3");
      return true;
    };
    expect(await forget(visitor, { mustConfirm: true })).toBe(EXIT.done);
    expect(standIn.stored()?.sessions).toEqual([]);
  });

  it("changes nothing when the owner answers no", async () => {
    standIn.confirm = async () => false;
    expect(await forget(visitor, { mustConfirm: true })).toBe(EXIT.failed);
    expect(standIn.stored()).toBe(record);
    expect(standIn.receipts.size).toBe(0);
  });

  it("also erases a chat that began while the command asked", async () => {
    const session = { contactId: "chat-3", ticketId: "t3", startedAt: NOW };
    standIn.confirm = async () => {
      standIn.visitors.set(visitorKey, {
        ...record,
        sessions: [session, ...record.sessions],
        owned: [...record.owned, "h3"],
      });
      return true;
    };
    await forget(visitor, { mustConfirm: true });
    expect(standIn.stored()?.owned).toContain("h3");
    expect(standIn.receipt().erased.contactIds).toEqual(["chat-3", "chat-2", "chat-1"]);
  });

  it("writes a receipt with the time, what was erased and what is kept", async () => {
    await forget();
    expect(standIn.out).toContain("Receipt: receipts/2026-11-23T21-02-11Z-3f2a91bc.json");
    expect(standIn.receipt()).toEqual({
      visitorKey,
      erasedAt: "2026-11-23T21:02:11Z",
      store: "VISITORS, remote",
      erased: { entry: `visitor:${visitorKey}`, contactIds: ["chat-2", "chat-1"] },
      kept: { reason: expect.any(String), entries: record.owned.map((hash) => `contact:${hash}`) },
      leftAtAmazon: { places: expect.arrayContaining([expect.stringContaining("Unprocessed")]), commands: [] },
      rechecks: [],
    });
  });

  it("names in the output and in the receipt the commands that tell each contact's files", async () => {
    const contactId = "0e6c9d0a-52f4-4c43-8f0b-3f6a1d2c7b11";
    standIn.visitors.set(visitorKey, { ...record, sessions: [{ contactId, ticketId: "t1", startedAt: NOW - 60 }] });
    await forget();
    const command = expect.stringMatching(`^aws connect describe-contact .*--contact-id ${contactId} `);
    const { commands } = standIn.receipt().leftAtAmazon;
    expect(commands).toEqual([command]);
    expect(standIn.out).toContain(commands[0]);
  });

  it("writes nothing for an unknown contact", async () => {
    expect(await forget({ kind: "contact", contactId: "chat-9" })).toBe(EXIT.notFound);
    expect(standIn.writes).toBe(0);
    expect(standIn.receipts.size).toBe(0);
    expect(standIn.err).toContain("Nothing was written.");
  });

  it("erases a visitor whose record has expired", async () => {
    standIn.visitors.clear();
    expect(await forget(contact)).toBe(EXIT.done);
    expect(standIn.out).toContain("the record has expired");
    expect(standIn.stored()).toEqual({ v: 1, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: [sha256("chat-1")] });
    expect(standIn.receipt().erased.contactIds).toEqual(["chat-1"]);
  });

  it("erases a record that cannot be read", async () => {
    standIn.visitors.set(visitorKey, UNREADABLE_RECORD);
    expect(await forget()).toBe(EXIT.done);
    expect(standIn.stored()).toEqual({ v: 1, updatedAt: NOW, erasedAt: NOW, sessions: [], owned: [] });
  });

  it("checks again after 90 s and does not write when the visitor is still forgotten", async () => {
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    expect(standIn.now).toBe(NOW + 90);
    expect(standIn.writes).toBe(1);
    expect(standIn.receipt().rechecks).toEqual([{ at: "2026-11-23T21:03:41Z", wasUndone: false }]);
  });

  it("erases again when a lagging location has brought the record back", async () => {
    const session = { contactId: "chat-3", ticketId: "t3", startedAt: NOW };
    standIn.meanwhile.push(() =>
      standIn.visitors.set(visitorKey, {
        ...record,
        sessions: [session, ...record.sessions],
        owned: [sha256("chat-3")],
      }),
    );
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    const owned = [sha256("chat-3"), ...record.owned];
    expect(standIn.stored()).toEqual({ v: 1, updatedAt: NOW + 90, erasedAt: NOW + 90, sessions: [], owned });
    expect(standIn.out).toContain("One more contact id, for Amazon: chat-3");
    expect(standIn.receipt()).toMatchObject({
      erasedAt: "2026-11-23T21:03:41Z",
      erased: { contactIds: ["chat-3", "chat-2", "chat-1"] },
      rechecks: [{ wasUndone: true }, { wasUndone: false }],
    });
  });

  it("erases again when the record that came back has only an earlier erasure", async () => {
    standIn.meanwhile.push(() => standIn.visitors.set(visitorKey, { ...record, erasedAt: NOW - 1 }));
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    expect(standIn.stored()).toMatchObject({ erasedAt: NOW + 90, sessions: [] });
  });

  it("erases again when the record is missing, and keeps the hashes", async () => {
    standIn.meanwhile.push(() => standIn.visitors.clear());
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    expect(standIn.stored()).toMatchObject({ erasedAt: NOW + 90, owned: record.owned });
  });

  it("does not erase a chat that began after the erasure", async () => {
    const after: VisitorRecord = {
      ...record,
      erasedAt: NOW,
      sessions: [{ contactId: "chat-3", ticketId: "t3", startedAt: NOW + 60 }],
    };
    standIn.meanwhile.push(() => standIn.visitors.set(visitorKey, after));
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.done);
    expect(standIn.stored()).toBe(after);
  });

  it("fails when the record comes back after every erasure", async () => {
    for (let round = 0; round < 3; round++) standIn.meanwhile.push(() => standIn.visitors.set(visitorKey, record));
    expect(await forget(visitor, { mustRecheck: true })).toBe(EXIT.failed);
    expect(standIn.err).toContain("Run this command again later");
    expect(standIn.stored()).toMatchObject({ sessions: [], erasedAt: NOW + 270 });
    expect(standIn.receipt()).toMatchObject({
      erasedAt: "2026-11-23T21:06:41Z",
      rechecks: [{ wasUndone: true }, { wasUndone: true }, { wasUndone: true }],
    });
  });

  it("writes the receipt before it waits", async () => {
    standIn.meanwhile.push(() => expect(standIn.receipt().rechecks).toEqual([]));
    await forget(visitor, { mustRecheck: true });
    expect(standIn.receipt().rechecks).toHaveLength(1);
  });
});
