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

export function createVisitorStore(kv: VisitorNamespace): VisitorStore {
  return {
    async readVisitor(visitorKey) {
      const text = await answered("read a visitor", () => kv.get(`visitor:${visitorKey}`));
      if (text === null) return null;
      const record = parseVisitorRecord(text);
      if (record === null) throw new ChatError("STORE_UNAVAILABLE", "Cannot read a visitor: KV holds no valid record");
      return record;
    },
    recordVisitor: (visitorKey, record, expirationTtl) =>
      answered("record a visitor", () => kv.put(`visitor:${visitorKey}`, JSON.stringify(record), { expirationTtl })),
    readOwner: (contactHash) => answered("read a contact's owner", () => kv.get(`contact:${contactHash}`)),
    recordOwner: (contactHash, visitorKey) =>
      answered("record a contact's owner", () =>
        kv.put(`contact:${contactHash}`, visitorKey, { expirationTtl: OWNER_RECORD_DAYS * 86_400 }),
      ),
  };
}

async function answered<T>(action: string, call: () => Promise<T>): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${STORE_TIMEOUT_MS} ms`)), STORE_TIMEOUT_MS);
  try {
    return await Promise.race([call(), timeout]);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ChatError("STORE_UNAVAILABLE", `Cannot ${action}: ${found}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
