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

  it("finds a page whose live code lets the site's own back end start the chats", () => {
    const script = "amazon_connect('customStartChat', (callback) => start().then(callback))";
    const hasOwnStart = (html: string) => read(html).hasOwnStart;
    expect(hasOwnStart(`<script>"not closed</script><script>${script}</script>`)).toBe(true);
    expect(hasOwnStart(settings.WIDGET_SNIPPET)).toBe(false);
    expect(hasOwnStart(`<!-- <script>${script}</script> --><p>${script}</p>`)).toBe(false);
    expect(hasOwnStart(`<script>// ${script}</script>`)).toBe(false);
    expect(hasOwnStart(`<script type="application/json">${script}</script>`)).toBe(false);
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

describe("readMarkup(), assets", () => {
  const read = (html: string) => readMarkup(html, SITE).assets.map(({ pathname, search }) => pathname + search);

  it.each([
    ["a script", `<script src="/a.js"></script><script>x</script>`, ["/a.js"]],
    [
      "styles, icons and what is loaded ahead",
      `<link rel="preload stylesheet" href=/a><link rel="shortcut icon" href=/b><link rel=modulepreload href=/c>`,
      ["/a", "/b", "/c"],
    ],
    ["an image", `<img src="/a.png" srcset="/b.png 2x">`, ["/a.png"]],
    ["one candidate of an image without src", `<img srcset=" /a.png 1x, /b.png 2x">`, ["/a.png"]],
    [
      "one file of a picture",
      `<picture><source srcset="/a.webp"><source src="/x"><img src="/a.png"></picture>`,
      ["/a.png"],
    ],
    ["a video's poster", `<video src="/a.mp4" poster="/a.jpg"></video>`, ["/a.jpg"]],
    [
      "a sound, and one of several sources",
      `<audio src="/a.mp3"></audio><video><source src="/b.webm"><source src="/b.mp4"></video>`,
      ["/a.mp3", "/b.webm"],
    ],
    ["an image button", `<input type="image" src="/a.png"><input src="/b.png">`, ["/a.png"]],
    ["each address once, with its query", `<img src="/a?1#x"><img src="/a?1"><img src="/a?2">`, ["/a?1", "/a?2"]],
    ["addresses below <base>", `<base href="/b/"><img src="a.png">`, ["/b/a.png"]],
    [
      "the site's own host by name",
      `<img src="//www.example.com/a.png"><img src="https://cdn.example.com/b.png">`,
      ["/a.png"],
    ],
  ])("gives %s", (_what, html, paths) => expect(read(html)).toEqual(paths));

  it.each([
    ["other links", `<link rel="canonical" href="/a"><link rel="dns-prefetch" href="/b"><a href="/c">c</a>`],
    ["scripts for old browsers", `<script nomodule src="/a.js"></script>`],
    ["what scripts may show later", `<template><img src="/a.png"></template><noscript><img src="/b.png"></noscript>`],
    ["data and empty addresses", `<img src="data:image/png;base64,AA=="><img src=""><script src></script>`],
  ])("does not count %s", (_what, html) => expect(read(html)).toEqual([]));
});

describe("readMarkup(), paths of pages", () => {
  it("gives links, also with a query, frames and forms, but no files and no other site", () => {
    const html = `<a href="/a?x=1">a</a><a href="/a">a</a><map><area href="/b"></map><iframe src="/c"></iframe><form action="/d">
      <a href="/e.pdf">e</a><a href="https://other.example/f">f</a><a href="/g.html">g</a>`;
    expect(readMarkup(html, SITE).pagePaths.toSorted()).toEqual(["/a", "/b", "/c", "/d", "/g.html"]);
  });
});

describe("readMarkup(), other chats", () => {
  const read = (html: string) => readMarkup(html, SITE).otherChats;

  // As the vendors' pages about installation show them.
  it.each([
    ["Intercom", `<script>s.src='https://widget.intercom.io/widget/' + APP_ID;</script>`],
    ["Zendesk", `<script id="ze-snippet" src="https://static.zdassets.com/ekr/snippet.js?key=1"></script>`],
    ["Zendesk", `<script>$.src="https://v2.zopim.com/?1";</script>`],
    ["Crisp", `<script>s.src="https://client.crisp.chat/l.js";s.async=1;</script>`],
    [
      "LivePerson",
      `<script>n=this.ovr.domain?this.ovr.domain:'lptag.liveperson.net'+'/tag/tag.js?site='+this.site</script>`,
    ],
    ["tawk.to", `<script>s1.src='https://embed.tawk.to/1/default';</script>`],
    ["Drift", `<script>o.src = "https://js.driftt.com/include/" + n + "/" + t + ".js";</script>`],
    [
      "HubSpot, if its chat is switched on",
      `<script id="hs-script-loader" async defer src="//js-eu1.hs-scripts.com/1.js"></script>`,
    ],
    [
      "HubSpot, if its chat is switched on",
      `<script src="https://js.usemessages.com/conversations-embed.js"></script>`,
    ],
  ])("recognizes %s", (name, html) => expect(read(html)).toEqual([name]));

  it("recognizes a script that waits for consent", () => {
    expect(read(`<script type="text/plain" data-src="x">s.src="https://client.crisp.chat/l.js"</script>`)).toEqual([
      "Crisp",
    ]);
  });

  it.each([
    ["text", "<p>Put https://client.crisp.chat/l.js into your page</p>"],
    ["a comment", `<!-- <script src="https://embed.tawk.to/1/default"></script> -->`],
    ["a script's data", `<script type="application/json">{"text":"https://client.crisp.chat/l.js"}</script>`],
    ["a link", `<a href="https://js.driftt.com/">Drift</a>`],
    ["another host", `<script src="https://client.crisp.chats.example/l.js"></script>`],
  ])("does not take %s for a chat", (_what, html) => expect(read(html)).toEqual([]));
});

describe("readMarkup(), consent banners", () => {
  const read = (html: string) => readMarkup(html, SITE).consentBanners.map(({ name }) => name);

  // As the vendors' pages about installation show them.
  it.each([
    [
      "OneTrust",
      `<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js" data-domain-script="0"></script>`,
    ],
    ["OneTrust", `<script src="https://cookie-cdn.cookiepro.com/consent/0.js"></script>`],
    ["OneTrust", `<script src="/consent/scripttemplates/otSDKStub.js" data-domain-script="0"></script>`],
    ["Cookiebot", `<script id="Cookiebot" src="https://consent.cookiebot.com/uc.js" data-cbid="0"></script>`],
    ["Cookiebot", `<script src="https://consent.cookiebot.eu/uc.js?cbid=0"></script>`],
    ["Usercentrics", `<script id="usercentrics-cmp" src="https://web.cmp.usercentrics.eu/ui/loader.js"></script>`],
    ["Usercentrics", `<script src="https://app.usercentrics.eu/browser-ui/latest/loader.js"></script>`],
    ["Didomi", `<script>var a="https://sdk.privacy-center.org/"+e+"/loader.js?target="+location.hostname</script>`],
    ["CookieYes", `<script id="cookieyes" src="https://cdn-cookieyes.com/client_data/0/script.js"></script>`],
    ["CookieYes", `<script src="/wp-content/plugins/cookie-law-info/lite/frontend/js/script.min.js?ver=3"></script>`],
    ["Osano", `<script src="https://cmp.osano.com/0/0/osano.js"></script>`],
  ])("recognizes %s", (name, html) => expect(read(html)).toEqual([name]));

  it.each([
    ["text", "<p>Load https://consent.cookiebot.com/uc.js</p>"],
    ["a script's data", `<script type="application/json">["https://cmp.osano.com/"]</script>`],
    ["a link", `<a href="https://sdk.privacy-center.org/">Didomi</a>`],
    ["another host", `<script src="https://cmp.osano.community.example/osano.js"></script>`],
    ["the plugin's older edition", `<script src="/wp-content/plugins/cookie-law-info/legacy/public/js/a.js"></script>`],
  ])("does not take %s for a banner", (_what, html) => expect(read(html)).toEqual([]));
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
