import { formatCount, nameBrowser } from "../../../core/outcome/words.ts";
import { CHANGE_TIMES, LEAST_FOR_PERCENT } from "../limits.ts";
import { toPrintableLine } from "../../shared/printable.ts";

const NOT_TOLD = "not told";
const MAX_WORD_CHARS = 60;

/** A browser family of the figures by its usual name. */
export function nameFamily(family: string): string {
  return nameWord(nameBrowser(family));
}

/** A word from the figures, on one line: figures may hold any text. */
export function nameWord(word: string): string {
  const line = toPrintableLine(word);
  if (line === "") return NOT_TOLD;
  return line.length > MAX_WORD_CHARS ? `${line.slice(0, MAX_WORD_CHARS - 1)}…` : line;
}

/** "12 chats", "1 chat". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** How a count has changed: `+12 %`, or both counts where one is small or the change is large. */
export function formatChange(before: number, now: number): string {
  if (before === now) return "same";
  const factor = now / before;
  if (before < LEAST_FOR_PERCENT || factor >= CHANGE_TIMES) return `${formatCount(before)} → ${formatCount(now)}`;
  const percent = Math.round((factor - 1) * 100);
  return percent === 0 ? "same" : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
}

/** The name of what a list leaves out. */
export const nameOthers = (others: number) => `${formatCount(others)} others`;

/** A day in UTC, such as "5 Oct". */
export function formatDay(seconds: number): string {
  return new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

/** "a", "a and b", "a, b and c". */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** "The last 7 days", "The last day". */
export function sayLast(days: number): string {
  return days === 1 ? "The last day" : `The last ${days} days`;
}

/** "in the 7 days before". */
export function sayBefore(days: number | null): string {
  return days === 1 ? "in the day before" : `in the ${days} days before`;
}
