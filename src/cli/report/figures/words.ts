import { isBrowserFamily, nameBrowserFamily } from "../../../core/outcome/browser-family.ts";
import { toPrintableLine } from "../../shared/printable.ts";

const NOT_TOLD = "not told";
const MAX_WORD_CHARS = 60;

/** A browser family by its usual name. */
export function nameBrowser(family: string): string {
  return isBrowserFamily(family) ? nameBrowserFamily(family) : nameWord(family);
}

/** A word from the figures, on one line: figures may hold any text. */
export function nameWord(word: string): string {
  const line = toPrintableLine(word);
  if (line === "") return NOT_TOLD;
  return line.length > MAX_WORD_CHARS ? `${line.slice(0, MAX_WORD_CHARS - 1)}…` : line;
}

export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** "12 chats", "1 chat". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A share in percent, with a decimal where it is small; empty without a whole. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "";
  const percent = (100 * part) / whole;
  return `${percent > 0 && percent < 9.95 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** Below this, a percentage of change says less than the two counts do. */
const LEAST_FOR_PERCENT = 20;

/** How a count has changed: `+12 %`, or both counts where one is small or the change is large. */
export function formatChange(before: number, now: number): string {
  if (before === now) return "same";
  const factor = now / before;
  if (before < LEAST_FOR_PERCENT || factor >= 3) return `${formatCount(before)} → ${formatCount(now)}`;
  const percent = Math.round((factor - 1) * 100);
  return percent === 0 ? "same" : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
}

/** A day in UTC, such as "5 Oct". */
export function formatDay(seconds: number): string {
  return new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

/** "a", "a and b", "a, b and c". */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** "in the 7 days before". */
export function sayBefore(days: number | null): string {
  return days === 1 ? "in the day before" : `in the ${days} days before`;
}
