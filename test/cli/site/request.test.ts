import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readText } from "../../../src/cli/site/request.ts";

describe("readText()", () => {
  it("does not decompress a body with more than three encodings", () => {
    const pack = (times: number): Buffer => (times === 0 ? Buffer.from("text") : gzipSync(pack(times - 1)));
    const read = (times: number) =>
      readText({
        url: new URL("https://www.example.com/"),
        status: 200,
        headers: new Headers({ "content-encoding": Array(times).fill("gzip").join(" , ") }),
        body: pack(times),
      });
    expect([read(2), read(4)]).toEqual(["text", ""]);
  });

  it("decompresses a page of 5 MB", () => {
    const text = "<p>tea</p>".repeat(500_000);
    const headers = new Headers({ "content-encoding": "gzip" });
    const url = new URL("https://www.example.com/");
    expect(readText({ url, status: 200, headers, body: gzipSync(text) })).toHaveLength(text.length);
  });
});
