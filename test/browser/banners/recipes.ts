import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext } from "playwright-core";
import { bundleForBrowser } from "../../playground/connect/browser-scripts.ts";

/** How the chat follows a banner, as .github/CONSENT.md says it. */
export interface Recipe {
  readonly banner: string;
  /** Where the banner's script comes from. */
  readonly host: string;
  /** The value of CONSENT_COOKIE. */
  readonly setting: string;
  /** What the page's head has: the banner's script, and the lines of the recipe if it has lines. */
  readonly head: string;
  /** Whether lines are for the page. */
  readonly hasLines: boolean;
  /** The banner's script and the lines, apart; `null` where the lines must come first. */
  readonly linesLast: { readonly tag: string; readonly lines: string } | null;
}

/** The vendors' addresses, and what stands in for their scripts. */
const STAND_INS: readonly (readonly [host: string, file: string])[] = [
  ["cdn.cookielaw.org", "one-trust"],
  ["consent.cookiebot.com", "cookiebot"],
  ["web.cmp.usercentrics.eu", "usercentrics"],
  ["app.usercentrics.eu", "usercentrics-v2"],
  ["sdk.privacy-center.org", "didomi"],
  ["cdn-cookieyes.com", "cookie-yes"],
  ["cmp.osano.com", "osano"],
];

/** The tags of banners whose recipe is a setting alone. */
const TAGS: Readonly<Record<string, string>> = {
  OneTrust: '<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js" data-domain-script="yours"></script>',
  Cookiebot: '<script src="https://consent.cookiebot.com/uc.js" data-cbid="yours" async></script>',
  Didomi: '<script src="https://sdk.privacy-center.org/yours/loader.js" async></script>',
  CookieYes: '<script id="cookieyes" src="https://cdn-cookieyes.com/client_data/yours/script.js"></script>',
};

const PAGE = readFileSync(join(import.meta.dirname, "../../../.github/CONSENT.md"), "utf8");
const [, BANNERS = ""] = /^## The banners$([^]*?)^## /m.exec(PAGE) ?? [];

/** The section of each banner, by its heading. */
const SECTIONS: readonly (readonly [banner: string, text: string])[] = BANNERS.split(/^### /m)
  .slice(1)
  .map((section) => [section.slice(0, section.indexOf("\n")), section]);

/** All recipes of the page, in its order: each block with a setting begins one, and so does each further block with lines. */
export const RECIPES: readonly Recipe[] = SECTIONS.flatMap(([banner, section]) => {
  const recipes: Recipe[] = [];
  let setting = "";
  for (const [, language, text = ""] of section.matchAll(/^```(toml|html)\n([^]*?)^```$/gm)) {
    if (language === "html") {
      if (recipes.at(-1)?.hasLines === false) recipes.pop();
      recipes.push({
        banner,
        host: readHost(text),
        setting,
        head: text,
        hasLines: true,
        linesLast: readLinesLast(text),
      });
    } else {
      setting = /^CONSENT_COOKIE = "(.*)"$/m.exec(text)?.[1] ?? "";
      const head = TAGS[banner] ?? "";
      recipes.push({ banner, host: readHost(head), setting, head, hasLines: false, linesLast: null });
    }
  }
  return recipes;
});

function readHost(head: string): string {
  return /src="https:\/\/([^/"]+)/.exec(head)?.[1] ?? "";
}

function readLinesLast(head: string): Recipe["linesLast"] {
  const [script = "", lines = ""] = /^<script>\n([^]*?)^<\/script>\n/m.exec(head) ?? [];
  // The second version of Usercentrics has nothing that could be asked later.
  return lines.includes("ucEvent") ? null : { tag: head.replace(script, ""), lines };
}

/** The settings that the text offers beside those of the blocks, each for a visitor's own choice alone. */
export const STRICTER: Readonly<Record<string, string>> = Object.fromEntries(
  SECTIONS.flatMap(([banner, section]) => {
    const [, setting] = /write\s+`([^`\s]+=[^`\s]+)`/.exec(section) ?? [];
    return setting === undefined ? [] : [[banner, setting]];
  }),
);

/** Answers for the vendors. Any other host of theirs cannot be reached. */
export async function standIn(context: BrowserContext): Promise<void> {
  for (const [host, file] of STAND_INS) {
    const body = bundleForBrowser(`../../browser/banners/${file}.ts`);
    await context.route(`https://${host}/**`, (route) => route.fulfill({ contentType: "text/javascript", body }));
  }
}
