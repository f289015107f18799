import { describe, expect, it } from "vitest";
import { dropPageEtags, toOriginConditions, toPageEtag } from "../../../src/core/page/validators.ts";

const VERSION = "0a1b2c3d";
const DATE = "Wed, 01 Oct 2025 10:00:00 GMT";

describe("toPageEtag()", () => {
  it.each([
    [{ etag: '"a"' }, 'W/"a~chat-s0a1b2c3d"'],
    [{ etag: 'W/"a"' }, 'W/"a~chat-w0a1b2c3d"'],
    [{ etag: '""' }, 'W/"~chat-s0a1b2c3d"'],
    [{ "last-modified": DATE }, 'W/"Wed,_01_Oct_2025_10:00:00_GMT~chat-m0a1b2c3d"'],
    [{ etag: '"a"', "last-modified": DATE }, 'W/"a~chat-s0a1b2c3d"'],
    [{ etag: "unquoted", "last-modified": DATE }, 'W/"Wed,_01_Oct_2025_10:00:00_GMT~chat-m0a1b2c3d"'],
    [{}, null],
    [{ etag: "unquoted" }, null],
  ])("makes of %j %s", (headers, etag) => {
    expect(toPageEtag(new Headers(headers), VERSION)).toBe(etag);
  });
});

describe("toOriginConditions()", () => {
  const conditions = (headers: Record<string, string>) => toOriginConditions(new Headers(headers), VERSION);

  it("has nothing to change where there is no condition", () => {
    expect(conditions({})).toEqual({ edits: [], isAmbiguous: false });
  });

  it.each(['"a"', 'W/"a"', '""', '"a,b"', '"x~chat-y"'])("gives the origin its own ETag back: %s", (etag) => {
    const ours = toPageEtag(new Headers({ etag }), VERSION) ?? "";
    expect(conditions({ "if-none-match": ours })).toEqual({ edits: [["if-none-match", etag]], isAmbiguous: false });
  });

  it("gives the origin its date back", () => {
    const ours = toPageEtag(new Headers({ "last-modified": DATE }), VERSION) ?? "";
    expect(conditions({ "if-none-match": ours, "if-modified-since": "whatever" })).toEqual({
      edits: [
        ["if-none-match", null],
        ["if-modified-since", DATE],
      ],
      isAmbiguous: false,
    });
  });

  it("drops an ETag of another transformation, and the date that came with it", () => {
    const outdated = 'W/"a~chat-sffffffff"';
    expect(conditions({ "if-none-match": outdated, "if-modified-since": DATE })).toEqual({
      edits: [
        ["if-none-match", null],
        ["if-modified-since", null],
      ],
      isAmbiguous: false,
    });
  });

  it.each([
    { "if-none-match": '"a"' },
    { "if-none-match": "*" },
    { "if-modified-since": DATE },
    { range: "bytes=0-9" },
  ])("leaves %j, whose answer may be about bytes without our tag", (headers) => {
    expect(conditions(headers)).toEqual({ edits: [], isAmbiguous: true });
  });

  it("sorts a list", () => {
    const list = '"foreign", W/"a~chat-s0a1b2c3d",W/"b~chat-sffffffff" , W/"c,d~chat-w0a1b2c3d"';
    expect(conditions({ "if-none-match": list })).toEqual({
      edits: [["if-none-match", '"foreign", "a", W/"c,d"']],
      isAmbiguous: true,
    });
  });

  it("asks for no part of a page with our tag", () => {
    const { edits } = conditions({ range: "bytes=5-", "if-range": 'W/"a~chat-s0a1b2c3d"' });
    expect(edits).toEqual([
      ["range", null],
      ["if-range", null],
    ]);
  });

  it("leaves a request for a part of another file", () => {
    expect(conditions({ range: "bytes=5-", "if-range": '"a"' }).edits).toEqual([]);
  });
});

describe("dropPageEtags()", () => {
  it("drops our ETag, and the date that came with it", () => {
    const headers = new Headers({ "if-none-match": 'W/"a~chat-s0a1b2c3d"', "if-modified-since": DATE });
    expect(dropPageEtags(headers)).toEqual([
      ["if-none-match", null],
      ["if-modified-since", null],
    ]);
  });

  it("leaves the origin's own", () => {
    expect(dropPageEtags(new Headers({ "if-none-match": '"a"', "if-modified-since": DATE }))).toEqual([]);
  });
});
