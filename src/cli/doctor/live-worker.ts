import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createChatVisitor, type ChatVisitor, readCode, readToken, type TokenFacts } from "../site/chat-visitor.ts";
import { readHealth } from "../site/read-health.ts";
import { type Answer, readText, sendRequest } from "../site/request.ts";

/** How the Worker on the live site answers. */
export interface LiveFacts {
  readonly status: "ok" | "misconfigured";
  readonly version: string | null;
  readonly script: ScriptFacts;
  readonly token: TokenFacts;
  /** `null`: the Worker gave no token, or no ticket with it. */
  readonly roundTrip: RoundTripFacts | null;
}

export interface ScriptFacts {
  readonly status: number;
  readonly isJavaScript: boolean;
  readonly isEmpty: boolean;
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

const PAUSE_MS = 1000;

const AGENT = "persistent-chat-edge-doctor";

/**
 * Makes the calls of a chat to the Worker on the live site, with a made-up visitor and contact id, and has both forgotten at
 * the end.
 *
 * @param chatUrl Where the Worker's routes are, such as `https://www.example.com/_chat`.
 * @param contactAttribute Name of the attribute with the past contact id.
 * @returns `null` where no Worker answers.
 */
export async function lookAtLive(chatUrl: string, contactAttribute: string): Promise<LiveFacts | null> {
  const health = await readHealth(chatUrl, AGENT);
  if (health === null) return null;
  const visitor = createChatVisitor(chatUrl, AGENT);
  const script = toScriptFacts(
    await sendRequest(new URL(`${chatUrl}/widget.js`), { headers: { "user-agent": AGENT } }),
  );
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
  while ((await readHealth(chatUrl, AGENT)) === null && Date.now() < deadline) await sleep(PAUSE_MS);
}

async function tryRoundTrip(visitor: ChatVisitor, ticket: string, contactAttribute: string): Promise<RoundTripFacts> {
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

function toScriptFacts(answer: Answer): ScriptFacts {
  return {
    status: answer.status,
    isJavaScript: /\bjavascript\b/i.test(answer.headers.get("content-type") ?? ""),
    isEmpty: readText(answer).trim() === "",
  };
}
