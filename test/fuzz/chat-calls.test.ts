import { join } from "node:path";
import { type Arbitrary, array, assert as assertProperty, asyncProperty, constant, constantFrom, integer, jsonValue, nat, oneof, record, string, tuple, uint8Array } from "fast-check"; // prettier-ignore
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCookie } from "../../src/core/cookie-header.ts";
import { securityKey, settings, widgetId } from "../worker/settings.ts";
import { type RunningWorkerd, startWorkerd } from "../worker/start-workerd.ts";
import { claimsOf, createVisitorClient } from "../worker/visitor-client.ts";
import { signToken } from "../playground/connect/sign-token.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "./fuzz.ts";
import { mutated } from "./mutation.ts";

const FRAGMENTS = [
  "{", "}", "[", "]", ",", ":", '"', '""', "null", "true", "0", "-0", "-1", "1.5", "1e400", "9007199254740993", "\\u0000", '"\\ud800"', "\\",
  '"__proto__":{"ticket":"x"}', '"constructor":1', '"fresh":true', '"token":""', '"event":"ended"', '"ageSeconds":1e9', '"contactId":".."',
  '"ticket":"a.b.c"', " ", "\n", "\ufeff", "\u00e9", "\u{1f375}", "\0", "//", "/**/",
]; // prettier-ignore
const SEALED_FRAGMENTS = [
  ".",
  "..",
  "=",
  "-",
  "_",
  "A",
  "e30",
  ";",
  " ",
  ",",
  '"',
  "%3D",
  "\u00e9",
  "__Host-chat-",
  "__Host-chat-left=x",
];

const STATUSES = new Set([200, 201, 400, 403, 405, 413, 415, 422]);

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

let worker: RunningWorkerd;
/** Whose chat nobody else may learn of. */
let victim: { readonly cookie: string; readonly contactId: string };
let own: { readonly cookie: string; readonly ticket: string };

beforeAll(async () => {
  worker = await startWorkerd({ vars: settings, entry: join(import.meta.dirname, "entries/kept-in-memory.ts") });
  const client = createVisitorClient(worker.origin);
  const contactId = crypto.randomUUID();
  expect((await client.report({ ticket: (await client.token()).ticket, contactId })).status).toBe(201);
  victim = { cookie: client.cookie, contactId };
  const other = createVisitorClient(worker.origin);
  const { ticket } = await other.token();
  own = { cookie: other.cookie, ticket };
});
afterAll(() => worker.close());

/** Calls of someone who has a cookie and a ticket, and knows what the victim's look like. */
function anyCall(): Arbitrary<Call> {
  const report = { ticket: own.ticket, contactId: crypto.randomUUID(), event: "started", ageSeconds: 0 };
  const now = Math.floor(Date.now() / 1000);
  const ownerToken = signToken({ claims: { sub: widgetId, iat: now, exp: now + 500, customerId: "c7" }, securityKey });
  const examples = ["{}", '{"fresh":true}', JSON.stringify({ token: ownerToken }), JSON.stringify(report)];
  const tickets = mutated([own.ticket], SEALED_FRAGMENTS, 3);
  const reports = record({
    ticket: oneof({ weight: 2, arbitrary: constant<unknown>(own.ticket) }, tickets, jsonValue()),
    contactId: oneof(constantFrom<unknown>(report.contactId, victim.contactId), string(), jsonValue()),
    event: oneof({ weight: 3, arbitrary: constantFrom<unknown>("started", "ended") }, jsonValue()),
    ageSeconds: oneof({ weight: 3, arbitrary: nat() }, constantFrom<unknown>(1.5, -1, "0"), jsonValue()),
  });
  const tokens = record({ token: mutated([ownerToken], SEALED_FRAGMENTS, 3) });
  const long = tuple(constantFrom("[", '{"a":', " ", "\u00e9", '"token":"x",'), integer({ min: 1, max: 9000 }));
  const bodies: Arbitrary<Uint8Array<ArrayBuffer>> = oneof(
    { weight: 6, arbitrary: mutated(examples, [...FRAGMENTS, `"${victim.contactId}"`], 4) },
    { weight: 3, arbitrary: reports.map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: tokens.map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: long.map(([piece, count]) => piece.repeat(count)) },
  ).map((text) => Buffer.from(text));
  const cookies = mutated(
    [own.cookie, victim.cookie, `a=b; ${own.cookie}; c=d`, `${victim.cookie}; ${own.cookie}`],
    SEALED_FRAGMENTS,
    3,
  );
  const headers = record({
    "content-type": oneof({ weight: 9, arbitrary: constant("application/json") }, constantFrom("text/plain", "application/json;charset=utf-16", "Application/JSON ; a=b", "application/jsonp")),
    "sec-fetch-site": oneof({ weight: 9, arbitrary: constant("same-origin") }, constantFrom("cross-site", "none", "")),
    cookie: oneof({ weight: 3, arbitrary: cookies }, constant(own.cookie)),
  }); // prettier-ignore
  return record<Call>({
    method: oneof({ weight: 9, arbitrary: constant("POST") }, constantFrom("PUT", "PATCH", "DELETE")),
    path: constantFrom("/_chat/token", "/_chat/contacts"),
    headers,
    body: oneof({ weight: 9, arbitrary: bodies }, uint8Array({ maxLength: 60 })),
  });
}

const bytesOf = (text: string) => text.split(".").map((part) => Buffer.from(part, "base64url").toString("hex")).join("."); // prettier-ignore

/** Whether a cookie of the victim's own is sent, in whatever spelling of its bytes. */
function comesFromVictim(cookieHeader: string): boolean {
  const [name = "", value = ""] = victim.cookie.split("=");
  return bytesOf(readCookie(cookieHeader, name) ?? "") === bytesOf(value);
}

async function expectProperAnswer({ method, path, headers, body }: Call): Promise<void> {
  const response = await fetch(worker.origin + path, { method, headers, body });
  expect(STATUSES).toContain(response.status);
  const answer: Record<string, unknown> = await response.json();
  if (response.status >= 400) return expect(answer).toEqual({ error: expect.stringMatching(/^[A-Z_]+$/) });
  if (path === "/_chat/token") {
    const { attributes } = claimsOf(String(answer["token"]));
    const offered = Object.values(attributes).includes(victim.contactId);
    if (offered) expect(comesFromVictim(headers["cookie"] ?? "")).toBe(true);
  } else {
    const report: { ticket: string; contactId: string } = JSON.parse(Buffer.from(body).toString());
    expect(bytesOf(report.ticket)).toBe(bytesOf(own.ticket));
    expect(report.contactId).not.toBe(victim.contactId);
  }
}

describe("the chat routes", () => {
  it("answer any call, and never with someone else's chat", { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const calls = array(anyCall(), { minLength: 1, maxLength: 8 });
    await assertProperty(
      asyncProperty(calls, async (few) => {
        await Promise.all(few.map(expectProperAnswer));
      }),
      fuzzed(100),
    );
    expect(worker.complaints).toEqual([]);
    const written = JSON.stringify(worker.logs);
    for (const secret of [own.ticket, victim.contactId, own.cookie.slice(-20), securityKey]) {
      expect(written).not.toContain(secret);
    }
  });
});
