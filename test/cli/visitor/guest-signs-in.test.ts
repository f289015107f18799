import { beforeEach, describe, expect, it } from "vitest";
import { createVisitorStore } from "../../../src/adapters/visitor-store.ts";
import { EXIT } from "../../../src/cli/shared/command-line.ts";
import { forgetVisitor, type Services } from "../../../src/cli/visitor/command.ts";
import { NOW, record, StandInServices, visitor, visitorKey as guestKey } from "./stand-in-services.ts";

const anna = "7b0c5d1e".repeat(8);
const bob = "8d2f6a3c".repeat(8);

let kv: Map<string, string>;
let standIn: StandInServices;
let services: Services;

beforeEach(() => {
  kv = new Map([[`visitor:${guestKey}`, JSON.stringify(record)]]);
  standIn = new StandInServices();
  const get = async (keys: string[]) => new Map(keys.map((key) => [key, kv.get(key) ?? null]));
  const put = async (key: string, value: string) => void kv.set(key, value);
  const store = createVisitorStore({ get, put }, { onUnreadable: () => undefined });
  services = { ...standIn.services, store };
});

/** What the Worker writes at a location that has not seen an erasure. */
const signIn = (customerKey: string) => {
  const sessions = record.sessions.map((session) => Object.assign({}, session, { takenFrom: guestKey }));
  const customer = { v: 1, updatedAt: NOW, sessions, owned: record.owned, tookOver: [guestKey] };
  kv.set(`erased:${guestKey}`, `${NOW} ${customerKey}`).set(`visitor:${customerKey}`, JSON.stringify(customer));
};
const forget = (mustConfirm: boolean) => forgetVisitor(services, visitor, { mustConfirm, mustRecheck: !mustConfirm });
const stored = (key: string) => JSON.parse(kv.get(`visitor:${key}`) ?? "null");

const expectForgotten = (...keys: string[]) => {
  for (const key of keys) {
    expect(stored(key)).toMatchObject({ erasedAt: expect.any(Number), sessions: [] });
    expect(kv.get(`erased:${key}`)).toMatch(/^\d+$/);
  }
};

describe("npm run visitor -- forget, for a guest who signs in meanwhile", () => {
  it("forgets the customer as well, and says so, where that was while the command asked", async () => {
    standIn.confirm = async () => {
      signIn(anna);
      return true;
    };
    expect(await forget(true)).toBe(EXIT.done);
    expectForgotten(guestKey, anna);
    expect(standIn.out).toContain(`Visitor ${guestKey} has signed in meanwhile, as customer ${anna}.`);
    expect(standIn.out).toContain(`Forgotten: no past chat of visitor ${anna} `);
  });

  it("finds the customer when it looks again", async () => {
    standIn.meanwhile.push(() => signIn(anna));
    expect(await forget(false)).toBe(EXIT.done);
    expectForgotten(guestKey, anna);
    expect(standIn.out).toContain(`Visitor ${guestKey} has signed in meanwhile, as customer ${anna}.`);
    const [receipt = ""] = standIn.receipts.values();
    expect(standIn.receipts.size).toBe(1);
    expect(JSON.parse(receipt)).toMatchObject({
      visitorKey: anna,
      erased: { contactIds: ["chat-2", "chat-1"], guests: [`visitor:${guestKey}`] },
      rechecks: [{ wasUndone: true }, { wasUndone: false }],
    });
  });

  it("also finds a guest's record that was written back, beside the customer's", async () => {
    signIn(anna);
    standIn.meanwhile.push(() => kv.set(`visitor:${guestKey}`, JSON.stringify(record)));
    expect(await forget(false)).toBe(EXIT.done);
    expectForgotten(guestKey, anna);
    expect(standIn.now).toBe(NOW + 180);
  });

  it("also finds that the guest's chats have moved to the customer once more", async () => {
    signIn(anna);
    standIn.meanwhile.push(() => signIn(anna));
    expect(await forget(false)).toBe(EXIT.done);
    expectForgotten(guestKey, anna);
  });

  it("leaves other customers alone", async () => {
    signIn(bob);
    kv.delete(`erased:${guestKey}`);
    await forget(false);
    expect(stored(bob).sessions).toHaveLength(2);
  });
});
