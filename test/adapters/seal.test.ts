import { EncryptJWT, jwtDecrypt } from "jose";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { createSeal } from "../../src/adapters/seal.ts";
import { createRootKey } from "../../src/adapters/web-crypto.ts";
import { CLOCK_TOLERANCE_SECONDS } from "../../src/limits.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const secret = (byte: number) => new Uint8Array(32).fill(byte);
const schema = v.strictObject({ name: v.string() });
const content = { name: "Zoë ⚡" };
const options = { purpose: "cookie", secrets: [secret(1), secret(2)], schema, maxAgeSeconds: DAY } as const;

const root = await createRootKey(secret(1));
const kid = root.id;
const key = await root.deriveKey("cookie");
const seal = await createSeal(options);
const sealed = await seal.seal(content, NOW);

const joseSeals = (header: object, claims: Record<string, unknown>) =>
  new EncryptJWT(claims).setProtectedHeader({ alg: "dir", enc: "A256GCM", kid, ...header }).encrypt(key);

/** The text with one of its five parts changed. */
const withPart = (index: number, part: string) => sealed.split(".").with(index, part).join(".");
const partOf = (index: number) => sealed.split(".")[index] ?? "";

describe("createSeal()", () => {
  it("seals what jose opens", async () => {
    const { payload, protectedHeader } = await jwtDecrypt(sealed, key);
    expect(payload).toEqual({ ...content, iat: NOW });
    expect(protectedHeader).toEqual({ alg: "dir", enc: "A256GCM", kid });
  });

  it("opens what jose sealed, as an earlier version of this Worker did", async () => {
    expect(await seal.open(await joseSeals({}, { ...content, iat: NOW }), NOW)).toEqual({ content, issuedAt: NOW });
  });

  it("seals with the first secret, and opens with each", async () => {
    const before = await createSeal({ ...options, secrets: [secret(2)] });
    const after = await createSeal({ ...options, secrets: [secret(3), secret(1)] });
    expect(await seal.open(await before.seal(content, NOW), NOW)).toEqual({ content, issuedAt: NOW });
    expect(await after.open(sealed, NOW)).toEqual({ content, issuedAt: NOW });
    expect(await before.open(sealed, NOW)).toBeNull();
  });

  it("takes a new initialization vector each time", async () => {
    const again = (await seal.seal(content, NOW)).split(".");
    expect(again[2]).not.toBe(partOf(2));
    expect(again[3]).not.toBe(partOf(3));
  });

  it("opens a text from its time of sealing to its greatest age, give or take the difference of two clocks", async () => {
    const opensAt = async (now: number) => (await seal.open(sealed, now)) !== null;
    const [first, last] = [NOW - CLOCK_TOLERANCE_SECONDS, NOW + DAY + CLOCK_TOLERANCE_SECONDS];
    expect(await opensAt(first)).toBe(true);
    expect(await opensAt(first - 1)).toBe(false);
    expect(await opensAt(last)).toBe(true);
    expect(await opensAt(last + 1)).toBe(false);
  });

  it("opens no text for another purpose", async () => {
    const other = await createSeal({ ...options, purpose: "ticket" });
    expect(await other.open(sealed, NOW)).toBeNull();
  });

  it.each([
    ["without a time", {}, content],
    ["with a time that is no number", {}, { ...content, iat: `${NOW}` }],
    ["with another content", {}, { name: 1, iat: NOW }],
    ["with another header", { typ: "JWT" }, { ...content, iat: NOW }],
    ["that is compressed", { zip: "DEF" }, { ...content, iat: NOW }],
    ["by an unknown secret", { kid: "AAAAAAAAAAA" }, { ...content, iat: NOW }],
  ])("does not open a text of jose's %s", async (_name, header, claims) => {
    expect(await seal.open(await joseSeals(header, claims), NOW)).toBeNull();
  });

  it.each([
    ["no text", ""],
    ["the header alone", partOf(0)],
    ["the parts without the header", withPart(0, "")],
    ["a key in the text", withPart(1, partOf(2))],
    ["another initialization vector", withPart(2, "AAAAAAAAAAAAAAAA")],
    ["no initialization vector", withPart(2, "")],
    ["a content that is cut off", withPart(3, partOf(3).slice(0, -4))],
    ["a shorter tag", withPart(4, partOf(4).slice(0, 16))],
    [
      "content in the tag's part",
      withPart(3, partOf(3).slice(0, -4)).replace(/[^.]*$/, partOf(3).slice(-4) + partOf(4)),
    ],
    ["one part more", `${sealed}.`],
    ["one part less", sealed.split(".").slice(0, 4).join(".")],
    ["a character that is not of base64url", withPart(2, "*".repeat(16))],
  ])("does not open %s", async (_name, text) => {
    expect(await seal.open(text, NOW)).toBeNull();
  });
});
