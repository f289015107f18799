import { describe, expect, it } from "vitest";
import {
  isOwnSetCookie,
  SIGN_OUT_COOKIE,
  OWN_COOKIE_PREFIX,
  readCookies,
  stripOwnCookies,
} from "../../../src/core/headers/cookies.ts";

const own = `${OWN_COOKIE_PREFIX}0123abcd=eyJhbGciOiJkaXIifQ..x.y.z`;

// Characters that JavaScript, other languages or older browsers trim or drop, and that today's browsers count as part of a name.
const SKIPPED_BY_SOME = (
  "\u0000\u0001\u000b\u000c\u001c\u001f\u007f\u0085\u00a0\u00ad\u1680\u180e\u2000\u2007\u200a\u200b\u200d" +
  "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\ufffd\ud800"
).split("");

describe("stripOwnCookies()", () => {
  it.each([
    ["first", `${own}; a=1; b=2`, "a=1; b=2"],
    ["in the middle", `a=1; ${own}; b=2`, "a=1; b=2"],
    ["last", `a=1; b=2; ${own}`, "a=1; b=2"],
    ["that tells of a sign-out", `a=1; ${SIGN_OUT_COOKIE}=x; b=2`, "a=1; b=2"],
    ["several times", `${own}; a=1; ${own}; ${OWN_COOKIE_PREFIX}other=1; b=2`, "a=1; b=2"],
    ["in another case", "a=1; __host-CHAT-0123abcd=x; b=2", "a=1; b=2"],
    ["without a value", `a=1; ${OWN_COOKIE_PREFIX}x; b=2`, "a=1; b=2"],
    ["behind a nameless =", `a=1; =${own}; b=2`, "a=1; b=2"],
    ["without white space around it", `a=1;${own};b=2`, "a=1;b=2"],
    ["on a Cookie line of its own", `a=1, ${own}, b=2`, "a=1, b=2"],
    ["on the first of two Cookie lines", `${own}, a=1; b=2`, "a=1; b=2"],
  ])("removes our cookie %s", (_where, header, rest) => {
    expect(stripOwnCookies(header)).toBe(rest);
  });

  it.each(SKIPPED_BY_SOME)("removes our cookie behind %j", (character) => {
    expect(stripOwnCookies(`a=1;${character} ${character}${own}; b=2`)).toBe("a=1; b=2");
  });

  it("keeps every other byte", () => {
    const odd = ' ;;a = "1, 2";  b=%20;c;=d;;\tcaf\u00e9=\u2615 ; ';
    expect(stripOwnCookies(`${odd}; ${own}`)).toBe(odd);
  });

  it.each([
    "",
    "a=1",
    ` a=1;;b="x, y" ; `,
    "x__Host-chat-a=1",
    "a=__Host-chat-1",
    "__Host-chatter=1",
    "__Secure-chat-a=1",
  ])("keeps %j, which has none of our cookies", (header) => {
    expect(stripOwnCookies(header)).toBe(header);
  });

  it.each([own, ` ${own} `, `${own}; ${own}`, `${own}; `])(
    "gives null for %j, which holds only our cookies",
    (header) => {
      expect(stripOwnCookies(header)).toBeNull();
    },
  );
});

describe("readCookies()", () => {
  it.each([
    ["a=1; b=2", "b", ["2"]],
    ["a=1;b = 2 ; c=3", "b", ["2"]],
    ["a=1;\t b\t=\t2\t;c", "b", ["2"]],
    ["b=x=y==; a=1", "b", ["x=y=="]],
    ["b=; a=1", "b", [""]],
    ["b=1; a=0; b=2", "b", ["1", "2"]],
    ["b=\u00a02\u00a0", "b", ["\u00a02\u00a0"]],
  ])("reads from %j the cookie %s as %j", (header, name, values) => {
    expect(readCookies(header, name)).toEqual(values);
  });

  it.each(["", "a=1", "B=2", "b", "bb=2", "a=b=2"])("finds no b in %j", (header) => {
    expect(readCookies(header, "b")).toEqual([]);
  });

  it("finds nothing without a header", () => {
    expect(readCookies(null, "b")).toEqual([]);
  });

  it.each(SKIPPED_BY_SOME)("takes %j for a part of the name", (character) => {
    expect(
      readCookies(`a=1; ${character}${SIGN_OUT_COOKIE}=x; ${SIGN_OUT_COOKIE}${character}=x`, SIGN_OUT_COOKIE),
    ).toEqual([]);
  });
});

describe("isOwnSetCookie()", () => {
  it.each([
    `${own}; Path=/; Secure`,
    "__HOST-Chat-x=; Max-Age=0",
    ` \t${own}`,
    `=${own}`,
    ` = ${own}`,
    `${SIGN_OUT_COOKIE}=x`,
    ...SKIPPED_BY_SOME.map((character) => `${character} ${character}${own}`),
  ])("recognises %j", (value) => {
    expect(isOwnSetCookie(value)).toBe(true);
  });

  it.each(["a=1; Path=/__Host-chat-", "__Host-chatter=1", "a=__Host-chat-1", ""])("lets %j pass", (value) => {
    expect(isOwnSetCookie(value)).toBe(false);
  });
});
