import { describe, expect, it } from "vitest";
import {
  launches,
  listensForUnload,
  opensByItself,
  readHttpEquivs,
  readMarkup,
  readSitemap,
  toPageUrl,
} from "../../../src/cli/site/markup.ts";
import { settings } from "../../worker/settings.ts";

const SITE = new URL("https://www.example.com/shop/tea");

describe("readMarkup()", () => {
  const read = (html: string) => readMarkup(html, SITE);

  it("gives links within the site, resolved by <base>, without fragments", () => {
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

  it("does not take comments and scripts for markup", () => {
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

  // A parser that starts over at each of these would take hours.
  it.each(["<!--", "<script>", "<a ", '<a href="', "<a x=", "<meta http-equiv=", "</script", " ".repeat(9)])(
    "reads a page of nothing but %j in little time",
    (piece) => {
      const page = `<a href="/b"></a>${piece.repeat(1_900_000 / piece.length)}`;
      expect(read(page).links.map(({ pathname }) => pathname)).toEqual(["/b"]);
    },
  );

  it("finds a widget, one that opens by itself, and a service worker", () => {
    expect(read(settings.WIDGET_SNIPPET)).toMatchObject({ hasWidget: true, launchesByItself: false });
    expect(read("<script>navigator.serviceWorker.register('/sw.js')</script>").registersServiceWorker).toBe(true);
    expect([
      opensByItself("skipIconButtonAndAutoLaunch: true"),
      opensByItself('"skipIconButtonAndAutoLaunch":!0'),
    ]).toEqual([true, true]);
    expect(opensByItself("skipIconButtonAndAutoLaunch: false")).toBe(false);
  });

  it("finds what opens the chat in another way than by the visitor's press on the widget's button", () => {
    const pressing = 'document.getElementById("amazon-connect-open-widget-button").click()';
    expect(read(`<script>${pressing}</script>`).pressesButton).toBe(true);
    expect(read(settings.WIDGET_SNIPPET).pressesButton).toBe(false);
    const launching = ["skipIconButtonAndAutoLaunch: true", "programmaticLaunch: (launch) => {}", pressing];
    expect(launching.map(launches)).toEqual([true, true, true]);
    expect(launches(settings.WIDGET_SNIPPET)).toBe(false);
  });

  it.each([
    ["window.onunload = () => {}", true],
    ['addEventListener("unload", end)', true],
    ["addEventListener( `unload`, end)", true],
    ['addEventListener("beforeunload", end); const unload = "unload";', false],
  ])("finds what keeps pages out of the back/forward cache: %s is %s", (script, isFound) => {
    expect(listensForUnload(script)).toBe(isFound);
  });
});

describe("readHttpEquivs()", () => {
  it.each([
    [`<meta http-equiv="a&#45;b" content="x&amp;'y'">`, "a&#45;b", "x&amp;'y'"],
    [`<META CONTENT='"x"' HTTP-EQUIV=a>`, "a", '"x"'],
    [`\r\n<!--x--><meta\r\nhttp-equiv\n=\r\n"a" content = x=y />`, "a", "x=y"],
    [`<meta http-equiv content="">`, "", ""],
  ])("gives names and values as written: %s", (head, name, content) => {
    expect(readHttpEquivs(head)).toEqual([{ name, content }]);
  });

  it("leaves out what is no <meta>, or has not both attributes", () => {
    expect(readHttpEquivs(`<meta http-equiv="a"><meta content="b"><link http-equiv="a" content="b">`)).toEqual([]);
  });
});

describe("readSitemap()", () => {
  it("reads the addresses of a sitemap and of an index", () => {
    expect(
      readSitemap("<urlset><url><loc> https://a/?x=1&amp;y </loc></url><url><loc><![CDATA[https://b/]]></loc>"),
    ).toEqual({
      isIndex: false,
      addresses: ["https://a/?x=1&y", "https://b/"],
    });
    expect(readSitemap("<sitemapindex><sitemap><loc>https://a/1.xml</loc>")).toMatchObject({ isIndex: true });
  });

  it("reads a sitemap of nothing but white space in little time", () => {
    expect(readSitemap(`<loc>${" ".repeat(1_000_000)}<loc>https://a/</loc>`).addresses).toEqual(["https://a/"]);
  });
});
