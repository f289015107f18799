import * as v from "valibot";
import { WORD_COOKIE } from "../../core/headers/cookies.ts";
import { type Answer, parseJson, readJson, sendRequest } from "./request.ts";

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

interface TokenAnswer {
  readonly facts: TokenFacts;
  /** `null` where there is none. */
  readonly token: string | null;
  readonly ticket: string | null;
}

const claimsSchema = v.object({
  sub: v.string(),
  iat: v.number(),
  exp: v.number(),
  attributes: v.record(v.string(), v.unknown()),
});

export type Claims = v.InferOutput<typeof claimsSchema>;

const tokenSchema = v.object({ token: v.string(), ticket: v.nullable(v.string()) });
const errorSchema = v.object({ error: v.string() });

/** A made-up visitor of a live site. */
export interface ChatVisitor {
  /** Calls a chat route, such as `token`. */
  call(method: "POST" | "DELETE", route: string, body?: object): Promise<Answer>;
}

/**
 * Calls the chat routes as a browser does: with the cookies that they set, and with consent, whatever CONSENT_COOKIE asks
 * for.
 *
 * @param chatUrl Where the Worker's routes are, such as `https://www.example.com/_chat`.
 */
export function createChatVisitor(chatUrl: string, userAgent: string): ChatVisitor {
  const cookies = new Map([[WORD_COOKIE, `${WORD_COOKIE}=1`]]);
  return {
    async call(method, route, body) {
      const url = new URL(`${chatUrl}/${route}`);
      const headers = {
        "user-agent": userAgent,
        origin: url.origin,
        "sec-fetch-site": "same-origin",
        ...(body !== undefined && { "content-type": "application/json" }),
        cookie: [...cookies.values()].join("; "),
      };
      const answer = await sendRequest(url, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      for (const text of answer.headers.getSetCookie()) {
        const [pair, name] = /^(__Host-chat-[^=;]+)=[^;]*/.exec(text) ?? [];
        if (pair !== undefined && name !== undefined) cookies.set(name, pair);
      }
      return answer;
    },
  };
}

/** Reads the answer of `POST /_chat/token`. */
export function readToken(answer: Answer): TokenAnswer {
  const token = v.safeParse(tokenSchema, readJson(answer));
  const date = Date.parse(answer.headers.get("date") ?? "");
  const facts = {
    status: answer.status,
    code: readCode(answer),
    claims: token.success ? readClaims(token.output.token) : null,
    dateSeconds: Number.isNaN(date) ? null : date / 1000,
    localSeconds: Date.now() / 1000,
  };
  return token.success ? { facts, ...token.output } : { facts, token: null, ticket: null };
}

function readClaims(token: string): Claims | null {
  const claims = v.safeParse(claimsSchema, parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()));
  return claims.success ? claims.output : null;
}

/** @returns The Worker's error code; `null` where there is none, or the answer is not the Worker's. */
export function readCode(answer: Answer): string | null {
  const error = v.safeParse(errorSchema, readJson(answer));
  return error.success ? error.output.error : null;
}
