import { beforeEach, describe, expect, it } from "vitest";
import { type VisitorRecord } from "../../../src/core/chat/visitor-record.ts";
import { EXIT } from "../../../src/cli/shared/command-line.ts";
import { forgetVisitor, showVisitor } from "../../../src/cli/visitor/command.ts";
import { contact, NOW, record, sha256, StandInServices, visitor, visitorKey } from "./stand-in-services.ts";

const guestKey = "7b0c5d1e".repeat(8);
const guest = { kind: "visitor", visitorKey: guestKey } as const;
/** A customer who has taken over chat-1 of a guest. */
const customer: VisitorRecord = {
  ...record,
  sessions: record.sessions.map((session) =>
    session.contactId === "chat-1" ? { ...session, takenFrom: guestKey } : session,
  ),
  tookOver: [guestKey],
};
const owned = [sha256("chat-1"), sha256("older")];
const moved: VisitorRecord = { ...record, owned, erasedAt: NOW - 900, movedTo: visitorKey };

let standIn: StandInServices;
beforeEach(() => {
  standIn = new StandInServices();
  standIn.visitors.set(visitorKey, customer).set(guestKey, moved);
  standIn.owners.set(sha256("chat-1"), guestKey);
});

describe("npm run visitor, for a guest who has signed in", () => {
  it.each([
    ["the guest's key", guest],
    ["a contact that names the guest", contact],
    ["the customer's key", visitor],
  ])("shows the customer and where the chat came from, by %s", async (_how, subject) => {
    expect(await showVisitor(standIn.services, subject, false)).toBe(EXIT.done);
    expect(standIn.out).toContain(`Visitor      ${visitorKey}\nGuest before ${guestKey}\nState        last change`);
    expect(standIn.out).toMatch(new RegExp(`chat-1 .+\n +from before the sign-in, as guest ${guestKey}\n`));
    expect(standIn.out).toContain(`  visitor:${guestKey}\n  erased:${guestKey}\n`);
  });

  it("shows the same as JSON", async () => {
    await showVisitor(standIn.services, guest, true);
    const listing = JSON.parse(standIn.out);
    expect(listing).toMatchObject({
      visitorKey,
      guests: [guestKey],
      sessions: [{ takenFrom: null }, { takenFrom: guestKey }],
    });
    expect(listing.kvKeys).toEqual(expect.arrayContaining([`visitor:${guestKey}`, `contact:${sha256("older")}`]));
  });

  it.each([
    ["the guest", guest],
    ["the customer", visitor],
  ])("forgets both, where the owner names %s", async (_who, subject) => {
    expect(await forgetVisitor(standIn.services, subject, { mustConfirm: false, mustRecheck: false })).toBe(EXIT.done);
    expect(standIn.visitors.get(guestKey)).toEqual({ v: 1, updatedAt: NOW, erasedAt: NOW, sessions: [], owned });
    expect(standIn.stored()).toMatchObject({ erasedAt: NOW, sessions: [] });
    expect(standIn.stored()).not.toHaveProperty("tookOver");
    expect(standIn.receipt().erased).toMatchObject({ entry: `visitor:${visitorKey}`, guests: [`visitor:${guestKey}`] });
  });

  it("names the guest's key for the search at Amazon", async () => {
    await forgetVisitor(standIn.services, visitor, { mustConfirm: false, mustRecheck: false });
    expect(standIn.out).toContain(`or, for chats from before a sign-in, = ${guestKey}`);
  });

  it("also forgets a guest who signed in while the command asked", async () => {
    standIn.visitors.set(visitorKey, record);
    standIn.confirm = async () => {
      standIn.visitors.set(visitorKey, customer);
      return true;
    };
    await forgetVisitor(standIn.services, visitor, { mustConfirm: true, mustRecheck: false });
    expect(standIn.visitors.get(guestKey)?.movedTo).toBeUndefined();
  });

  it("forgets a customer of whom nothing is left but the guest", async () => {
    standIn.visitors.delete(visitorKey);
    expect(await forgetVisitor(standIn.services, guest, { mustConfirm: false, mustRecheck: false })).toBe(EXIT.done);
    expect(standIn.stored()).toMatchObject({ erasedAt: NOW });
  });
});
