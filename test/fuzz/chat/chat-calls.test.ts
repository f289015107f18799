import { join } from "node:path";
import { type Arbitrary, array, assert as assertProperty, asyncProperty, boolean, constant, constantFrom, integer, jsonValue, nat, oneof, record, string, tuple, uint8Array } from "fast-check"; // prettier-ignore
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { securityKey, settings, widgetId } from "../../worker/settings.ts";
import { type RunningWorkerd, startWorkerd } from "../../worker/start-workerd.ts";
import { claimsOf, createVisitorClient } from "../../worker/visitor-client.ts";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";
import { mutated } from "../mutation.ts";

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
  // U+0085, U+00A0, U+2000, U+FEFF and a lone surrogate, as the bytes of UTF-8; and bytes that are none.
  "\u00c2\u0085",
  "\u00c2\u00a0",
  "\u00e2\u0080\u0080",
  "\u00ef\u00bb\u00bf",
  "\u00ed\u00a0\u0080",
  "\u00a0",
  "\u00ff",
];

const SAID = [
  "page=%2Fa&title=Tea&trail=60000+%2Fa+0&referrer=https%3A%2F%2Fa.example%2F&error=x%0Ahttps%3A%2F%2Fa.example%2Fb.js",
];
const SAID_FRAGMENTS = ["%", "%00", "%ff", "%ED%A0%80", "%E2%80%AE", "%3Cb%3E", "&", "=", "+", "%0A", "%3F", "contactId=x&", "9".repeat(400)]; // prettier-ignore

/** Stands for a ticket that is issued for the call that carries it: a ticket admits one contact. */
const FRESH_TICKET = "ticket-issued-now";

const STATUSES = new Set([200, 201, 400, 403, 405, 413, 415, 422]);

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

let worker: RunningWorkerd;
/** Nobody else may learn of this visitor's chat. */
let victim: { readonly cookie: string; readonly contactId: string };
let own: { readonly cookie: string; readonly ticket: string };

beforeAll(async () => {
  const vars = { ...settings, CONTEXT: "page title trail referrer language country device error" };
  worker = await startWorkerd({ vars, entry: join(import.meta.dirname, "../entries/kept-in-memory.ts") });
  const client = createVisitorClient(worker.origin);
  const contactId = "7b9f0a4e-1111-4222-8333-444455556666";
  expect((await client.report({ ticket: (await client.token()).ticket, contactId })).status).toBe(201);
  victim = { cookie: client.cookie, contactId };
  const other = createVisitorClient(worker.origin);
  const { ticket } = await other.token();
  own = { cookie: other.cookie, ticket };
});
afterAll(() => worker.close());

/** Mostly right values, so that a call gets as far as its one wrong value. */
function mostly<Value>(right: Arbitrary<Value>, wrong: Arbitrary<Value>): Arbitrary<Value> {
  return oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

function anyTokenBody(): Arbitrary<string> {
  const now = Math.floor(Date.now() / 1000);
  const ownerToken = signToken({ claims: { sub: widgetId, iat: now, exp: now + 500, customerId: "c7" }, securityKey });
  const bodies = record<unknown>(
    { token: mutated([ownerToken], SEALED_FRAGMENTS, 1), fresh: mostly<unknown>(boolean(), jsonValue()) },
    { requiredKeys: [] },
  );
  const examples = ["{}", '{"fresh":true}', JSON.stringify({ token: ownerToken })];
  return oneof(
    mutated(examples, FRAGMENTS, 2),
    bodies.map((body) => JSON.stringify(body)),
  );
}

function anyReport(): Arbitrary<string> {
  const report = {
    ticket: own.ticket,
    contactId: "0f9f1c0e-7f6e-4b58-9f53-6d3d5cf4a001",
    event: "started",
    ageSeconds: 0,
  };
  const reports = record({
    ticket: oneof(constantFrom(FRESH_TICKET, own.ticket), mutated([own.ticket], SEALED_FRAGMENTS, 1)),
    contactId: mostly<unknown>(constantFrom(report.contactId, victim.contactId), oneof(string(), jsonValue())),
    event: mostly<unknown>(constantFrom("started", "ended"), jsonValue()),
    ageSeconds: mostly<unknown>(nat({ max: 1000 }), oneof(constantFrom<unknown>(1.5, -1, 1e9, "0"), jsonValue())),
  });
  return oneof(
    mutated(
      [JSON.stringify(report), JSON.stringify({ ...report, ticket: FRESH_TICKET })],
      [...FRAGMENTS, `"${victim.contactId}"`],
      2,
    ),
    reports.map((body) => JSON.stringify(body)),
  );
}

/** Calls of somebody who has a cookie and a ticket, and knows the victim's cookie and contact id. */
function anyCall(): Arbitrary<Call> {
  const long = tuple(constantFrom("[", '{"a":', " ", "\u00e9", '"token":"x",'), integer({ min: 1, max: 9000 }));
  const oddBodies = oneof(
    long.map(([piece, count]) => Buffer.from(piece.repeat(count))),
    uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  );
  const cookies = [
    own.cookie,
    victim.cookie,
    `a=b; ${own.cookie}; c=d`,
    `${victim.cookie}; ${own.cookie}`,
    `\u00e2\u0080\u0080${victim.cookie}`,
    `${own.cookie};\u00c2\u00a0${victim.cookie}`,
  ];
  const headers = record({
    "content-type": mostly(
      constantFrom("application/json", "Application/JSON ; a=b"),
      constantFrom("text/plain", "application/json;charset=utf-16", "application/jsonp", ""),
    ),
    "sec-fetch-site": mostly(constant("same-origin"), constantFrom("cross-site", "none", "")),
    cookie: oneof(constant(own.cookie), mutated(cookies, SEALED_FRAGMENTS, 2)),
    "x-chat-context": mutated(SAID, SAID_FRAGMENTS, 2),
  });
  const callsOf = (path: string, bodies: Arbitrary<string>) =>
    record<Call>({
      method: mostly(constant("POST"), constantFrom("PUT", "PATCH", "DELETE")),
      path: constant(path),
      headers,
      body: mostly(
        bodies.map((text) => Buffer.from(text)),
        oddBodies,
      ),
    });
  return oneof(callsOf("/_chat/token", anyTokenBody()), callsOf("/_chat/contacts", anyReport()));
}

const bytesOf = (text: string) => text.split(".").map((part) => Buffer.from(part, "base64url").toString("hex")).join("."); // prettier-ignore

/** Whether a browser would have sent the victim's cookie under its own name, in any spelling of its bytes. */
function comesFromVictim(cookieHeader: string): boolean {
  const [name = "", value = ""] = victim.cookie.split("=");
  const sent = new RegExp(`^[\\t ]*${name}[\\t ]*=[\\t ]*([^\\t ]*)`);
  return cookieHeader.split(";").some((cookie) => bytesOf(sent.exec(cookie)?.[1] ?? "") === bytesOf(value));
}

async function issueTicket(): Promise<string> {
  const visitor = createVisitorClient(worker.origin);
  visitor.cookie = own.cookie;
  return (await visitor.token()).ticket;
}

async function expectProperAnswer({ method, path, headers, body }: Call): Promise<void> {
  const issued = body.includes(FRESH_TICKET) ? await issueTicket() : own.ticket;
  const sent = Buffer.from(body.toString("latin1").replaceAll(FRESH_TICKET, issued), "latin1");
  const response = await fetch(worker.origin + path, { method, headers, body: sent });
  expect(STATUSES).toContain(response.status);
  const answer: Record<string, unknown> = await response.json();
  if (response.status >= 400) return expect(answer).toEqual({ error: expect.stringMatching(/^[A-Z_]+$/) });
  if (path === "/_chat/token") {
    const { attributes } = claimsOf(String(answer["token"]));
    const offered = Object.values(attributes).includes(victim.contactId);
    if (offered) expect(comesFromVictim(headers["cookie"] ?? "")).toBe(true);
    const told = Object.entries(attributes).filter(([name]) => /^chat(?!Continue|WaitSeconds)/.test(name));
    expect(told).toHaveLength(8);
    for (const [, text] of told) expect(text).toMatch(/^[^<>\p{Cc}\p{Cs}\u202e]{1,256}$/u);
  } else {
    const report: { ticket: string; contactId: string } = JSON.parse(sent.toString());
    expect([own.ticket, issued].map(bytesOf)).toContain(bytesOf(report.ticket));
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
