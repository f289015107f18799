import { browserStorage } from "../page/storage.ts";

export const DRAW_KEY = "persistent-chat:draw";

/** Whether this browser gets the chat. It draws a number once, so it keeps the chat when the share grows. */
export function isInRollout(percent: number): boolean {
  if (percent >= 100) return true;
  if (percent <= 0) return false;
  const draw = browserStorage.get(DRAW_KEY) ?? String(Math.floor(Math.random() * 100));
  browserStorage.set(DRAW_KEY, draw);
  return Number(draw) < percent;
}
