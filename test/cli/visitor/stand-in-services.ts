import { createHash } from "node:crypto";
import { expect } from "vitest";
import { type VisitorStore } from "../../../src/adapters/visitor-store.ts";
import { type Services } from "../../../src/cli/visitor/command.ts";
import { type Subject } from "../../../src/cli/visitor/stored-visitor.ts";
import { type VisitorRecord } from "../../../src/core/chat/visitor-record.ts";

export const NOW = Date.UTC(2026, 10, 23, 21, 2, 11) / 1000;
export const DAY = 86_400;
export const visitorKey = "3f2a91bc".repeat(8);
export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export const visitor: Subject = { kind: "visitor", visitorKey };
export const contact: Subject = { kind: "contact", contactId: "chat-1" };

export const record: VisitorRecord = {
  v: 1,
  updatedAt: NOW - 600,
  sessions: [
    { contactId: "chat-2", ticketId: "t2", startedAt: NOW - 1200, verifiedAt: NOW - 1100 },
    { contactId: "chat-1", ticketId: "t1", startedAt: NOW - DAY, endedAt: NOW - DAY + 300 },
  ],
  owned: [sha256("chat-0"), sha256("chat-1"), sha256("chat-2")],
};

/** KV at one location, a clock that only `wait` moves, and the output of the command. */
export class StandInServices {
  readonly visitors = new Map<string, VisitorRecord>([[visitorKey, record]]);
  readonly owners = new Map<string, string>([[sha256("chat-1"), visitorKey]]);
  /** Number of writes to KV. */
  writes = 0;
  readonly receipts = new Map<string, string>();
  /** Called while the command waits, one function for each wait. */
  readonly meanwhile: (() => void)[] = [];
  now = NOW;
  /** The owner's answer. */
  confirm = async () => true;
  out = "";
  err = "";

  readonly store: VisitorStore = {
    readVisitor: async (key) => this.visitors.get(key) ?? null,
    readVisitors: async (keys) => keys.map((key) => this.visitors.get(key) ?? null),
    recordVisitor: () => Promise.reject(new Error("expected no write of a visitor's record except an erasure")),
    recordErasure: async (key, value) => {
      this.visitors.set(key, value);
      this.writes += 1;
    },
    recordMove: () => Promise.reject(new Error("expected no move")),
    readOwner: async (contactHash) => this.owners.get(contactHash) ?? null,
    recordOwner: () => Promise.reject(new Error("expected no write of a contact's owner")),
  };

  readonly services: Services = {
    store: this.store,
    storeName: "VISITORS, remote",
    readInstance: async () => ({ region: "eu-central-1", instanceId: "5b6a2f0c-1d2e-4f3a-8b9c-0a1b2c3d4e5f" }),
    now: () => this.now,
    wait: async (seconds) => {
      this.now += seconds;
      this.meanwhile.shift()?.();
    },
    print: (text) => void (this.out += `${text}\n`),
    printError: (text) => void (this.err += `${text}\n`),
    confirm: () => this.confirm(),
    writeReceipt: async (name, content) => {
      this.receipts.set(name, content);
      return `receipts/${name}`;
    },
  };

  stored(): VisitorRecord | undefined {
    return this.visitors.get(visitorKey);
  }

  receipt() {
    expect([...this.receipts.keys()]).toEqual(["2026-11-23T21-02-11Z-3f2a91bc.json"]);
    return JSON.parse([...this.receipts.values()].join(""));
  }
}
