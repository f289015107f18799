import { describe, expect, it } from "vitest";
import { buildPageResponseEdits } from "../../src/core/page-headers.ts";

describe("buildPageResponseEdits()", () => {
  it("leaves a page's headers alone that stay true", () => {
    const headers = new Headers({ "content-type": "text/html", "cache-control": "max-age=60", etag: 'W/"a"' });
    expect(buildPageResponseEdits(headers)).toEqual([]);
  });

  it.each(["content-length", "content-md5", "digest", "content-digest", "repr-digest"])("takes out %s", (name) => {
    expect(buildPageResponseEdits(new Headers({ [name]: "1" }))).toEqual([[name, null]]);
  });

  it("weakens a strong ETag", () => {
    expect(buildPageResponseEdits(new Headers({ etag: '"a"' }))).toEqual([["etag", 'W/"a"']]);
  });
});
