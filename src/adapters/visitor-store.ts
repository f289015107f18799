import {
  addErasure,
  type ErasedRecord,
  type Erasure,
  parseVisitorRecord,
  UNREADABLE_RECORD,
  type VisitorRecord,
} from "../core/chat/visitor-record.ts";
import { ChatError } from "../errors.ts";
import { ERASED_RECORD_DAYS, MAX_KV_KEYS, OWNER_RECORD_DAYS, STORE_TIMEOUT_MS } from "../limits.ts";
import { withTimeout } from "./with-timeout.ts";

/** The part of a KV namespace that this adapter uses. */
export interface VisitorNamespace {
  get(keys: string[]): Promise<ReadonlyMap<string, string | null>>;
  put(key: string, value: string, options: { readonly expirationTtl: number }): Promise<void>;
}

export function isVisitorNamespace(binding: unknown): binding is VisitorNamespace {
  return typeof binding === "object" && binding !== null && "get" in binding && "put" in binding;
}

/**
 * The visitors' chats in KV. A read may be 60 s or more behind the writes of another location, also when it finds nothing.
 *
 * Every method throws `STORE_UNAVAILABLE` when KV fails or does not answer in time.
 */
export interface VisitorStore {
  readVisitor(visitorKey: string): Promise<VisitorRecord | null>;
  /** Several visitors in one call, in the same order. */
  readVisitors(visitorKeys: readonly string[]): Promise<(VisitorRecord | null)[]>;
  recordVisitor(visitorKey: string, record: VisitorRecord, ttlSeconds: number): Promise<void>;
  recordErasure(visitorKey: string, record: ErasedRecord): Promise<void>;
  /** Notes that a customer has a guest's sessions: to everybody else, the guest is as good as forgotten. */
  recordMove(guestKey: string, move: Required<Erasure>): Promise<void>;
  /** The visitor key of a contact's owner. */
  readOwner(contactHash: string): Promise<string | null>;
  recordOwner(contactHash: string, visitorKey: string): Promise<void>;
}

/** KV key of a visitor's record. */
export function toVisitorEntry(visitorKey: string): string {
  return `visitor:${visitorKey}`;
}

/**
 * KV key of the time at which a visitor was erased, in seconds, or at which a guest's sessions moved, with the visitor key
 * of the customer who has them now.
 *
 * It is a key of its own: a location that has not seen the erasure yet may write the visitor's record back without it,
 * and in KV the last write wins.
 */
export function toErasureEntry(visitorKey: string): string {
  return `erased:${visitorKey}`;
}

/** KV key of a contact's owner. */
export function toContactEntry(contactHash: string): string {
  return `contact:${contactHash}`;
}

export interface VisitorStoreOptions {
  /** How long one answer of KV may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Called for a record that cannot be read. It counts as empty: erasures and owners have keys of their own. */
  readonly onUnreadable: () => void;
}

export function createVisitorStore(
  kv: VisitorNamespace,
  { timeoutMs = STORE_TIMEOUT_MS, onUnreadable }: VisitorStoreOptions,
): VisitorStore {
  const readRecord = (text: string | null): VisitorRecord | null => {
    if (text === null) return null;
    const record = parseVisitorRecord(text);
    if (record === "newer") throw new ChatError("STORE_UNAVAILABLE", "Cannot read a visitor: a newer version wrote it");
    if (record !== "unreadable") return record;
    onUnreadable();
    return UNREADABLE_RECORD;
  };
  const answered = <T>(action: string, call: () => Promise<T>) => answeredWithin(timeoutMs, action, call);
  // Destructured inside the guarded call: an answer that is no map counts as a failure of KV.
  const get = (action: string, entries: string[]) =>
    answered(action, async () => {
      const found: (string | null)[] = [];
      for (let first = 0; first < entries.length; first += MAX_KV_KEYS) {
        const some = entries.slice(first, first + MAX_KV_KEYS);
        // One after the other: it takes a customer of more than 50 guests.
        const values = await kv.get(some);
        found.push(...some.map((entry) => values.get(entry) ?? null));
      }
      return found;
    });
  const put = (action: string, entry: string, value: string, expirationTtl: number) =>
    answered(action, () => kv.put(entry, value, { expirationTtl }));
  const recordVisitor = (visitorKey: string, record: VisitorRecord, ttlSeconds: number) =>
    put("record a visitor", toVisitorEntry(visitorKey), JSON.stringify(record), ttlSeconds);
  const readVisitors = async (visitorKeys: readonly string[]) => {
    const entries = visitorKeys.flatMap((visitorKey) => [toVisitorEntry(visitorKey), toErasureEntry(visitorKey)]);
    const found = await get("read a visitor", entries);
    return visitorKeys.map((_visitorKey, index) => {
      const [record = null, erasure = null] = found.slice(2 * index);
      return addErasure(readRecord(record), readErasure(erasure));
    });
  };
  return {
    async readVisitor(visitorKey) {
      const [visitor = null] = await readVisitors([visitorKey]);
      return visitor;
    },
    readVisitors,
    recordVisitor,
    async recordErasure(visitorKey, record) {
      const ttlSeconds = ERASED_RECORD_DAYS * 86_400;
      await put("record an erasure", toErasureEntry(visitorKey), String(record.erasedAt), ttlSeconds);
      await recordVisitor(visitorKey, record, ttlSeconds);
    },
    recordMove: (guestKey, { erasedAt, movedTo }) =>
      put("record a move", toErasureEntry(guestKey), `${erasedAt} ${movedTo}`, ERASED_RECORD_DAYS * 86_400),
    async readOwner(contactHash) {
      const [owner = null] = await get("read a contact's owner", [toContactEntry(contactHash)]);
      return readVisitorKey(owner);
    },
    recordOwner: (contactHash, visitorKey) =>
      put("record a contact's owner", toContactEntry(contactHash), visitorKey, OWNER_RECORD_DAYS * 86_400),
  };
}

/** Any other text is no owner: taken for one, it would lock the contact's visitor out for ever. */
function readVisitorKey(text: string | null): string | null {
  if (text === null || /^[\da-f]{64}$/.test(text)) return text;
  throw new ChatError("STORE_UNAVAILABLE", "Cannot read a contact's owner: KV holds no visitor key");
}

function readErasure(text: string | null): Erasure | null {
  if (text === null) return null;
  const [, erasedAt, movedTo] = /^(\d+)(?: ([\da-f]{64}))?$/.exec(text) ?? [];
  if (erasedAt === undefined) throw new ChatError("STORE_UNAVAILABLE", "Cannot read an erasure: KV holds no time");
  return { erasedAt: Number(erasedAt), ...(movedTo !== undefined && { movedTo }) };
}

async function answeredWithin<T>(timeoutMs: number, action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await withTimeout(timeoutMs, call());
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ChatError("STORE_UNAVAILABLE", `Cannot ${action}: ${found}`, { cause });
  }
}
