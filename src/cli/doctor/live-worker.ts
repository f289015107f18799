import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { type Answer, sendRequest, readText } from "../site/request.ts";

/** How the Worker on the live site answers. */
export interface LiveFacts {
  readonly status: "ok" | "misconfigured";
  readonly version: string | null;
  readonly script: ScriptFacts;
  readonly token: TokenFacts;
  /** `null`: the Worker gave no token, or keeps no chat without consent. */
  readonly roundTrip: RoundTripFacts | null;
}

export interface ScriptFacts {
  readonly status: number;
  readonly isJavaScript: boolean;
  readonly isEmpty: boolean;
}

export interface TokenFacts {
  readonly status: number;
  /** The Worker's error code; `null` where there is none, or the answer is not the Worker's. */
  readonly code: string | null;
  /** `null` where there is no token, or it cannot be read. */
  readonly claims: Claims | null;
  /** Time on the machine that answered, from its `Date` header, in seconds; `null` without one. */
  readonly dateSeconds: number | null;
  /** Time on this machine, in seconds. */
  readonly localSeconds: number;
}

export interface RoundTripFacts {
  /** Status of the report of a made-up chat. */
  readonly reported: number;
  readonly reportCode: string | null;
  /** Whether the next token continues that chat. */
  readonly isOffered: boolean;
  /** Status of the erasure at the end. */
  readonly forgotten: number;
}

const claimsSchema = v.object({
  sub: v.string(),
  iat: v.number(),
  exp: v.number(),
  attributes: v.record(v.string(), v.unknown()),
});

export type Claims = v.InferOutput<typeof claimsSchema>;

const healthSchema = v.variant("status", [
  v.object({ status: v.literal("ok"), version: v.string() }),
  v.object({ status: v.literal("misconfigured") }),
]);

const tokenSchema = v.object({ token: v.string(), ticket: v.nullable(v.string()) });
const errorSchema = v.object({ error: v.string() });

const PAUSE_MS = 1000;

const AGENT = { "user-agent": "persistent-chat-edge-doctor" } as const;

/**
 * Makes the calls of a chat to the Worker on the live site, with a made-up visitor and contact id, and has both forgotten at
 * the end.
 *
 * @param chatUrl Where the Worker's routes are, such as `https://www.example.com/_chat`.
 * @param contactAttribute Name of the attribute with the past contact id.
 * @returns `null` where no Worker answers.
 */
export async function lookAtLive(chatUrl: string, contactAttribute: string): Promise<LiveFacts | null> {
  const health = await readHealth(chatUrl);
  if (health === null) return null;
  const visitor = createVisitor(chatUrl);
  const script = toScriptFacts(await sendRequest(new URL(`${chatUrl}/widget.js`), { headers: AGENT }));
  const { facts, ticket } = readToken(await visitor.call("POST", "token", {}));
  return {
    status: health.status,
    version: health.status === "ok" ? health.version : null,
    script,
    token: facts,
    roundTrip: ticket === null ? null : await tryRoundTrip(visitor, ticket, contactAttribute),
  };
}

/** @param seconds Longest wait for a Worker to answer. */
export async function waitForWorker(chatUrl: string, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while ((await readHealth(chatUrl)) === null && Date.now() < deadline) await sleep(PAUSE_MS);
}

async function readHealth(chatUrl: string): Promise<v.InferOutput<typeof healthSchema> | null> {
  const answer = await sendRequest(new URL(`${chatUrl}/health`), { headers: AGENT }).catch(() => null);
  const health = v.safeParse(healthSchema, answer && readJson(answer));
  return health.success ? health.output : null;
}

async function tryRoundTrip(visitor: Visitor, ticket: string, contactAttribute: string): Promise<RoundTripFacts> {
  const contactId = randomUUID();
  try {
    const report = { ticket, contactId, event: "started", ageSeconds: 0 };
    const reported = await visitor.call("POST", "contacts", report);
    const { claims } = readToken(await visitor.call("POST", "token", {})).facts;
    return {
      reported: reported.status,
      reportCode: readCode(reported),
      isOffered: claims?.attributes[contactAttribute] === contactId,
      forgotten: (await visitor.call("DELETE", "visitor")).status,
    };
  } catch (error) {
    // The made-up visitor must not stay in the store.
    await visitor.call("DELETE", "visitor").catch(() => undefined);
    throw error;
  }
}

interface Visitor {
  call(method: "POST" | "DELETE", route: string, body?: object): Promise<Answer>;
}

/** Calls the chat routes as a browser does: with the cookie that they set. */
function createVisitor(chatUrl: string): Visitor {
  let cookie: string | null = null;
  return {
    async call(method, route, body) {
      const url = new URL(`${chatUrl}/${route}`);
      const headers = {
        ...AGENT,
        origin: url.origin,
        "sec-fetch-site": "same-origin",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(cookie !== null && { cookie }),
      };
      const answer = await sendRequest(url, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const given = answer.headers.getSetCookie().find((text) => /^__Host-chat-[\da-f]{8}=/.test(text));
      if (given !== undefined) cookie = given.replace(/;.*/s, "");
      return answer;
    },
  };
}

function toScriptFacts(answer: Answer): ScriptFacts {
  return {
    status: answer.status,
    isJavaScript: /\bjavascript\b/i.test(answer.headers.get("content-type") ?? ""),
    isEmpty: readText(answer).trim() === "",
  };
}

function readToken(answer: Answer): { readonly facts: TokenFacts; readonly ticket: string | null } {
  const token = v.safeParse(tokenSchema, readJson(answer));
  const date = Date.parse(answer.headers.get("date") ?? "");
  const facts = {
    status: answer.status,
    code: readCode(answer),
    claims: token.success ? readClaims(token.output.token) : null,
    dateSeconds: Number.isNaN(date) ? null : date / 1000,
    localSeconds: Date.now() / 1000,
  };
  return { facts, ticket: token.success ? token.output.ticket : null };
}

function readClaims(token: string): Claims | null {
  const claims = v.safeParse(claimsSchema, parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()));
  return claims.success ? claims.output : null;
}

function readCode(answer: Answer): string | null {
  const error = v.safeParse(errorSchema, readJson(answer));
  return error.success ? error.output.error : null;
}

function readJson(answer: Answer): unknown {
  return parseJson(readText(answer));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
