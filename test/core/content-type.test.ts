import { describe, expect, it } from "vitest";
import { parseContentType } from "../../src/core/content-type.ts";

describe("parseContentType()", () => {
  it.each([
    [null, "", null],
    ["text/html", "text/html", null],
    [' Text/HTML ; Charset = "UTF-8"', "text/html", "UTF-8"],
    ["text/html;x=1;charset=shift_jis;y", "text/html", "shift_jis"],
    ["text/html-fragment", "text/html-fragment", null],
  ])("reads %j", (contentType, essence, charset) => {
    expect(parseContentType(contentType)).toEqual({ essence, charset });
  });
});
