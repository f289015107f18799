import { describe, expect, it } from "vitest";
import { isChosenPath } from "../../../src/core/settings/chosen-paths.ts";
import { parsePathPattern } from "../../../src/core/settings/path-pattern.ts";
import { MAX_MATCHED_CHARS } from "../../../src/limits.ts";

const shop = parsePathPattern("/shop/*");
const cart = parsePathPattern("/shop/cart");
const tooLong = `/shop/${"a".repeat(MAX_MATCHED_CHARS)}`;

describe("isChosenPath()", () => {
  it.each([
    [{ include: [], exclude: [] }, "/shop/cart", true],
    [{ include: [shop], exclude: [] }, "/shop/tea", true],
    [{ include: [shop], exclude: [] }, "/help", false],
    [{ include: [], exclude: [cart] }, "/shop/tea", true],
    [{ include: [], exclude: [cart] }, "/shop/cart", false],
    [{ include: [shop], exclude: [cart] }, "/shop/cart", false],
    [{ include: [cart, shop], exclude: [] }, "/shop/tea", true],
    // A path that is too long to compare may be an excluded one.
    [{ include: [], exclude: [cart] }, tooLong, false],
    [{ include: [shop], exclude: [] }, tooLong, false],
    [{ include: [], exclude: [] }, tooLong, true],
  ])("chooses by %j, for a path such as %.20s: %s", (paths, pathname, isChosen) => {
    expect(isChosenPath(paths, pathname)).toBe(isChosen);
  });
});
