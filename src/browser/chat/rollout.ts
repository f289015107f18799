import { config } from "../browser-config.ts";
import { browserStorage } from "../page/storage.ts";

export const DRAW_KEY = "persistent-chat:draw";

/** Whether this browser gets the chat. It draws a number once, so it keeps the chat when the share grows. */
export function isInRollout(): boolean {
  return config.rolloutPercent >= 100 || (config.rolloutPercent > 0 && draw() < config.rolloutPercent);
}

function draw(): number {
  const drawn = browserStorage.get(DRAW_KEY) ?? `${Math.floor(Math.random() * 100)}`;
  browserStorage.set(DRAW_KEY, drawn);
  return Number(drawn);
}
