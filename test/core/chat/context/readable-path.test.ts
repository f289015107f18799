import { describe, expect, it } from "vitest";
import { toReadablePath } from "../../../../src/core/chat/context/readable-path.ts";

describe("toReadablePath()", () => {
  it.each([
    ["/tea/green?token=1#x", "/tea/green"],
    ["/tea#x?y", "/tea"],
    ["/cart;jsessionid=0A1B2C3D", "/cart"],
    ["/cart;v=1/item", "/cart"],
    ["/a 1m,\t/b", "/a1m,/b"],
  ])("reads %j as %j", (text, path) => {
    expect(toReadablePath(text)).toBe(path);
  });

  it.each([
    ["/%D1%87%D0%B0%D0%B9", "/чай"],
    ["/%e7%b7%91%E8%8C%B6/%F0%9F%8D%B5", "/緑茶/🍵"],
    ["/gr%C3%BCn%20tee", "/grün%20tee"],
    ["/a%2Fb%3Fc%3Bd%00%3Cb%3E", "/a%2Fb%3Fc%3Bd%00%3Cb%3E"],
    ["/%FF%C3/%E7%B7", "/%FF%C3/%E7%B7"],
    ["/%C0%AF%ED%A0%80", "/%C0%AF%ED%A0%80"],
    ["/%E2%80%AEevil%C2%A0%E3%80%80x", "/evilx"],
  ])("shows the letters of %j", (text, path) => {
    expect(toReadablePath(text)).toBe(path);
  });
});
