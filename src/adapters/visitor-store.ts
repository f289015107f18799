import { parseVisitorRecord, type VisitorRecord } from "../core/visitor-record.ts";
import { ChatError } from "../errors.ts";
import { OWNER_RECORD_DAYS, STORE_TIMEOUT_MS } from "../limits.ts";

/** What this adapter needs of a KV namespace. */
export interface VisitorNamespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { readonly expirationTtl: number }): Promise<void>;
}

export function isVisitorNamespace(binding: unknown): binding is VisitorNamespace {
  return typeof binding === "object" && binding !== null && "get" in binding && "put" in binding;
}

/**
 * Who had which chat, in KV. Reads may be 60 s or more behind the writes of another location, and so may "not found".
 *
 * Every method throws `STORE_UNAVAILABLE` when KV fails or does not answer in time.
 */
export interface VisitorStore {
  readVisitor(visitorKey: string): Promise<VisitorRecord | null>;
  recordVisitor(visitorKey: string, record: VisitorRecord, ttlSeconds: number): Promise<void>;
  /** The visitor key of a contact's owner. */
  readOwner(contactHash: string): Promise<string | null>;
  recordOwner(contactHash: string, visitorKey: string): Promise<void>;
}

/** Where KV holds what is known of a visitor. */
export function toVisitorEntry(visitorKey: string): string {
  return `visitor:${visitorKey}`;
}

/** Where KV holds whose a contact is. */
export function toContactEntry(contactHash: string): string {
  return `contact:${contactHash}`;
}

/** @param timeoutMs How long one answer of KV may take, in milliseconds. */
export function createVisitorStore(kv: VisitorNamespace, timeoutMs = STORE_TIMEOUT_MS): VisitorStore {
  const answered = <T>(action: string, call: () => Promise<T>) => answeredWithin(timeoutMs, action, call);
  return {
    async readVisitor(visitorKey) {
      const text = await answered("read a visitor", () => kv.get(toVisitorEntry(visitorKey)));
      if (text === null) return null;
      const record = parseVisitorRecord(text);
      if (record === null) throw new ChatError("STORE_UNAVAILABLE", "Cannot read a visitor: KV holds no valid record");
      return record;
    },
    recordVisitor: (visitorKey, record, expirationTtl) =>
      answered("record a visitor", () => kv.put(toVisitorEntry(visitorKey), JSON.stringify(record), { expirationTtl })),
    readOwner: (contactHash) => answered("read a contact's owner", () => kv.get(toContactEntry(contactHash))),
    recordOwner: (contactHash, visitorKey) =>
      answered("record a contact's owner", () =>
        kv.put(toContactEntry(contactHash), visitorKey, { expirationTtl: OWNER_RECORD_DAYS * 86_400 }),
      ),
  };
}

async function answeredWithin<T>(timeoutMs: number, action: string, call: () => Promise<T>): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([call(), timeout]);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ChatError("STORE_UNAVAILABLE", `Cannot ${action}: ${found}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
