import { describe, expect, it } from "vitest";
import { parseContentType } from "../../../src/core/page/content-type.ts";

describe("parseContentType()", () => {
  it.each([
    [null, "", null],
    ["text/html", "text/html", null],
    [' Text/HTML ; Charset = "UTF-8"', "text/html", "UTF-8"],
    ["text/html;x=1;charset=shift_jis;y", "text/html", "shift_jis"],
    // No browser takes these for a page.
    ["text/html\u00a0", "text/html\u00a0", null],
    ["\u2000text/html", "\u2000text/html", null],
    ["text/html-fragment", "text/html-fragment", null],
  ])("reads %j", (contentType, essence, charset) => {
    expect(parseContentType(contentType)).toEqual({ essence, isPage: essence === "text/html", charset });
  });
});
