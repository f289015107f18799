import { type Context } from "hono";
import { hashContactId, sha256Hex } from "../../adapters/web-crypto.ts";
import { listGuests } from "../../core/chat/carry-over.ts";
import { type VisitorCookie } from "../../core/chat/visitor.ts";
import { buildErasedRecord, type VisitorRecord } from "../../core/chat/visitor-record.ts";
import { type ChatServices } from "./services.ts";
import { renderSignOutCookies } from "./visitor-cookie.ts";

/** `DELETE /_chat/visitor`: forgets this visitor. Without our cookie there is nothing to forget. */
export async function deleteVisitor(c: Context, services: ChatServices): Promise<Response> {
  const { config, cookies, log, store } = services;
  const now = services.now();
  const cookie = await cookies.read(c, now);
  if (cookie !== null) {
    const { content, issuedAt } = cookie;
    const contactHashes = await Promise.all(content.sessions.map(({ contactId }) => hashContactId(contactId)));
    // The clock of the machine that sealed the cookie may be ahead of this one.
    const erasedAt = Math.max(now, issuedAt);
    for (const [visitorKey, record] of await readSelves(services, content)) {
      await store.recordErasure(visitorKey, buildErasedRecord(record, contactHashes, erasedAt));
    }
    log.info("visitor.forgotten");
  }
  // Last, since only the cookie leads to the record in KV.
  for (const value of await renderSignOutCookies(config.widget.id)) c.header("set-cookie", value, { append: true });
  return c.body(null, 204);
}

/** All that this person is in KV: the visitor, the customer whom the visitor has become, and guests taken over before. */
async function readSelves(
  { store }: ChatServices,
  cookie: VisitorCookie,
): Promise<ReadonlyMap<string, VisitorRecord | null>> {
  const visitorKey = await sha256Hex(cookie.visitorId);
  const own = await store.readVisitor(visitorKey);
  const customer = own?.movedTo === undefined ? null : await store.readVisitor(own.movedTo);
  const selves = new Map([[visitorKey, own]]);
  if (own?.movedTo !== undefined) selves.set(own.movedTo, customer);
  const guests = listGuests(customer ?? own, cookie.sessions).filter((key) => !selves.has(key));
  const records = guests.length === 0 ? [] : await store.readVisitors(guests);
  guests.forEach((key, index) => selves.set(key, records[index] ?? null));
  return selves;
}
