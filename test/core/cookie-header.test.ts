import { describe, expect, it } from "vitest";
import {
  isOwnSetCookie,
  LEFT_COOKIE,
  OWN_COOKIE_PREFIX,
  readCookie,
  stripOwnCookies,
} from "../../src/core/cookie-header.ts";

const own = `${OWN_COOKIE_PREFIX}0123abcd=eyJhbGciOiJkaXIifQ..x.y.z`;

describe("stripOwnCookies()", () => {
  it.each([
    ["first", `${own}; a=1; b=2`, "a=1; b=2"],
    ["in the middle", `a=1; ${own}; b=2`, "a=1; b=2"],
    ["last", `a=1; b=2; ${own}`, "a=1; b=2"],
    ["that tells of a departure", `a=1; ${LEFT_COOKIE}=x; b=2`, "a=1; b=2"],
    ["several times", `${own}; a=1; ${own}; ${OWN_COOKIE_PREFIX}other=1; b=2`, "a=1; b=2"],
    ["in another case", "a=1; __host-CHAT-0123abcd=x; b=2", "a=1; b=2"],
    ["without a value", `a=1; ${OWN_COOKIE_PREFIX}x; b=2`, "a=1; b=2"],
    ["behind a nameless =", `a=1; =${own}; b=2`, "a=1; b=2"],
    ["without white space around it", `a=1;${own};b=2`, "a=1;b=2"],
    ["on a Cookie line of its own", `a=1, ${own}, b=2`, "a=1, b=2"],
    ["on the first of two Cookie lines", `${own}, a=1; b=2`, "a=1; b=2"],
  ])("removes ours %s", (_where, header, rest) => {
    expect(stripOwnCookies(header)).toBe(rest);
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
  ])("gives %j back, which has none of ours", (header) => {
    expect(stripOwnCookies(header)).toBe(header);
  });

  it.each([own, ` ${own} `, `${own}; ${own}`, `${own}; `])("gives null for %j, of which nothing is left", (header) => {
    expect(stripOwnCookies(header)).toBeNull();
  });
});

describe("readCookie()", () => {
  it.each([
    ["a=1; b=2", "b", "2"],
    ["a=1;b = 2 ; c=3", "b", "2"],
    ["b=x=y==; a=1", "b", "x=y=="],
    ["b=; a=1", "b", ""],
    ["b=1; b=2", "b", "1"],
  ])("reads from %j the cookie %s as %j", (header, name, value) => {
    expect(readCookie(header, name)).toBe(value);
  });

  it.each(["", "a=1", "B=2", "b", "bb=2", "a=b=2"])("finds no b in %j", (header) => {
    expect(readCookie(header, "b")).toBeNull();
  });

  it("finds nothing without a header", () => {
    expect(readCookie(null, "b")).toBeNull();
  });
});

describe("isOwnSetCookie()", () => {
  it.each([
    `${own}; Path=/; Secure`,
    "__HOST-Chat-x=; Max-Age=0",
    ` \t${own}`,
    `=${own}`,
    ` = ${own}`,
    `${LEFT_COOKIE}=x`,
  ])("recognises %j", (value) => {
    expect(isOwnSetCookie(value)).toBe(true);
  });

  it.each(["a=1; Path=/__Host-chat-", "__Host-chatter=1", "a=__Host-chat-1", ""])("lets %j pass", (value) => {
    expect(isOwnSetCookie(value)).toBe(false);
  });
});
