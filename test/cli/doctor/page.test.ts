import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Injection } from "../../../src/cli/doctor/decide-page.ts";
import { toPageFacts } from "../../../src/cli/doctor/page.ts";

const SITE = new URL("https://www.example.com/shop/tea");

describe("toPageFacts()", () => {
  const sources = { script: ["https://x.example"], connect: [], image: [], font: [], worker: [], hasStyles: false };
  const injection: Injection = {
    chatPath: "/_chat",
    sources,
    async: true,
    isIncluded: () => true,
    isBesideRoutes: () => false,
  };
  const read = (html: string | Buffer, headers: Record<string, string> = {}, changed: Partial<Injection> = {}) =>
    toPageFacts(
      {
        url: SITE,
        status: 200,
        headers: new Headers({ "content-type": "text/html", ...headers }),
        body: typeof html === "string" ? Buffer.from(html) : html,
      },
      { ...injection, ...changed },
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

  describe("with the tag written by hand", () => {
    const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';
    const readOwn = (html: string, headers: Record<string, string> = {}, changed: Partial<Injection> = {}) =>
      read(html, headers, { isBesideRoutes: () => true, ...changed });

    it("takes a page with the right tag for one with the chat", () => {
      const tag = { isThere: true, works: true, problems: [], expected: TAG };
      expect(readOwn(`<title>x</title>${TAG}`)).toMatchObject({ reason: null, hasTag: true, ownTag: tag });
    });

    it.each([
      [
        "another order, quotes and address",
        `<SCRIPT async data-cfasync='false' src=https://www.example.com/_chat/widget.js?v=1></script>`,
      ],
      [
        "an address below <base>",
        `<base href="/shop/"><script data-cfasync="false" async src="../_chat/widget.js"></script>`,
      ],
      [
        "attributes that change nothing",
        `<script id="chat" type="text/javascript" data-cfasync="false" async src="/_chat/widget.js"></script>`,
      ],
      ["what the Worker could not have changed", `${TAG}<html amp>`],
    ])("takes a tag with %s", (_what, html) => {
      expect(readOwn(html, { "cache-control": "no-transform" })).toMatchObject({
        reason: null,
        ownTag: { problems: [] },
      });
    });

    it.each([
      ["no tag", "<title>x</title>"],
      ["the tag in a comment", `<!-- ${TAG} -->`],
      ["the tag in a template", `<template>${TAG}</template>`],
      ["the tag of another host", '<script src="https://shop.example.com/_chat/widget.js"></script>'],
      ["the tag of another path", '<script src="/chat/widget.js"></script>'],
    ])("says own-tag-missing for a page with %s", (_what, html) => {
      expect(readOwn(html)).toMatchObject({ reason: "own-tag-missing", ownTag: { problems: [], expected: TAG } });
    });

    it.each([
      ['type="module"', `<script type="module" data-cfasync="false" async src="/_chat/widget.js"></script>`],
      ['type="text/plain"', `<script type="text/plain" data-cfasync="false" async src="/_chat/widget.js"></script>`],
      ["nomodule", `<script nomodule data-cfasync="false" async src="/_chat/widget.js"></script>`],
      [
        'integrity="sha256-x"',
        `<script integrity="sha256-x" data-cfasync="false" async src="/_chat/widget.js"></script>`,
      ],
    ])("says own-tag-wrong for a tag that does not work: %s", (problem, html) => {
      expect(readOwn(html)).toMatchObject({ reason: "own-tag-wrong", ownTag: { problems: [problem] } });
    });

    it.each([
      ["without async", '<script data-cfasync="false" src="/_chat/widget.js"></script>'],
      ['without data-cfasync="false" before src', '<script async src="/_chat/widget.js"></script>'],
      [
        'without data-cfasync="false" before src',
        '<script async src="/_chat/widget.js" data-cfasync="false"></script>',
      ],
      ["in the page 2 times", TAG + TAG],
    ])("names what is wrong with a tag that works all the same: %s", (problem, html) => {
      expect(readOwn(html)).toMatchObject({ reason: null, ownTag: { works: true, problems: [problem] } });
    });

    it("wants the nonce of the page's policy", () => {
      const headers = { "content-security-policy": "script-src 'nonce-r4nd0m' https://x.example" };
      const withNonce = (nonce: string) => TAG.replace(" src", ` nonce="${nonce}" src`);
      expect(readOwn(withNonce("r4nd0m"), headers).reason).toBeNull();
      for (const tag of [TAG, withNonce("old")]) {
        expect(readOwn(tag, headers)).toMatchObject({
          reason: "own-tag-wrong",
          ownTag: { problems: ["without the nonce of the page's policy"], expected: withNonce("nonce of the policy") },
        });
      }
    });

    it("names the sources that a policy in force lacks, and those of one that only reports", () => {
      const policy = "default-src 'self'";
      const lacking = "script-src, as default-src: + https://x.example";
      expect(readOwn(TAG, { "content-security-policy": policy })).toMatchObject({
        reason: "policies-lack",
        policyChanges: [lacking],
      });
      expect(readOwn(`<meta http-equiv="content-security-policy" content="${policy}">${TAG}`).reason).toBe(
        "policies-lack",
      );
      expect(readOwn(TAG, { "content-security-policy-report-only": policy })).toMatchObject({
        reason: null,
        policyChanges: [lacking],
      });
      const full = "default-src 'self'; script-src 'self' https://x.example";
      expect(readOwn(TAG, { "content-security-policy": full })).toMatchObject({ reason: null, policyChanges: [] });
    });

    it.each([
      ["csp-sandbox", { "content-security-policy": "sandbox allow-scripts" }],
      ["coep", { "cross-origin-embedder-policy": "require-corp" }],
      ["integrity-policy", { "integrity-policy": "blocked-destinations=(script)" }],
    ])("says %s where no tag helps", (reason, headers) => {
      expect(readOwn(TAG, headers).reason).toBe(reason);
    });

    it("wants no tag on pages that are left out", () => {
      const changed = { isIncluded: () => false };
      expect(readOwn("<title>x</title>", {}, changed)).toMatchObject({
        reason: "excluded-path",
        ownTag: { problems: [] },
      });
      expect(readOwn(TAG, {}, changed)).toMatchObject({
        reason: "excluded-path",
        ownTag: { problems: ["in a page that INCLUDE_PATHS or EXCLUDE_PATHS leaves out"] },
      });
    });

    it("wants the tag to run before the page's own widget with WIDGET_SNIPPET=page", () => {
      const early = TAG.replace(" async", "");
      const widget = "<script>amazon_connect('styles', {})</script>";
      const changed = { async: false };
      expect(readOwn(early + widget, {}, changed)).toMatchObject({
        reason: null,
        ownTag: { problems: [], expected: early },
      });
      const problems = (html: string) => readOwn(html, {}, changed).ownTag?.problems;
      expect(problems(TAG + widget)).toEqual(["async"]);
      expect(problems(early.replace(" src", " defer src") + widget)).toEqual(["defer"]);
      expect(problems(widget + early)).toEqual(["behind the widget's own snippet"]);
      expect(readOwn(widget + early, {}, changed).reason).toBe("own-tag-wrong");
    });
  });
});
