import { type Context } from "hono";
import * as v from "valibot";
import { createRandomId, sha256Hex } from "../adapters/web-crypto.ts";
import { type OwnerClaims, buildClaims } from "../core/claims.ts";
import { type Continuation, buildAttributes, decideContinuation } from "../core/continuation.ts";
import { decideVisitor, type Visitor } from "../core/visitor.ts";
import { mergeSessions, oldestKept, type Session } from "../core/visitor-record.ts";
import { ChatError } from "../errors.ts";
import { MAX_TOKEN_BODY_BYTES, MAX_TOKEN_CHARS } from "../limits.ts";
import { type ChatServices } from "./chat-services.ts";
import { readJsonBody } from "./json-body.ts";

const bodySchema = v.strictObject({
  token: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
  fresh: v.exactOptional(v.boolean()),
});

/** `POST /_chat/token`: a signed token for the widget, with what this visitor's new chat is to continue. */
export async function postToken(c: Context, services: ChatServices): Promise<Response> {
  const { config, cookies, log, tickets, tokens } = services;
  if (config.mode !== "on") throw new ChatError("SWITCHED_OFF", `No tokens: MODE is ${config.mode}`);
  const body = await readJsonBody(c.req, bodySchema, MAX_TOKEN_BODY_BYTES);
  const now = services.now();
  const owner = body.token === undefined ? null : await tokens.verifyOwnerToken(body.token, now);

  const visitor = decideVisitor(
    await cookies.read(c, now),
    owner?.customerId === undefined ? null : await sha256Hex(`${config.widget.id}\0${owner.customerId}`),
    createRandomId(),
  );
  const visitorKey = await sha256Hex(visitor.id);
  const sessions = await readSessions(services, visitor, visitorKey, now);
  const continuation = decide(services, { sessions, owner, isFresh: body.fresh === true, now });
  log.info("token.issued", { continue: continuation.continue, reason: continuation.reason });

  const attributes = buildAttributes(continuation, owner?.relatedContactId === undefined ? visitorKey : null, {
    contact: config.contactAttribute,
    visitor: config.visitorAttribute,
  });
  const claims = buildClaims(
    { widgetId: config.widget.id, now, ttlSeconds: config.tokenTtlSeconds },
    attributes,
    owner,
  );
  const token = await tokens.sign(claims);
  if (token.length > MAX_TOKEN_CHARS) {
    throw new ChatError(
      "TOKEN_TOO_LONG",
      `Cannot issue a token of ${token.length} characters: the widget takes ${MAX_TOKEN_CHARS}`,
    );
  }
  const ticket = await tickets.seal({ visitorId: visitor.id, id: createRandomId() }, now);
  await cookies.write(
    c,
    { visitorId: visitor.id, isCustomer: visitor.isCustomer, sessions: sessions ?? visitor.sessions },
    now,
  );
  return c.json({ token, expiresIn: claims.exp - now, ticket });
}

/** @returns `null` when KV cannot be asked: it might hold an erasure, so not even the cookie's sessions are offered. */
async function readSessions(
  { config, log, store }: ChatServices,
  visitor: Visitor,
  visitorKey: string,
  now: number,
): Promise<Session[] | null> {
  if (visitor.isNew) return [];
  try {
    const record = await store.readVisitor(visitorKey);
    const oldest = oldestKept(now, config.retentionDays, record?.erasedAt);
    return mergeSessions([visitor.sessions, record?.sessions ?? []], oldest);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    log.error("store.unavailable", { message: error.message });
    return null;
  }
}

function decide(
  { config }: ChatServices,
  asked: { sessions: Session[] | null; owner: OwnerClaims | null; isFresh: boolean; now: number },
): Continuation {
  if (asked.owner?.relatedContactId !== undefined) return { continue: "none", reason: "related-contact" };
  if (asked.isFresh) return { continue: "none", reason: "asked-fresh" };
  if (asked.sessions === null) return { continue: "none", reason: "no-history" };
  return decideContinuation(asked.sessions, { now: asked.now, readyAfterSeconds: config.readyAfterSeconds });
}
