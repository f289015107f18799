import { beforeEach, describe, expect, it } from "vitest";
import { UNREADABLE_RECORD } from "../../../src/core/chat/visitor-record.ts";
import { EXIT } from "../../../src/cli/shared/command-line.ts";
import { forgetVisitor, showVisitor } from "../../../src/cli/visitor/command.ts";
import { parseSubject } from "../../../src/cli/visitor/stored-visitor.ts";
import { StandInServices, contact, NOW, record, sha256, visitor, visitorKey } from "./stand-in-services.ts";

let standIn: StandInServices;
beforeEach(() => {
  standIn = new StandInServices();
});

describe("parseSubject()", () => {
  it("reads 64 hex digits as a visitor key, in either case", () => {
    expect(parseSubject(visitorKey)).toEqual(visitor);
    expect(parseSubject(visitorKey.toUpperCase())).toEqual(visitor);
  });

  it("reads any other possible id of Connect as a contact id", () => {
    expect(parseSubject("chat-1")).toEqual(contact);
    expect(parseSubject(visitorKey.slice(1))).toEqual({ kind: "contact", contactId: visitorKey.slice(1) });
  });

  it.each(["", "..", "two words", "x".repeat(257)])("refuses %j", (text) => {
    expect(parseSubject(text)).toBeNull();
  });
});

describe("showVisitor()", () => {
  it("lists contact ids with their times, newest first, and the keys in KV", async () => {
    expect(await showVisitor(standIn.services, visitor, false)).toBe(EXIT.done);
    expect(standIn.out).toMatch(
      /chat-2 +2026-11-23 20:42:11 +not known\n +chat-1 +2026-11-22 21:02:11 +2026-11-22 21:07:11\n/,
    );
    expect(standIn.out).toContain("2 stored with their contact id, 3 known by their hash");
    expect(standIn.out).toContain(`visitor:${visitorKey}\n  contact:${sha256("chat-0")}\n`);
    expect(standIn.out).not.toContain("forgotten");
  });

  it("tells which chat the Worker has linked to which, and what Amazon has refused for good", async () => {
    const learnt = [{ linkedTo: "chat-1b" }, { unlinkableAt: NOW - 60 }];
    const sessions = record.sessions.map((session, index) => ({ ...session, ...learnt[index] }));
    standIn.visitors.set(visitorKey, { ...record, sessions });
    await showVisitor(standIn.services, visitor, false);
    expect(standIn.out).toMatch(/chat-2 .+ not known\n +continues chat-1b\n +chat-1 /);
    standIn.out = "";
    await showVisitor(standIn.services, visitor, true);
    expect(JSON.parse(standIn.out).sessions).toMatchObject([
      { linkedTo: "chat-1b" },
      { unlinkableAt: "2026-11-23T21:01:11Z" },
    ]);
  });

  it("shows a contact id with control characters on one line", async () => {
    const sessions = [{ contactId: "chat\nState  fine\u001b", ticketId: "t1", startedAt: NOW }];
    standIn.visitors.set(visitorKey, { ...record, sessions });
    await showVisitor(standIn.services, visitor, false);
    expect(standIn.out).toContain(String.raw`  chat\u000aState  fine\u001b  `);
  });

  it("finds a visitor by a contact id", async () => {
    expect(await showVisitor(standIn.services, contact, false)).toBe(EXIT.done);
    expect(standIn.out).toContain(`Visitor      ${visitorKey}`);
  });

  it("prints the same as JSON", async () => {
    await showVisitor(standIn.services, visitor, true);
    expect(JSON.parse(standIn.out)).toEqual({
      visitorKey,
      forgottenAt: null,
      updatedAt: "2026-11-23T20:52:11Z",
      contactIds: ["chat-2", "chat-1"],
      sessions: [
        {
          contactId: "chat-2",
          startedAt: "2026-11-23T20:42:11Z",
          endedAt: null,
          verifiedAt: "2026-11-23T20:43:51Z",
          linkedTo: null,
          unlinkableAt: null,
          takenFrom: null,
        },
        {
          contactId: "chat-1",
          startedAt: "2026-11-22T21:02:11Z",
          endedAt: "2026-11-22T21:07:11Z",
          verifiedAt: null,
          linkedTo: null,
          unlinkableAt: null,
          takenFrom: null,
        },
      ],
      guests: [],
      owned: 3,
      kvKeys: [`visitor:${visitorKey}`, ...record.owned.map((hash) => `contact:${hash}`)],
    });
  });

  it("says when a visitor was forgotten", async () => {
    await forgetVisitor(standIn.services, visitor, { mustConfirm: false, mustRecheck: false });
    standIn.out = "";
    await showVisitor(standIn.services, contact, false);
    expect(standIn.out).toContain("forgotten 2026-11-23 21:02:11 UTC");
    expect(standIn.out).toContain("0 stored with their contact id, 3 known by their hash");
  });

  it("says that the record has expired when KV has only the owner of the contact", async () => {
    standIn.visitors.clear();
    expect(await showVisitor(standIn.services, contact, false)).toBe(EXIT.done);
    expect(standIn.out).toContain("the record has expired");
    expect(standIn.out).not.toContain(`visitor:${visitorKey}`);
    expect(standIn.out).toContain(`contact:${sha256("chat-1")}`);
  });

  it("says that the record cannot be read", async () => {
    standIn.visitors.set(visitorKey, UNREADABLE_RECORD);
    expect(await showVisitor(standIn.services, visitor, false)).toBe(EXIT.done);
    expect(standIn.out).toContain("the record cannot be read");
    expect(standIn.out).toContain(`visitor:${visitorKey}`);
    standIn.out = "";
    await showVisitor(standIn.services, visitor, true);
    expect(JSON.parse(standIn.out)).toMatchObject({ updatedAt: null, sessions: [] });
  });

  it.each([
    ["visitor", { kind: "visitor", visitorKey: "0".repeat(64) }],
    ["contact", { kind: "contact", contactId: "chat-9" }],
  ] as const)("says that KV holds nothing of an unknown %s", async (_kind, subject) => {
    expect(await showVisitor(standIn.services, subject, true)).toBe(EXIT.notFound);
    expect(standIn.out).toBe("");
    expect(standIn.err).toMatch(/chat-9|0{64}/);
  });
});
