import { CONNECTION_LOST_MS } from "../../limits.ts";
import { outcomes } from "./outcomes.ts";

/** When the chat lost its connection, in milliseconds of this browser's clock; `NaN` while it has one, or needs none. */
let lostAt = NaN;

export function connectionLost(): void {
  lostAt = Date.now();
}

export function connectionDone(): void {
  lostAt = NaN;
}

/** Notes a connection that has not come back soon: a page that is being left loses it as well. */
export function noteLostConnection(): void {
  if (Date.now() - lostAt > CONNECTION_LOST_MS) outcomes.add("connection-lost");
}
