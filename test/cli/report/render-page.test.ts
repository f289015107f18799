import { type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildExample } from "../../../src/cli/report/example.ts";
import { type ReportFigures } from "../../../src/cli/report/figures/report-figures.ts";
import { renderPage } from "../../../src/cli/report/page/render-page.ts";
import { OUTCOME_WORDS, splitWord } from "../../../src/core/outcome/outcome.ts";
import { launchChromium } from "../../browser/chromium.ts";
import { count, figuresOf, NOW, told } from "./some-figures.ts";

const HOSTILE = `</style></title></svg><script>document.title = "run"</script><img src=x onerror='document.title="run"'>"`;
const MAX_BYTES = 300 * 1024;

/** Every word in every hour, from several browsers and versions. */
function fullMonth(days: number, until = NOW): ReportFigures {
  const from = until - days * 86_400;
  const words = OUTCOME_WORDS.map((word) => splitWord(word));
  const counts = ["chrome", "edge", "firefox", "opera", "safari", "samsung", "other"].flatMap((browser) =>
    ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0"].flatMap((version) =>
      words.map(({ outcome, reason }) => count("browser.outcome", outcome, reason, 12_345, { browser, version })),
    ),
  );
  const chats = [
    ...Array.from({ length: 20 }, (_, index) => count("page.left-alone", "", `reason-${index}`, 9999)),
    count("page.left-alone", "", "REASON_".repeat(30), 99_999),
    count("page.injected", "", "", 5_000_000),
    count("token.issued", "now", "ended", 60_000),
    count("contact.recorded", "started", "", 50_000),
    count("chat.refused", "", "TOO_MANY_CALLS", 999),
  ];
  const hours = Array.from({ length: days * 24 }, (_, index) => from + index * 3600).flatMap((hour) =>
    [
      words.map(({ outcome }) => ({ event: "browser.outcome", outcome, hour, count: 17 + (hour % 7) })),
      { event: "contact.recorded", outcome: "started", hour, count: 100 + (hour % 11) },
      { event: "page.injected", outcome: "", hour, count: 7000 },
    ].flat(),
  );
  const all = [...counts, ...chats];
  return figuresOf(all, { before: all, hours, days, span: { from, until } });
}

describe("renderPage()", () => {
  it.each([30, 90])("has less than 300 KB for %i days with every word", (days) => {
    const bytes = new TextEncoder().encode(renderPage(fullMonth(days), NOW)).length;
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(MAX_BYTES);
  });

  it("has no script, and a policy that lets nothing in from elsewhere", () => {
    const html = renderPage(buildExample(), NOW);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|\son\w+=/i);
  });

  it("says what each picture means, to those who see it and to those who do not", () => {
    const html = renderPage(buildExample(), NOW);
    const pictures = html.match(/<svg/g)?.length ?? 0;
    expect(pictures).toBeGreaterThanOrEqual(10);
    expect(html.match(/<svg[^>]* role="img"/g)).toHaveLength(pictures);
    expect(html.match(/<svg[^>]* aria-label="[^"]{10,}"/g)).toHaveLength(pictures);
    expect(html.match(/<\/(?:svg|ul|details)><p>[^<]{20,}/g)).toHaveLength(pictures);
  });

  it("says of made-up figures that they are, in a band, in the heading and in the title", () => {
    expect(renderPage(buildExample(), NOW)).toMatch(
      /<title>[^<]*\(made up\)<\/title>[^]*<p class="band">Made-up figures[^]*<h1>[^<]*\(made up\)<\/h1>/,
    );
    expect(renderPage(fullMonth(30), NOW)).not.toMatch(/made[ -]up/i);
  });

  it("says what to do when nothing was counted", () => {
    expect(renderPage(figuresOf([]), NOW)).toMatch(/Nothing was counted\.<\/strong><\/p><p>Open a page of your site/);
  });

  it("says how many lines of a log are in no picture by day", () => {
    const counts = [count("page.injected", "", "", 2)];
    expect(renderPage(figuresOf(counts, { days: null, span: null, withoutTime: 2 }), NOW)).toContain(
      "2 lines of the log without a time",
    );
  });

  it("shows figures that are all of one hour", () => {
    const hour = NOW - 3600;
    const counts = [told("opened", 1), told("client-failed", 1), count("contact.recorded", "started", "", 1)];
    const hours = counts.map(({ event, outcome }) => ({ event, outcome, hour, count: 1 }));
    const html = renderPage(figuresOf(counts, { days: null, hours, span: { from: hour, until: NOW } }), NOW);
    expect(html).toContain("What failed in browsers");
    expect(html).toContain("11:00 to 12:00 UTC");
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe.concurrent("the report's page in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it("shows hostile text from the figures as text", async () => {
    const counts = [
      count("page.injected", "", "", 1),
      count("page.left-alone", "", HOSTILE, 50),
      count("token.issued", "none", HOSTILE, 50),
      count("chat.refused", "", HOSTILE, 50),
      told("opened", 50, { browser: HOSTILE, version: HOSTILE }),
      told("client-failed", 50, { browser: HOSTILE, version: HOSTILE }),
    ];
    const html = renderPage(figuresOf(counts, { title: HOSTILE }), NOW);
    const page = await browser.newPage();
    // Without the policy: what is escaped needs none.
    await page.setContent(html.replace(/<meta http-equiv[^>]*>/, ""));
    expect([await page.title(), await page.locator("script, img").count()]).toEqual([`Chat report: ${HOSTILE}`, 0]);
    await page.close();
  });

  it("fits a phone of 360 pixels, also with the longest words", async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
    for (const figures of [buildExample(), fullMonth(90)]) {
      await page.setContent(renderPage(figures, NOW));
      const [all, wide] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        [...document.querySelectorAll("svg text")].filter(
          (text) => text.getBoundingClientRect().right > 360 || text.getBoundingClientRect().left < 0,
        ).length,
      ]);
      expect([all, wide]).toEqual([360, 0]);
    }
    await page.close();
  });

  it.each([6, 20, 30, 90])(
    "has room between the days under its columns, over %i days that end in September",
    async (days) => {
      const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
      await page.setContent(renderPage(fullMonth(days, Date.UTC(2026, 8, 30) / 1000), NOW));
      const gaps = await page.evaluate(() =>
        [...document.querySelectorAll("svg[aria-label*='by day;']")].flatMap((chart) => {
          const names = [...chart.querySelectorAll("[aria-label='x-axis tick label'] text")];
          const places = names.map((name) => name.getBoundingClientRect());
          return places.slice(1).map(({ left }, index) => left - (places[index]?.right ?? left));
        }),
      );
      expect(gaps.length).toBeGreaterThan(2);
      expect(Math.min(...gaps)).toBeGreaterThan(8);
      await page.close();
    },
  );

  it.each(["light", "dark"] as const)("has a contrast of 4.5 for all text in the %s", async (colorScheme) => {
    const page = await browser.newPage({ colorScheme });
    await page.setContent(renderPage(buildExample(), NOW));
    const contrasts = await page.evaluate(() => {
      const luminance = (colour: string) => {
        const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const groundOf = (element: Element | null): string => {
        const colour = element === null ? "rgb(255, 255, 255)" : getComputedStyle(element).backgroundColor;
        return colour.endsWith(", 0)") ? groundOf(element?.parentElement ?? null) : colour;
      };
      return [...document.querySelectorAll("p, h1, h2, li, dt, dd, summary, .mark, td, th, svg text")].map(
        (element) => {
          const { color, fill } = getComputedStyle(element);
          const [a, b] = [element.tagName === "text" ? fill : color, groundOf(element)].map(luminance);
          return (Math.max(a ?? 0, b ?? 0) + 0.05) / (Math.min(a ?? 0, b ?? 0) + 0.05);
        },
      );
    });
    expect(contrasts.length).toBeGreaterThan(100);
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
    await page.close();
  });

  it("is light on paper, with every picture on one page", async () => {
    const page = await browser.newPage({ colorScheme: "dark" });
    await page.setContent(renderPage(buildExample(), NOW));
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const [ground, breaks] = await page.evaluate(() => [
      getComputedStyle(document.body).backgroundColor,
      [...new Set([...document.querySelectorAll("section")].map((section) => getComputedStyle(section).breakInside))],
    ]);
    expect([ground, breaks]).toEqual(["rgb(255, 255, 255)", ["avoid"]]);
    await page.close();
  });
});
