import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Injection } from "../../../src/cli/doctor/decide-page.ts";
import { toPageFacts } from "../../../src/cli/doctor/page.ts";

const SITE = new URL("https://www.example.com/shop/tea");

describe("toPageFacts()", () => {
  const sources = { script: ["https://x.example"], connect: [], image: [], font: [], worker: [], hasStyles: false };
  const injection: Injection = { chatPath: "/_chat", sources, async: true, isIncluded: () => true };
  const read = (html: string | Buffer, headers: Record<string, string> = {}) =>
    toPageFacts(
      {
        url: SITE,
        status: 200,
        headers: new Headers({ "content-type": "text/html", ...headers }),
        body: typeof html === "string" ? Buffer.from(html) : html,
      },
      injection,
    );

  it("shows what the Worker adds to policies in headers and in the page", () => {
    const meta = `<meta http-equiv="Content-Security-Policy" content="script-src &#39;self&#39;">`;
    const { policyChanges } = read(meta, { "content-security-policy-report-only": "script-src 'none'" });
    expect(policyChanges).toEqual([
      "script-src: - 'none' + https://www.example.com/_chat/widget.js https://x.example",
      "script-src: + https://x.example",
    ]);
  });

  it("shows no address of our script for a report-only policy that the nonce already satisfies", () => {
    const policy = "script-src 'nonce-r4nd0m'";
    const headers = { "content-security-policy": policy, "content-security-policy-report-only": policy };
    expect(read("<!doctype html>x", headers).policyChanges).toEqual(["script-src: + https://x.example"]);
  });

  it("shows no policy changes for a page that is left alone", () => {
    const headers = { "content-security-policy": "script-src 'self'" };
    expect(read("<!doctype html>x", headers).policyChanges).not.toEqual([]);
    expect(read("<!doctype html><html amp>x", headers).policyChanges).toEqual([]);
  });

  it("says encoding for one that the Worker does not ask for, and for a body that cannot be decoded", () => {
    const page = gzipSync("<!doctype html>x");
    expect(read("<!doctype html>x", { "content-encoding": "zstd" }).reason).toBe("encoding");
    expect(read("<!doctype html>x", { "content-encoding": "gzip" }).reason).toBe("encoding");
    expect(read(page, { "content-encoding": "gzip" }).reason).toBeNull();
  });

  it("finds the tag", () => {
    expect(read('<script data-cfasync="false" async src="/_chat/widget.js"></script>').hasTag).toBe(true);
    expect(read("/_chat/widget.js").hasTag).toBe(false);
  });
});
