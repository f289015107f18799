import { browserStorage } from "../page/storage.ts";

export const DRAW_KEY = "persistent-chat:draw";

/** Whether this browser gets the chat. It draws a number once, so it keeps the chat when the share grows. */
export function isInRollout(percent: number): boolean {
  if (percent >= 100) return true;
  if (percent <= 0) return false;
  const kept = browserStorage.get(DRAW_KEY);
  const draw = kept === null ? Math.floor(Math.random() * 100) : Number(kept);
  if (kept === null) browserStorage.set(DRAW_KEY, String(draw));
  return draw < percent;
}
