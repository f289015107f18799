const BROWSERS: Readonly<Record<string, string>> = {
  chrome: "Chrome",
  edge: "Edge",
  firefox: "Firefox",
  opera: "Opera",
  other: "other browsers",
  safari: "Safari",
  samsung: "Samsung Internet",
};

/** A browser family by its usual name; any other word as it is. */
export function nameBrowser(family: string): string {
  return (Object.hasOwn(BROWSERS, family) ? BROWSERS[family] : undefined) ?? family;
}

/** A count or an estimate, such as "1,234". */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/**
 * A share in percent, with a decimal where it is small. Something is never "0 %", and what lacks something never "100 %".
 *
 * @returns Empty without a whole. A part that is larger than its whole is "100 %".
 */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return "";
  const percent = (100 * Math.min(part, whole)) / whole;
  if (percent > 0 && percent < 0.1) return "less than 0.1 %";
  if (percent < 100 && percent >= 99.5) return "more than 99 %";
  return `${percent < 9.95 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}
