import { type Context } from "hono";
import * as v from "valibot";
import { createRandomId } from "../../adapters/web-crypto.ts";
import { withSessions } from "../../core/chat/carry-over.ts";
import { buildClaims, countTokenChars, type OwnerClaims } from "../../core/chat/claims.ts";
import { hasConsent } from "../../core/chat/consent.ts";
import { type ContextAttributes, fitContext } from "../../core/chat/context/context.ts";
import { buildAttributes, type Continuation, decideContinuation } from "../../core/chat/continuation.ts";
import { listOwn } from "../../core/chat/ownership.ts";
import { ChatError } from "../../errors.ts";
import { MAX_TOKEN_BODY_BYTES, MAX_TOKEN_CHARS } from "../../limits.ts";
import { readContext } from "./context.ts";
import { type ChatServices } from "./services.ts";
import { type History, readHistory, verifyNewest } from "./history.ts";
import { readJsonBody } from "./call/json-body.ts";
import { sentCookies } from "./call/sent-cookies.ts";

const bodySchema = v.strictObject({
  token: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
  fresh: v.exactOptional(v.boolean()),
});

/** `POST /_chat/token`: a signed token for the widget, which names the past chat that the visitor's new chat continues. */
export async function postToken(c: Context, services: ChatServices): Promise<Response> {
  const { config, cookies, tokens } = services;
  const now = services.now();
  const isConsentGiven = hasConsent(config.consentCookie, sentCookies(c));
  if (!isConsentGiven) cookies.deleteAfterRefusal(c);
  if (!(await services.isOnFor(c, now))) throw new ChatError("SWITCHED_OFF", `No tokens: MODE is ${config.mode}`);
  const body = await readJsonBody(c.req, bodySchema, MAX_TOKEN_BODY_BYTES);
  const owner = body.token === undefined ? null : await tokens.verifyOwnerToken(body.token, now);

  const context = readContext(c, config, isConsentGiven);
  if (!isConsentGiven) {
    const nothing = { continue: "none", reason: "no-consent" } as const;
    const token = await sign(services, nothing, { visitorKey: null, context, owner, now });
    return c.json({ ...token, ticket: null });
  }
  const found = await readHistory(c, services, owner?.customerId, now);
  const refusal = decideRefusal(body.fresh === true, owner);
  const history = refusal === null ? await verifyNewest(services, found, now) : found;
  const continuation = refusal ?? decide(services, history, now);
  const visitorKey = owner?.relatedContactId === undefined ? history.visitorKey : null;
  const token = await sign(services, continuation, { visitorKey, context, owner, now });
  const mayLink = refusal === null && config.linkBy === "worker";
  const ticket = await issueTicket(c, services, { history, mayLink, now });
  // So that the browser can tell whether old messages have come.
  const isContinued = continuation.continue !== "none";
  return c.json({ ...token, ticket, ...(isContinued && { history: true }) });
}

/** Why no past chat is continued, even if there is one. */
function decideRefusal(isFresh: boolean, owner: OwnerClaims | null): Continuation | null {
  if (owner?.relatedContactId !== undefined) return { continue: "none", reason: "related-contact" };
  return isFresh ? { continue: "none", reason: "asked-fresh" } : null;
}

function decide({ config, connect }: ChatServices, { sessions }: History, now: number): Continuation {
  if (sessions === null) return { continue: "none", reason: "no-history" };
  return decideContinuation(listOwn(sessions, now), {
    now,
    readyAfterSeconds: config.readyAfterSeconds,
    onlyVerified: connect !== null,
  });
}

interface TokenParts {
  readonly visitorKey: string | null;
  readonly context: ContextAttributes;
  readonly owner: OwnerClaims | null;
  readonly now: number;
}

async function sign(
  { config, log, tokens }: ChatServices,
  continuation: Continuation,
  { visitorKey, context, owner, now }: TokenParts,
): Promise<{ token: string; expiresIn: number }> {
  log.info("token.issued", { continue: continuation.continue, reason: continuation.reason });
  const names = { contact: config.contactAttribute, visitor: config.visitorAttribute };
  const ours = buildAttributes(continuation, visitorKey, names, config.linkBy);
  const life = { widgetId: config.widget.id, now, ttlSeconds: config.tokenTtlSeconds };
  const build = (more: Readonly<Record<string, string>>) => buildClaims(life, { ...more, ...ours }, owner);
  const { attributes, leftOut } = fitContext(context, (more) => countTokenChars(build(more)) <= MAX_TOKEN_CHARS);
  if (leftOut.length > 0) log.info("context.left-out", { kinds: leftOut.join(" ") });
  const claims = build(attributes);
  const token = await tokens.sign(claims);
  if (token.length > MAX_TOKEN_CHARS) {
    throw new ChatError(
      "TOKEN_TOO_LONG",
      `Cannot issue a token of ${token.length} characters: the widget takes ${MAX_TOKEN_CHARS}`,
    );
  }
  return { token, expiresIn: claims.exp - now };
}

/** Sends the cookie and the ticket together: one is useless without the other. */
async function issueTicket(
  c: Context,
  { cookies, tickets }: ChatServices,
  { history: { guest, held, sessions, visitor }, mayLink, now }: { history: History; mayLink: boolean; now: number },
): Promise<string> {
  const { id: visitorId, isCustomer } = visitor;
  const content = { visitorId, isCustomer, sessions: [...held], ...(guest !== null && { guest }) };
  await cookies.write(c, withSessions(content, sessions ?? visitor.sessions), now);
  return tickets.seal({ visitorId, id: createRandomId(), ...(mayLink && { mayLink }) }, now);
}
