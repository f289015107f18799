import { describe, expect, it } from "vitest";
import {
  buildPageEdits,
  buildStoredPageEdits,
  buildTaglessCopyEdits,
  toReadableEncodings,
} from "../../../src/core/page/headers.ts";

const none = { enforced: null, reportOnly: null };

describe("buildPageEdits()", () => {
  it("keeps headers that stay true", () => {
    const headers = new Headers({ "content-type": "text/html", "cache-control": "max-age=60" });
    expect(buildPageEdits(headers, none, "v1")).toEqual([]);
  });

  it.each(["content-length", "content-encoding", "content-md5", "digest", "content-digest", "repr-digest"])(
    "takes out %s",
    (name) => {
      expect(buildPageEdits(new Headers({ [name]: "1" }), none, "v1")).toEqual([[name, null]]);
    },
  );

  it("marks the ETag", () => {
    expect(buildPageEdits(new Headers({ etag: '"a"' }), none, "v1")).toEqual([["etag", 'W/"a~chat-sv1"']]);
  });

  it("removes a malformed ETag, which cannot be marked", () => {
    expect(buildPageEdits(new Headers({ etag: "a" }), none, "v1")).toEqual([["etag", null]]);
  });

  it("changes only policies that differ", () => {
    const headers = new Headers({
      "content-security-policy": "img-src x",
      "content-security-policy-report-only": "img-src y",
    });
    const policies = { enforced: "img-src x", reportOnly: "img-src y data:" };
    expect(buildPageEdits(headers, policies, "v1")).toEqual([
      ["content-security-policy-report-only", "img-src y data:"],
    ]);
  });
});

describe("buildStoredPageEdits()", () => {
  it("gives a stored page the headers of its own answer", () => {
    const headers = new Headers({ etag: '"a"', "content-security-policy": "img-src x" });
    const policies = { enforced: "img-src x data:", reportOnly: null };
    expect(buildStoredPageEdits(headers, policies, "v1")).toEqual([
      ["etag", 'W/"a~chat-sv1"'],
      ["content-security-policy", "img-src x data:"],
    ]);
  });
});

describe("buildTaglessCopyEdits()", () => {
  it.each([
    [null, [["vary", "Sec-Fetch-Dest"]]],
    ["Cookie, X-Sec-Fetch-Dest", [["vary", "Cookie, X-Sec-Fetch-Dest, Sec-Fetch-Dest"]]],
    ["Cookie,sec-fetch-dest", []],
    ["*", []],
  ])("changes Vary: %s", (vary, edits) => {
    expect(buildTaglessCopyEdits(new Headers(vary === null ? {} : { vary }))).toEqual(edits);
  });
});

describe("toReadableEncodings()", () => {
  it.each([
    ["gzip, deflate, br, zstd", "gzip, br"],
    ["br;q=1.0, zstd;q=0.9, GZIP ;q=0.5", "br;q=1.0, GZIP ;q=0.5"],
    ["gzip, br", "gzip, br"],
    ["zstd", "identity"],
    ["*", "identity"],
    ["\u00a0gzip, br\v, \tbr", "br"],
    ["", "identity"],
  ])("makes %j to %j", (accepted, readable) => {
    expect(toReadableEncodings(accepted)).toBe(readable);
  });
});
