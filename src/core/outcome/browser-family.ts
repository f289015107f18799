/** First match counts: most browsers also name those whose pages they want to get. */
const FAMILIES: readonly (readonly [string, RegExp])[] = [
  ["edge", /\bEdg(?:e|A|iOS)?\//],
  ["opera", /\bOPR\//],
  ["samsung", /\bSamsungBrowser\//],
  ["firefox", /\b(?:Firefox|FxiOS)\//],
  ["chrome", /\b(?:Chrome|Chromium|CriOS)\//],
  ["safari", /\bVersion\/[\d.]+ (?:Mobile\/\w+ )?Safari\//],
];

/**
 * The family of a browser, as a fixed word: which browser fails is what an owner needs, and a whole header would tell
 * one visitor from another.
 *
 * @returns `other` for any other browser, and where the header is absent.
 */
export function readBrowserFamily(userAgent = ""): string {
  return FAMILIES.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? "other";
}
