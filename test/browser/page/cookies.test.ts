import { afterEach, describe, expect, it, vi } from "vitest";
import { findCookies } from "../../../src/browser/page/cookies.ts";

/** The page's cookies with the name b. */
const find = (cookies: string) => {
  vi.stubGlobal("Document", { prototype: { cookie: cookies } });
  vi.stubGlobal("document", {});
  return findCookies("b");
};

afterEach(() => vi.unstubAllGlobals());

describe("findCookies()", () => {
  it.each([
    ["a=1; b=2", ["2"]],
    ["b=2; a=1", ["2"]],
    ["b=; a=1", [""]],
    ["b=2=3; a=b=1", ["2=3"]],
    ["b=2; a=1; b=3", ["2", "3"]],
  ])("finds every value: %s", (cookies, values) => {
    expect(find(cookies)).toEqual(values);
  });

  it.each(["", "a=1", "b", "ab=1", "B=1", "bb=1", "=b=1", "a=;b=1", "\u00a0b=1", "b\u00a0=1"])(
    "finds none under a similar name: %j",
    (cookies) => {
      expect(find(cookies)).toEqual([]);
    },
  );
});
