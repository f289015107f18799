import { describe, expect, it } from "vitest";
import { decideAfterRefusal, decideLink, decideToWait, listPast } from "../../../src/core/chat/link.ts";
import { type Session } from "../../../src/core/chat/visitor-record.ts";

const NOW = 1_800_000_000;
const READY = 60;
const chat: Session = { contactId: "new", ticketId: "t9", startedAt: NOW - 20, verifiedAt: NOW - 19 };
const over: Session = { contactId: "c2", ticketId: "t2", startedAt: NOW - 900, endedAt: NOW - READY, verifiedAt: NOW };
const before: Session = { ...over, contactId: "c1", ticketId: "t1", startedAt: NOW - 9000, endedAt: NOW - 8000 };
const { endedAt: _end, ...open } = over;
const { verifiedAt: _verified, ...unproven } = over;

interface Situation {
  readonly chat?: Partial<Session>;
  readonly past?: readonly Session[];
  readonly open?: readonly string[];
  readonly mayStop?: boolean;
}

const decide = ({ chat: changes = {}, past = [over, before], open: ids = [], mayStop = false }: Situation) =>
  decideLink(
    { chat: { ...chat, ...changes }, past, open: new Map(ids.map((id) => [id, `${id}-open`])), mayStop },
    { now: NOW, readyAfterSeconds: READY },
  );
const young = { startedAt: NOW - 5 };
const old = { startedAt: NOW - 400 };

describe("listPast()", () => {
  const later: Session = { ...over, contactId: "later", startedAt: chat.startedAt + 1 };
  const sameSecond = { startedAt: chat.startedAt };

  it("has the sessions that began before a chat", () => {
    expect(listPast([later, chat, over, before], chat)).toEqual([over, before]);
  });

  it("has one of the same second that is over, whatever their order", () => {
    const quick: Session = { ...over, ...sameSecond };
    expect(listPast([later, quick, chat, before], chat)).toEqual([quick, before]);
    expect(listPast([later, chat, quick, before], chat)).toEqual([quick, before]);
  });

  it("has one of two open chats that began together as the other's past, and not the other way round", () => {
    const twin: Session = { ...open, ...sameSecond };
    expect(listPast([twin, chat, before], chat)).toEqual([before]);
    expect(listPast([twin, chat, before], twin)).toEqual([chat, before]);
  });
});

describe("decideLink()", () => {
  it("links the newest session that is over, once its transcript is ready", () => {
    expect(decide({})).toEqual({ next: "link", contactId: "c2" });
  });

  it("waits until the transcript is ready", () => {
    expect(decide({ past: [{ ...over, endedAt: NOW - 5 }, before] })).toEqual({
      next: "wait",
      reason: "not-ready",
      seconds: 55,
    });
  });

  it("links a chat once", () => {
    expect(decide({ chat: { linkedTo: "c2" } })).toEqual({ next: "nothing", reason: "linked" });
  });

  it.each<[string, readonly Session[], Partial<Session>]>([
    ["has a past", [over], {}],
    ["has none", [], {}],
    ["is over", [over], { endedAt: NOW }],
    ["is from long ago", [over], { startedAt: NOW - 9999 }],
  ])("first asks whose the chat is, where it %s", (_what, past, changes) => {
    const { verifiedAt: _gone, ...rest } = { ...chat, ...changes };
    const state = { chat: rest, past, open: new Map<string, string>(), mayStop: false };
    expect(decideLink(state, { now: NOW, readyAfterSeconds: READY })).toEqual({
      next: "ask-owner",
      contactId: "new",
    });
  });

  it("asks whose a past session is before it is linked, and takes no older one in its place", () => {
    expect(decide({ past: [unproven, before] })).toEqual({ next: "ask-owner", contactId: "c2" });
  });

  it("asks whether a session is over whose end is not known", () => {
    expect(decide({ past: [open, before] })).toEqual({ next: "ask-end", contactId: "c2" });
  });

  it("waits for a session that is open, and after three minutes links the one before", () => {
    const situation = { past: [open, before], open: ["c2"] };
    expect(decide({ ...situation, chat: young })).toEqual({ next: "wait", reason: "open", seconds: 10 });
    expect(decide({ ...situation, chat: { startedAt: NOW - 179 } })).toMatchObject({ next: "wait", reason: "open" });
    expect(decide({ ...situation, chat: { startedAt: NOW - 180 } })).toEqual({ next: "link", contactId: "c1" });
  });

  it("does not ask again about a session that was open a moment ago, beside a newer open one", () => {
    const { endedAt: _unknown, ...abandoned } = { ...before, openAt: NOW - 59 };
    const situation = { past: [open, abandoned, { ...before, contactId: "c0" }], chat: old };
    expect(decide(situation)).toEqual({ next: "ask-end", contactId: "c2" });
    expect(decide({ ...situation, open: ["c2"] })).toEqual({ next: "link", contactId: "c0" });
    const longAgo = [open, { ...abandoned, openAt: NOW - 60 }];
    expect(decide({ past: longAgo, open: ["c2"], chat: old })).toEqual({ next: "ask-end", contactId: "c1" });
  });

  it("goes on waiting where every session is open", () => {
    expect(decide({ past: [open], open: ["c2"], chat: old })).toEqual({ next: "wait", reason: "open", seconds: 120 });
  });

  it("ends an abandoned session where it may", () => {
    expect(decide({ past: [open, before], open: ["c2"], mayStop: true })).toEqual({
      next: "stop",
      contactId: "c2",
      openContactId: "c2-open",
    });
  });

  it.each([
    ["the new chat itself, reported as a past one", chat.contactId],
    ["a contact that Connect does not name", null],
  ])("never ends %s", (_which, openContactId) => {
    const state = { chat, past: [open], open: new Map([["c2", openContactId]]), mayStop: true };
    expect(decideLink(state, { now: NOW, readyAfterSeconds: READY })).toMatchObject({ next: "wait", reason: "open" });
  });

  it("waits no longer than a transcript takes, though the clock of another machine is ahead", () => {
    expect(decide({ past: [{ ...over, endedAt: NOW + 9999 }] })).toMatchObject({ next: "wait", seconds: READY });
  });

  it("ends no session that Connect has not called open", () => {
    expect(decide({ past: [open], mayStop: true })).toEqual({ next: "ask-end", contactId: "c2" });
  });

  it("links the session before one that Connect will never link", () => {
    expect(decide({ past: [{ ...over, unlinkableAt: NOW - 1 }, before] })).toEqual({ next: "link", contactId: "c1" });
  });

  it.each<[string, Situation, string]>([
    ["there is no past session", { past: [] }, "no-session"],
    ["Connect refuses every one", { past: [{ ...over, unlinkableAt: NOW }] }, "refused"],
    ["the chat is over", { chat: { endedAt: NOW } }, "chat-over"],
    ["the chat has gone on for half an hour", { chat: { startedAt: NOW - 1801 } }, "too-late"],
  ])("does nothing where %s", (_why, situation, reason) => {
    expect(decide(situation)).toEqual({ next: "nothing", reason });
  });
});

describe("decideAfterRefusal()", () => {
  const rules = { now: NOW, readyAfterSeconds: READY };
  const longOver = { ...over, endedAt: NOW - READY - 601 };

  it("gives a past session up whose transcript should have been there for ten minutes", () => {
    expect(decideAfterRefusal(chat, longOver, rules)).toBe("never");
  });

  it.each([
    ["its transcript may still come", chat, { ...over, endedAt: NOW - READY - 600 }],
    ["the chat is so young that Connect may not know it everywhere", { ...chat, startedAt: NOW - 15 }, longOver],
  ])("tries again where %s", (_why, youngOrNot, source) => {
    expect(decideAfterRefusal(youngOrNot, source, rules)).toEqual({ next: "wait", reason: "refused", seconds: 10 });
  });

  it("waits longer, the longer the chat goes on", () => {
    const seconds = [20, 60, 100, 1000].map((age) =>
      decideAfterRefusal({ ...chat, startedAt: NOW - age }, over, rules),
    );
    expect(seconds).toMatchObject([{ seconds: 10 }, { seconds: 30 }, { seconds: 50 }, { seconds: 120 }]);
  });
});

describe("decideToWait()", () => {
  const wait = (changes: Partial<Session>, past: readonly Session[] = [over]) =>
    decideToWait(
      "no-answer",
      { chat: { ...chat, ...changes }, past, open: new Map<string, string>(), mayStop: false },
      { now: NOW, readyAfterSeconds: READY },
    );

  it("asks again, the later the older the chat is", () => {
    expect(wait({})).toEqual({ next: "wait", reason: "no-answer", seconds: 10 });
    expect(wait(old)).toEqual({ next: "wait", reason: "no-answer", seconds: 120 });
  });

  it.each<[string, Partial<Session>, readonly Session[], string]>([
    ["there is nothing to continue", {}, [], "no-session"],
    ["the chat is over", { endedAt: NOW }, [over], "too-late"],
    ["the chat has gone on for half an hour", { startedAt: NOW - 1801 }, [over], "too-late"],
  ])("does not ask for ever: not where %s", (_why, changes, past, reason) => {
    expect(wait(changes, past)).toEqual({ next: "nothing", reason });
  });
});
