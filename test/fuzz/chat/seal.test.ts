import {
  assert as assertProperty,
  asyncProperty,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  record,
  string,
} from "fast-check";
import { EncryptJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createSeal, type Seal } from "../../../src/adapters/seal.ts";
import { ticketSchema } from "../../../src/core/chat/contact-report.ts";
import { visitorCookieSchema } from "../../../src/core/chat/visitor.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";
import { mutated } from "../mutation.ts";

const NOW = 1_800_000_000;
const secret = (byte: number) => new Uint8Array(32).fill(byte);
const ticket = { visitorId: "a".repeat(22), id: "b".repeat(22) };
const session = { contactId: "7b9f0a4e-1111-4222-8333-444455556666", ticketId: ticket.id, startedAt: NOW - 100 };
const cookie = { visitorId: ticket.visitorId, isCustomer: false, sessions: [session] };

const HEADER_WORDS = [
  '"alg"', '"enc"', '"zip"', '"kid"', '"crit"', '"typ"', '"p2s"', '"p2c"', '"epk"', '"jwk"', '"jku"', '"dir"', '"none"', '"DEF"',
  '"A256GCM"', '"A128GCM"', '"A256GCMKW"', '"A256KW"', '"PBES2-HS256+A128KW"', '"RSA-OAEP"', '"ECDH-ES"', '"HS256"', "null", "true", "1e9",
  "[]", "{}", ",", ":", '"b64"', '"__proto__"', '""', "{", "}",
]; // prettier-ignore
const FRAGMENTS = [
  ".",
  "..",
  "=",
  "-",
  "_",
  "+",
  "/",
  "A",
  "AAAA",
  "eyJhbGciOiJub25lIn0",
  "e30",
  " ",
  "%2E",
  "\0",
  "\u00e9",
  "\n",
];

const toBase64url = (text: string) => Buffer.from(text).toString("base64url");

let seals: readonly Seal<Record<string, unknown>>[];
let sealed: readonly string[];
let foreign: readonly string[];

beforeAll(async () => {
  const options = (purpose: string, byte: number) =>
    ({ purpose, secrets: [secret(byte), secret(2)], maxAgeSeconds: 7 * 86_400 }) as const;
  const cookieSeal = await createSeal({ ...options("cookie", 1), schema: visitorCookieSchema });
  const ticketSeal = await createSeal({ ...options("ticket", 1), schema: ticketSchema });
  const otherSeal = await createSeal({ ...options("ticket", 3), schema: ticketSchema });
  const earlierSeal = await createSeal({ ...options("ticket", 2), schema: ticketSchema });
  const olderSeal = await createSeal({ ...options("cookie", 1), schema: ticketSchema });
  seals = [cookieSeal, ticketSeal];
  sealed = [
    await cookieSeal.seal(cookie, NOW),
    await ticketSeal.seal(ticket, NOW),
    await earlierSeal.seal(ticket, NOW),
  ];
  foreign = [
    await otherSeal.seal(ticket, NOW),
    await olderSeal.seal(ticket, NOW),
    await ticketSeal.seal(ticket, NOW - 8 * 86_400),
    await new EncryptJWT(ticket).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).setIssuedAt(NOW).encrypt(secret(1)),
  ];
});

/** Equal for all spellings of the same bytes: the unused bits of a last character have no meaning. */
const bytesOf = (text: string) =>
  text
    .split(".")
    .map((part) => Buffer.from(part, "base64url").toString("hex"))
    .join(".");

const OURS = new Set([cookie, ticket].map((content) => JSON.stringify(content)));

async function expectNotToOpen(text: string): Promise<void> {
  const opened = await Promise.all(seals.map((seal) => seal.open(text, NOW)));
  const contents = opened.flatMap((one) => (one === null ? [] : [JSON.stringify(one.content)]));
  const isSealed = sealed.some((one) => one === text || bytesOf(one) === bytesOf(text));
  expect(contents.length).toBeLessThanOrEqual(isSealed ? 1 : 0);
  expect(contents.every((content) => OURS.has(content))).toBe(true);
}

describe("a seal", () => {
  it("opens nothing but what was sealed", { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const texts = oneof(
      { weight: 8, arbitrary: mutated([...sealed, ...foreign], FRAGMENTS, 4) },
      { weight: 1, arbitrary: string({ unit: "binary" }) },
    );
    await assertProperty(asyncProperty(texts, expectNotToOpen), fuzzed(400));
  });

  it("opens nothing under another header", { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const headers = sealed.map((one) => Buffer.from(one.split(".")[0] ?? "", "base64url").toString());
    const anyHeader = oneof(
      mutated(headers, HEADER_WORDS, 4),
      dictionary(constantFrom("alg", "enc", "zip", "kid", "crit", "p2c"), jsonValue()).map((header) =>
        JSON.stringify({ ...JSON.parse(headers[0] ?? ""), ...header }),
      ),
    );
    const parts = record({ header: anyHeader, rest: constantFrom(...sealed) });
    await assertProperty(
      asyncProperty(parts, async ({ header, rest }) =>
        expectNotToOpen([toBase64url(header), ...rest.split(".").slice(1)].join(".")),
      ),
      fuzzed(400),
    );
  });
});
