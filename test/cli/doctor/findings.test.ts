import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildFinding, isFindingCode, sortFindings } from "../../../src/cli/doctor/catalogue.ts";
import { findInPages, findInStartCall, type SiteFacts } from "../../../src/cli/doctor/findings.ts";
import { opensByItself, readMarkup, readSitemap, toPageUrl } from "../../../src/cli/doctor/markup.ts";
import { isPage, type PageFacts, toPageFacts } from "../../../src/cli/doctor/page.ts";
import { readText } from "../../../src/cli/doctor/request.ts";
import { parseRobots } from "../../../src/cli/doctor/robots.ts";
import { diffPolicies } from "../../../src/cli/doctor/policy-diff.ts";
import { decideVerdict, renderExamination } from "../../../src/cli/doctor/render.ts";
import { settings } from "../../worker/settings.ts";

const SITE = new URL("https://www.example.com/shop/tea");

const PAGE: PageFacts = {
  path: "/",
  status: 200,
  reason: null,
  hasTag: false,
  charset: "utf-8",
  encoding: null,
  policyChanges: [],
  hasWidget: false,
  launchesByItself: false,
  registersServiceWorker: false,
  caching: { cacheControl: null, etag: null, isFromCache: false },
  isChallenge: false,
  isFromCloudflare: true,
};

const FACTS: SiteFacts = {
  isHttps: true,
  isLocal: false,
  settingProblems: [],
  widget: "snippet",
  launchesByItself: false,
  forbidden: 0,
  serviceWorkers: [],
};

const codes = (pages: readonly PageFacts[], site: Partial<SiteFacts> = {}) =>
  findInPages(pages, { ...FACTS, ...site }).map(({ code }) => code);

describe("findInPages()", () => {
  it("finds nothing where there is nothing", () => {
    expect(codes([PAGE])).toEqual([]);
  });

  it("finds not-https, but not on the owner's own machine", () => {
    expect(codes([PAGE], { isHttps: false })).toEqual(["not-https"]);
    expect(codes([PAGE], { isHttps: false, isLocal: true })).toEqual([]);
  });

  it("finds not-on-cloudflare, but not on the owner's own machine", () => {
    const page = { ...PAGE, isFromCloudflare: false };
    expect(codes([page])).toEqual(["not-on-cloudflare"]);
    expect(codes([page, PAGE])).toEqual([]);
    expect(codes([page], { isLocal: true })).toEqual([]);
  });

  it("finds widget-without-token where the Worker leaves pages with a widget of their own alone", () => {
    const carrying = { ...PAGE, hasWidget: true };
    const widgets = [carrying, { ...carrying, path: "/left", reason: "coep" }];
    const found = findInPages([...widgets, { ...PAGE, reason: "amp" }], { ...FACTS, widget: "page" });
    expect(found).toContainEqual(expect.objectContaining({ code: "widget-without-token", pages: ["/left"] }));
    expect(codes(widgets)).not.toContain("widget-without-token");
  });

  it("finds service-worker by its usual place alone", () => {
    expect(findInPages([PAGE], { ...FACTS, serviceWorkers: ["/sw.js"] })).toMatchObject([
      { code: "service-worker", details: ["found: /sw.js"] },
    ]);
  });

  it("says a reason that it does not know as left-alone", () => {
    expect(findInPages([PAGE, { ...PAGE, path: "/new", reason: "new-reason" }], FACTS)).toMatchObject([
      { code: "left-alone", pages: ["/new"], details: ["new-reason"] },
    ]);
  });

  it("names the encodings and charsets that are in the way", () => {
    const pages = [
      PAGE,
      { ...PAGE, reason: "encoding", encoding: "zstd" },
      { ...PAGE, reason: "charset", charset: "x" },
    ];
    expect(findInPages(pages, FACTS).map(({ details }) => details)).toEqual([
      ["Content-Encoding: zstd"],
      ["charset=x"],
    ]);
  });

  it("tells pages whose policies change alike together", () => {
    const changing = (path: string, change: string) => ({ ...PAGE, path, policyChanges: [change] });
    const pages = [
      changing("/a", "img-src: + data:"),
      changing("/b", "img-src: + data:"),
      changing("/c", "font-src: + x"),
    ];
    expect(findInPages(pages, FACTS)).toMatchObject([{ pages: ["/a", "/b"] }, { pages: ["/c"] }]);
  });

  it("does not judge what a challenge hides", () => {
    expect(codes([PAGE, { ...PAGE, isChallenge: true, reason: "status" }])).toEqual(["challenged"]);
  });

  it.each([
    ["max-age=0, must-revalidate", false],
    ["no-cache", false],
    ["public, max-age=60", true],
    ["s-maxage=1", true],
  ])("takes %j for kept: %s", (cacheControl, isKept) => {
    const page = { ...PAGE, caching: { ...PAGE.caching, cacheControl } };
    expect(codes([page])).toEqual(isKept ? ["cached-pages"] : []);
  });
});

describe("findInStartCall()", () => {
  it("finds start-call-unclear where the answer is none that is known", () => {
    expect(findInStartCall(500)).toMatchObject([{ code: "start-call-unclear", details: ["status 500"] }]);
  });
});

describe("the catalogue", () => {
  // Whoever adds a reason for leaving a page alone has to say what the owner can do.
  it.each([
    "excluded-path",
    "content-type",
    "charset",
    "encoding",
    "no-transform",
    "download",
    "coep",
    "csp-no-script",
    "csp-unreadable",
    "csp-sandbox",
    "csp-trusted-types",
    "csp-strict-dynamic",
    "csp-style-hashes",
    "empty",
    "not-html",
    "amp",
    "no-head-found",
    "late-charset",
  ])("says what to do about %s", (reason) => {
    expect(isFindingCode(reason)).toBe(true);
  });

  it("sorts by weight, then by what to do first", () => {
    const findings = [
      buildFinding("robots"),
      buildFinding("amp"),
      buildFinding("no-page"),
      buildFinding("coep"),
      buildFinding("switched-off", { weight: "blocks" }),
    ];
    const sorted = ["no-page", "switched-off", "coep", "amp", "robots"];
    expect(sortFindings(findings).map(({ code }) => code)).toEqual(sorted);
  });
});

const script = { status: 200, isJavaScript: true, isEmpty: false };
const token = { status: 200, code: null, claims: null, dateSeconds: null, localSeconds: 0 };
const LIVE = { status: "ok", version: "1.2.3", script, token, roundTrip: null } as const;

describe("decideVerdict()", () => {
  const left = { ...PAGE, path: "/amp", reason: "amp" };
  const base = { site: "https://www.example.com", pages: [PAGE, left], live: null, findings: [] };

  it.each([
    ["before", base, true, "Ready: 1 of 2 pages would get the chat."],
    ["live", { ...base, pages: [{ ...PAGE, hasTag: true }], live: LIVE }, true, "Working: 1 of 1 page have the chat."],
    [
      "switched off",
      { ...base, live: { ...LIVE, token: { ...token, code: "SWITCHED_OFF" } } },
      true,
      'Switched off: 1 of 2 pages would get the chat with MODE = "on".',
    ],
    [
      "blocked",
      { ...base, findings: [buildFinding("no-page"), buildFinding("not-https")] },
      false,
      "Not ready: No page that was looked at would get the chat. And 1 more.",
    ],
    [
      "blocked when live",
      { ...base, live: LIVE, findings: [buildFinding("no-page")] },
      false,
      "Not working: No page that was looked at would get the chat.",
    ],
  ])("says it in a word: %s", (_name, examination, isFine, text) => {
    expect(decideVerdict(examination)).toEqual({ isFine, text });
  });

  it("comes first, then what is live, then each finding with what to do and where", () => {
    const paths = Array.from({ length: 10 }, (_, index) => `/${index}`);
    const findings = [buildFinding("coep", { pages: paths, details: ["a fact"] })];
    expect(renderExamination({ ...base, live: LIVE, findings })).toBe(`Working: 0 of 2 pages have the chat.
https://www.example.com: the Worker 1.2.3 is live.

warning  coep
  Pages: /0 /1 /2 /3 /4 /5 /6 /7 and 2 more
  They send Cross-Origin-Embedder-Policy: require-corp: Amazon's script could not be loaded.
      a fact
  To do: Send credentialless in its place, or leave the header out on these pages.
`);
  });
});

describe("renderExamination()", () => {
  it("lets no answer begin a line of its own, or speak to the terminal", () => {
    const findings = [buildFinding("other-widget", { details: ["live: x\nReady: 9 of 9 pages\u001b[8m"] })];
    const text = renderExamination({ site: SITE.origin, pages: [PAGE], live: null, findings });
    expect(text).toContain(String.raw`    live: x\u000aReady: 9 of 9 pages\u001b[8m`);
  });
});

describe("toPageFacts()", () => {
  const sources = { script: ["https://x.example"], connect: [], image: [], font: [], worker: [], hasStyles: false };
  const read = (html: string, headers: Record<string, string> = {}, observed: string | null = null) =>
    toPageFacts(
      {
        url: SITE,
        status: 200,
        headers: new Headers({ "content-type": "text/html", ...headers }),
        body: Buffer.from(html),
      },
      observed,
      { chatPath: "/_chat", sources },
    );

  it("shows what is added to policies in headers and in the page", () => {
    const meta = `<meta http-equiv="Content-Security-Policy" content="script-src &#39;self&#39;">`;
    const { policyChanges } = read(meta, { "content-security-policy-report-only": "script-src 'none'" });
    expect(policyChanges).toEqual([
      "script-src: - 'none' + https://www.example.com/_chat/widget.js https://x.example",
      "script-src: + https://x.example",
    ]);
  });

  it("shows none where the page is left alone", () => {
    expect(read("", { "content-security-policy": "script-src 'self'" }, "amp").policyChanges).toEqual([]);
  });

  it("does not believe that an encoding other than was asked for would have been another", () => {
    expect(read("", { "content-encoding": "zstd" }).reason).toBe("encoding");
    expect(read("", { "content-encoding": "gzip" }).reason).toBeNull();
  });

  it("sees the tag", () => {
    expect(read('<script data-cfasync="false" async src="/_chat/widget.js"></script>').hasTag).toBe(true);
    expect(read("/_chat/widget.js").hasTag).toBe(false);
  });

  it("takes for a page what is HTML and there", () => {
    const is = (status: number, type: string) =>
      isPage({ url: SITE, status, headers: new Headers({ "content-type": type }), body: Buffer.alloc(0) });
    expect([is(200, "text/html; charset=x"), is(200, "application/xhtml+xml")]).toEqual([true, true]);
    expect([is(404, "text/html"), is(200, "application/json")]).toEqual([false, false]);
  });
});

describe("readMarkup()", () => {
  const read = (html: string) => readMarkup(html, SITE);

  it("follows links of the site, as its base says, without their fragments", () => {
    const html = `<base href="/b/"><a href=one#x>1</a><a class="a" href='/two?q=1'>2</a><A HREF="https://www.example.com/t&#104;ree">3</A>`;
    expect(read(html).links.map(({ href }) => href)).toEqual([
      "https://www.example.com/b/one",
      "https://www.example.com/three",
    ]);
  });

  it.each([
    "https://other.example/",
    "mailto:x@example.com",
    "/price-list.pdf",
    "javascript:alert(1)",
    "http://[",
    "?page=2",
  ])("does not follow %s", (address) => expect(toPageUrl(address, SITE)).toBeNull());

  it("does not read comments and scripts as markup", () => {
    const html = `<!-- <a href="/a">${settings.WIDGET_SNIPPET}</a> --><script>'<a href="/b">'</script>`;
    expect(read(html)).toMatchObject({ links: [], hasWidget: false });
  });

  it.each([
    ["an empty comment", '<!--><a href="/b"></a><!---><a href="/c"></a>', ["/b", "/c"]],
    ["a script that mentions one", `<script>"<!--"</script><a href="/b"></a><!-- -->`, ["/b"]],
    ["a quote that stands alone", `<p title=it's><a href="/b"></a><p x"><a href='/c'></a>`, ["/b", "/c"]],
    ["a tag's end within a value", `<a title=">" href = "/b"></a>`, ["/b"]],
    ["a no-break space", `<p x=\u00a0"><a href="/b"></a><a\u00a0href="/c"></a>`, ["/b"]],
    ["no end", `<a href="/b"></a><!-- <a href="/c"></a>`, ["/b"]],
  ])("reads as browsers do: %s", (_name, html, paths) => {
    expect(read(html).links.map(({ pathname }) => pathname)).toEqual(paths);
  });

  // Patterns that begin anew at each of these would take hours.
  it.each(["<!--", "<script>", "<a ", '<a href="', "<a x=", "<meta http-equiv=", "</script", " ".repeat(9)])(
    "comes to the end of a page of nothing but %j",
    (piece) => {
      const page = `<a href="/b"></a>${piece.repeat(1_900_000 / piece.length)}`;
      expect(read(page).links.map(({ pathname }) => pathname)).toEqual(["/b"]);
    },
  );

  it("sees a widget, one that opens by itself, and a service worker", () => {
    expect(read(settings.WIDGET_SNIPPET)).toMatchObject({ hasWidget: true, launchesByItself: false });
    expect(read("<script>navigator.serviceWorker.register('/sw.js')</script>").registersServiceWorker).toBe(true);
    expect([
      opensByItself("skipIconButtonAndAutoLaunch: true"),
      opensByItself('"skipIconButtonAndAutoLaunch":!0'),
    ]).toEqual([true, true]);
    expect(opensByItself("skipIconButtonAndAutoLaunch: false")).toBe(false);
  });
});

describe("readText()", () => {
  it("does not unpack what is packed again and again", () => {
    const pack = (times: number): Buffer => (times === 0 ? Buffer.from("text") : gzipSync(pack(times - 1)));
    const read = (times: number) =>
      readText({
        url: SITE,
        status: 200,
        headers: new Headers({ "content-encoding": Array(times).fill("gzip").join(" , ") }),
        body: pack(times),
      });
    expect([read(2), read(4)]).toEqual(["text", ""]);
  });
});

describe("readSitemap()", () => {
  it("reads addresses, of an index too", () => {
    expect(
      readSitemap("<urlset><url><loc> https://a/?x=1&amp;y </loc></url><url><loc><![CDATA[https://b/]]></loc>"),
    ).toEqual({
      isIndex: false,
      addresses: ["https://a/?x=1&y", "https://b/"],
    });
    expect(readSitemap("<sitemapindex><sitemap><loc>https://a/1.xml</loc>")).toMatchObject({ isIndex: true });
  });

  it("comes to the end of a sitemap of nothing but white space", () => {
    expect(readSitemap(`<loc>${" ".repeat(1_000_000)}<loc>https://a/</loc>`).addresses).toEqual(["https://a/"]);
  });
});

describe("parseRobots()", () => {
  const TEXT = `User-agent: other
Disallow: /

User-agent: *   # everyone
Disallow: /private
Allow: /private/open
Disallow: /*.cgi$
Disallow:
Crawl-delay: 2

Sitemap: https://www.example.com/map.xml
`;
  const robots = parseRobots(TEXT, "our-doctor");

  it.each([
    ["/", true],
    ["/private/x", false],
    ["/private/open/x", true],
    ["/a/b.cgi", false],
    ["/a/b.cgi/c", true],
  ])("answers for %s: %s", (path, expected) => {
    expect(robots.isAllowed(path)).toBe(expected);
  });

  it("reads the pause and the sitemap", () => {
    expect([robots.delaySeconds, robots.sitemaps]).toEqual([2, ["https://www.example.com/map.xml"]]);
  });

  it("obeys what is said to it by name, alone or with others", () => {
    const named = parseRobots(
      "User-agent: a\nUser-agent: Our-Doctor\nDisallow: /x\n\nUser-agent: *\nDisallow: /y",
      "our-doctor",
    );
    expect([named.isAllowed("/x"), named.isAllowed("/y")]).toEqual([false, true]);
  });

  it.each([
    ["/*a*b$", "/xaxb", false],
    ["/*a*b$", "/xaxbx", true],
    ["/a*a$", "/a", true],
    ["/a*a$", "/aa", false],
    ["/a$", "/ab", true],
    [`/${"*a".repeat(5000)}$`, `/${"a".repeat(4999)}b`, true],
    [`/${"*a".repeat(5000)}*b`, `/${"a".repeat(8000)}`, true],
  ])("takes stars for anything (%#)", (pattern, path, isAllowed) => {
    expect(parseRobots(`User-agent: *\nDisallow: ${pattern}`, "our-doctor").isAllowed(path)).toBe(isAllowed);
  });

  it.each([
    ["/caf\u00e9", "/caf%C3%A9", false],
    ["/%7euser", "/~user", false],
    ["/~user", "/%7Euser", false],
    ["/a%2fb", "/a%2Fb", false],
    ["/a%2fb", "/a/b", true],
  ])("compares %s with %s as RFC 9309 does", (pattern, path, isAllowed) => {
    expect(parseRobots(`User-agent: *\nDisallow: ${pattern}`, "our-doctor").isAllowed(path)).toBe(isAllowed);
  });

  it("allows where two rules of one length match, one of them in another group of the same name", () => {
    const robots = parseRobots("User-agent: *\nDisallow: /a\n\nUser-agent: *\nAllow: /a\nDisallow: /b", "our-doctor");
    expect([robots.isAllowed("/a"), robots.isAllowed("/b")]).toEqual([true, false]);
  });

  it("reads lines that end in CR alone", () => {
    expect(parseRobots("User-agent: *\rDisallow: /x\r", "our-doctor").isAllowed("/x")).toBe(false);
  });

  it("keeps no rules of thousands of others, and no more than RFC 9309 asks for", () => {
    const others = Array.from({ length: 20_000 }, (_, index) => `User-agent: ${index}`).join("\n");
    const rules = "Allow: /y\n".repeat(20_000);
    const named = parseRobots(`${others}\nUser-agent: *\nDisallow: /x\n${rules}`, "our-doctor");
    expect(named.isAllowed("/x")).toBe(false);
    const long = parseRobots(`User-agent: *\n${rules.repeat(3)}Disallow: /x`, "our-doctor");
    expect(long.isAllowed("/x")).toBe(true);
  });

  it("waits a minute at most", () => {
    expect(parseRobots("User-agent: *\nCrawl-delay: 1e9", "our-doctor").delaySeconds).toBe(60);
  });

  it("allows everything where there is none", () => {
    expect(parseRobots("", "our-doctor").isAllowed("/x")).toBe(true);
  });
});

describe("diffPolicies()", () => {
  it("says by directive what came and went, in each of several policies", () => {
    const before = "script-src 'self'; img-src 'none', default-src 'self'";
    const after = "script-src 'self' a b; img-src data:, default-src 'self'; font-src 'self' data:";
    expect(diffPolicies(before, after)).toEqual([
      "script-src: + a b",
      "img-src: - 'none' + data:",
      "font-src (new): + 'self' data:",
    ]);
  });

  it("compares policies of any length", () => {
    const sources = Array.from({ length: 200_000 }, (_, index) => `s${index}`).join(" ");
    expect(diffPolicies(`img-src ${sources}`, `img-src ${sources} data:`)).toEqual(["img-src: + data:"]);
  });

  it("says nothing where nothing changed", () => {
    expect(diffPolicies("img-src x;", "img-src x;")).toEqual([]);
  });
});
