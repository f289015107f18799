import { type Context } from "hono";
import { hashContactId, sha256Hex } from "../../adapters/web-crypto.ts";
import { isForgottenWith, listGuests } from "../../core/chat/carry-over.ts";
import { type VisitorCookie } from "../../core/chat/visitor.ts";
import { buildErasedRecord, toCustomer, type VisitorRecord } from "../../core/chat/visitor-record.ts";
import { type ChatServices } from "./services.ts";
import { renderSignOutCookies } from "./visitor-cookie.ts";

/** `DELETE /_chat/visitor`: forgets this visitor. Without our cookie there is nothing to forget. */
export async function deleteVisitor(c: Context, services: ChatServices): Promise<Response> {
  const { config, cookies, log, store } = services;
  const now = services.now();
  const cookie = await cookies.read(c, now, { evenBeforeRefusal: true });
  if (cookie !== null) {
    const { content, issuedAt } = cookie;
    const contactHashes = await Promise.all(content.sessions.map(({ contactId }) => hashContactId(contactId)));
    // The clocks of the machines that sealed the cookie and issued its tickets may be ahead of this one.
    const erasedAt = Math.max(now, issuedAt, ...content.sessions.map(({ startedAt }) => startedAt));
    for (const [visitorKey, record] of await readSelves(services, content)) {
      await store.recordErasure(visitorKey, buildErasedRecord(record, contactHashes, erasedAt));
    }
    log.info("visitor.forgotten");
  }
  // Last, since only the cookie leads to the record in KV.
  for (const value of await renderSignOutCookies(config.widget.id)) c.header("set-cookie", value, { append: true });
  return c.body(null, 204);
}

/**
 * All that this person is in KV and is not forgotten yet: the visitor, the customer whom the visitor has become, guests taken
 * over before, and the guest that this browser was before the sign-in.
 */
async function readSelves(
  { store }: ChatServices,
  cookie: VisitorCookie,
): Promise<ReadonlyMap<string, VisitorRecord | null>> {
  const visitorKey = await sha256Hex(cookie.visitorId);
  const own = await store.readVisitor(visitorKey);
  const customerKey = toCustomer(own) ?? visitorKey;
  const customer = customerKey === visitorKey ? own : await store.readVisitor(customerKey);
  const selves = new Map([
    [visitorKey, own],
    [customerKey, customer],
  ]);
  const taken = listGuests(customer, cookie.sessions);
  const named = cookie.guest === undefined ? taken : [...taken, cookie.guest.visitorKey];
  const guests = [...new Set(named)].filter((key) => !selves.has(key));
  const records = guests.length === 0 ? [] : await store.readVisitors(guests);
  guests.forEach((key, index) => {
    const record = records[index] ?? null;
    if (isForgottenWith(record, customerKey, taken.includes(key))) selves.set(key, record);
  });
  return selves;
}
