import { describe, expect, it } from "vitest";
import { searchHead } from "../../../src/core/page/head-search.ts";

const META = '<meta http-equiv="Content-Security-Policy" content="">';

describe("searchHead()", () => {
  it("finds no policy in a head that closes without one", () => {
    expect(searchHead("<head><title>x</title></head><body>", 6)).toEqual({ kind: "none" });
    expect(searchHead("<head><title>x</title><BODY>", 6)).toEqual({ kind: "none" });
  });

  it("finds a policy, and where the head closes", () => {
    expect(searchHead(`<head>${META}</head>`, 6)).toEqual({ kind: "policy", end: 6 + META.length });
    expect(searchHead(`<head>${META}<title>`, 6)).toEqual({ kind: "policy", end: null });
  });

  it("knows where a head ends that has no end tag", () => {
    const html = `<!doctype html><title>x</title>${META}<style>a</style><h1>Working</h1>`;
    expect(searchHead(html, 15)).toEqual({ kind: "policy", end: html.indexOf("<h1>") });
  });

  it("does not mistake a tag with an incomplete name for another element", () => {
    expect(searchHead(`<head>${META}<met`, 6)).toEqual({ kind: "policy", end: null });
    expect(searchHead(`<head>${META}<h1>`, 6)).toEqual({ kind: "policy", end: 6 + META.length });
  });

  it("does not look behind the head, nor before the place", () => {
    expect(searchHead(`<head></head><body>${META}`, 6)).toEqual({ kind: "none" });
    expect(searchHead(`<!-- content-security-policy --><head></head>`, 38)).toEqual({ kind: "none" });
  });

  it("holds back an incomplete tag", () => {
    expect(searchHead('<head><title>x</title><meta http-equiv="Content-Sec', 6)).toEqual({ kind: "more", settled: 22 });
    expect(searchHead("<head><title>x</title>\n", 6)).toEqual({ kind: "more", settled: 23 });
    expect(searchHead("<head><title>x</title><", 6)).toEqual({ kind: "more", settled: 22 });
  });

  it.each([
    ["comment", "<!-- a > b --x --"],
    ["script", "<script>if (a < b) '<!-- >'"],
    ["script", "<SCRIPT a='>'>'</scripted>'"],
    ["style", "<style>a > b {}"],
    ["title", "<title>a <b> c"],
    ["noscript", "<noscript><link>"],
  ])("holds back an incomplete %s: %s", (_what, open) => {
    expect(searchHead(`<head><meta charset=utf-8>${open}`, 6)).toEqual({ kind: "more", settled: 26 });
  });

  it("does not wait behind a complete tag", () => {
    const html = "<head><!-- a --><script>b</script ><title>c</TITLE><style></style><link>";
    expect(searchHead(html, 6)).toEqual({ kind: "more", settled: html.length });
  });
});
