import * as v from "valibot";
import { type ChatVisitor, readCode, readToken } from "../../../site/chat-visitor.ts";
import { readJson } from "../../../site/request.ts";
import { readClock } from "./stage.ts";

/** A token of the live Worker. */
export interface IssuedToken {
  readonly token: string;
  readonly ticket: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly widgetId: string;
}

export interface Report {
  readonly ticket: string;
  readonly contactId: string;
  readonly event: "started" | "ended";
  /** When it happened, in seconds. */
  readonly at: number;
}

export interface ReportReply {
  /** `null` where the Worker has taken the report, else its error code or its status. */
  readonly refusal: string | null;
  readonly status: number;
  /** What the Worker says of the link; `null`: nothing, since the contact flow links. */
  readonly link: string | null;
  readonly askAgainSeconds: number | null;
}

const replySchema = v.object({
  link: v.optional(v.nullable(v.string()), null),
  askAgainSeconds: v.optional(v.nullable(v.number()), null),
});

/**
 * Gets a token as a page does.
 *
 * @param isFresh Whether the chat is to start without history.
 * @throws {Error} With what is wrong and what to do.
 */
export async function getToken(visitor: ChatVisitor, isFresh = false): Promise<IssuedToken> {
  const { facts, ticket, token } = readToken(await visitor.call("POST", "token", isFresh ? { fresh: true } : {}));
  if (token === null || facts.claims === null) throw new Error(explainNoToken(facts.status, facts.code));
  if (ticket === null) {
    throw new Error(
      "The live Worker did not take the rehearsal's consent: it has an older version than this machine. Run npm run deploy, and repeat.",
    );
  }
  return { token, ticket, attributes: facts.claims.attributes, widgetId: facts.claims.sub };
}

/** Why the live Worker gives no token, and what to do. */
export function explainNoToken(status: number, code: string | null): string {
  switch (code) {
    case "SWITCHED_OFF":
      return 'The live Worker is switched off (its MODE is off or observe, or preview with another PREVIEW_SECRET than in .dev.vars): deploy it with MODE = "on" and, so that no visitor sees the chat yet, ROLLOUT_PERCENT = "0", and repeat.';
    case "MISCONFIGURED":
      return "The live Worker cannot use its settings: npm run doctor says which.";
    case "TOO_MANY_CALLS":
      return "The live Worker has had too many calls from here: wait a minute and repeat.";
    case null:
      return `The site answers ${status} where the Worker should give a token: npm run doctor says why.`;
    default:
      return `The live Worker gives no token (${code}): npm run doctor says why.`;
  }
}

/** Reports a chat as a page does. */
export async function report(visitor: ChatVisitor, { at, ...chat }: Report): Promise<ReportReply> {
  const ageSeconds = Math.max(0, Math.floor(readClock() - at));
  const answer = await visitor.call("POST", "contacts", { ...chat, ageSeconds });
  const reply = v.safeParse(replySchema, readJson(answer));
  const isTaken = answer.status === 200 || answer.status === 201;
  return {
    refusal: isTaken ? null : (readCode(answer) ?? String(answer.status)),
    status: answer.status,
    link: reply.success ? reply.output.link : null,
    askAgainSeconds: reply.success ? reply.output.askAgainSeconds : null,
  };
}
