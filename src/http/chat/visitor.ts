import { type Context } from "hono";
import { hashContactId, sha256Hex } from "../../adapters/web-crypto.ts";
import { buildErasedRecord } from "../../core/chat/visitor-record.ts";
import { type ChatServices } from "./services.ts";
import { renderSignOutCookies } from "./visitor-cookie.ts";

/** `DELETE /_chat/visitor`: forgets this visitor. Without our cookie there is nothing to forget. */
export async function deleteVisitor(c: Context, services: ChatServices): Promise<Response> {
  const { config, cookies, log, store } = services;
  const now = services.now();
  const cookie = await cookies.read(c, now);
  if (cookie !== null) {
    const { visitorId, sessions } = cookie.content;
    const visitorKey = await sha256Hex(visitorId);
    const record = await store.readVisitor(visitorKey);
    const contactHashes = await Promise.all(sessions.map(({ contactId }) => hashContactId(contactId)));
    // The clock of the machine that sealed the cookie may be ahead of this one.
    const erased = buildErasedRecord(record, contactHashes, Math.max(now, cookie.issuedAt));
    await store.recordErasure(visitorKey, erased);
    log.info("visitor.forgotten");
  }
  // Last, since only the cookie leads to the record in KV.
  for (const value of await renderSignOutCookies(config.widget.id)) c.header("set-cookie", value, { append: true });
  return c.body(null, 204);
}
