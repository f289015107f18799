import { describe, expect, it } from "vitest";
import { type HeadProgress, type HeadSearch, searchHead } from "../../../src/core/page/head-search.ts";

const META = '<meta http-equiv="Content-Security-Policy" content="">';

/** The sources of the elements that may be policies. */
function policiesIn(html: string, from = 0): string[] {
  return searchHead(html, from).policies.map(({ at, end }) => html.slice(at, end));
}

describe("searchHead()", () => {
  it.each([
    ["a head", `<head><title>x</title>${META}</head><body>${META}`],
    ["a head with other elements", `<meta charset=utf-8><link><base><style>a</style>${META}<script>b</script><body>`],
    ["a head without an end tag", `<title>x</title>${META}<style>a</style><h1>Working</h1>${META}`],
    ["a head and nothing behind it", META],
    ["a head, behind its end", `<head></head> ${META}<p>${META}`],
  ])("finds the policy in %s, and none in the body", (_what, html) => {
    expect(policiesIn(html)).toEqual([META]);
  });

  it.each([
    ["a script", `<script>'</head><body>${META}'</script>`],
    ["JSON", `<script type="application/ld+json">{"a": "<body class='x'>"}</script>`],
    ["a style", `<style>/* <body> ${META} */</style>`],
    ["a title", `<title></head><body></TITLE >`],
    ["a description", `<meta name="description" content="</head> and <body>">`],
    ["a comment", `<!-- <body> ${META} -->`],
    ["a template", `<template><p>text <template></template>${META}</template>`],
    ["a noscript", `<noscript>${META}<p></noscript>`],
    ["an image in a template", `<template><svg><style/><title/></svg></template>`],
    ["an image with a template in a template", `<template><svg><template></svg>${META}</template>`],
    ["a script within a script", `<script><!-- <script> </script> ${META} --></script>`],
    ["a script with an empty comment", `<script><!--> <script> </script>`],
  ])("is not misled by words in %s", (_what, words) => {
    const later = META.replace('content=""', 'content="img-src x"');
    expect(policiesIn(`<head>${words}${later}</head><body>`)).toEqual([later]);
  });

  it("finds a policy whose name is written with references", () => {
    const meta = "<meta content='' http-equiv=content&#45;security-policy>";
    expect(policiesIn(`<head>${meta}</head>`)).toEqual([meta]);
  });

  it.each(['<meta http-equiv="X-UA-Compatible" content="IE=edge">', '<meta name="content-security-policy">'])(
    "leaves out %s",
    (meta) => {
      expect(policiesIn(`<head>${meta}</head>`)).toEqual([]);
    },
  );

  it("is over where the body begins", () => {
    for (const body of ["<body>", "text", "<p>", "</body>", "<br>", "</br>", "<frameset>", "<svg>", "<header>"]) {
      expect(searchHead(`<head><title>x</title> ${body}`, 6)).toEqual({ settled: 23, policies: [], next: null });
    }
    expect(searchHead("<head></p></head></x>", 6).next).not.toBeNull();
    expect(searchHead("<head></head><noscript></noscript><meta>", 6).next).toBeNull();
    expect(searchHead("<template><plaintext></template><meta>", 0).next).toBeNull();
  });

  it("holds back what may become a policy, and nothing else", () => {
    const held = (html: string) => html.slice(searchHead(html, 0).settled);
    expect(held('<title>x</title><meta http-equiv="Content-Sec')).toBe('<meta http-equiv="Content-Sec');
    expect(held("<title>x</title><")).toBe("<");
    for (const html of [
      "<title>x</title>\n",
      "<!-- a > b --x --",
      "<script>if (a < b)",
      "<link rel='a",
      "<style",
      "</met",
    ])
      expect(held(html)).toBe("");
  });

  it("finds the same, wherever the head is cut", () => {
    const html = `<!-- a --><SCRIPT a='>'>'<!-- <script> </script> -->'</script ><title>a <b></TITLE><template>x<p></template>${META}<style>a</style>\n${META}</head>text`;
    const whole = searchHead(html, 0);
    expect(whole.policies).toHaveLength(2);
    for (let cut = 1; cut < html.length; cut += 1) expect(inPieces([html.slice(0, cut), html])).toEqual(whole);
    expect(inPieces(Array.from(html, (_char, index) => html.slice(0, index + 1)))).toEqual(whole);
  });
});

/** @param beginnings Each is longer than the one before. */
function inPieces(beginnings: readonly string[]): HeadSearch {
  let from: number | HeadProgress = 0;
  const policies: HeadSearch["policies"][number][] = [];
  let last: HeadSearch | null = null;
  for (const html of beginnings) {
    last = searchHead(html, from);
    for (const policy of last.policies) expect(policy.at).toBeLessThan(html.length);
    policies.push(...last.policies);
    if (last.next === null) break;
    from = last.next;
  }
  return { settled: last?.settled ?? 0, policies, next: last?.next ?? null };
}
