import { CONNECTION_LOST_MS } from "../../limits.ts";
import * as persistedChat from "../chat/persisted-chat.ts";
import { note } from "./outcomes.ts";

/** When the chat lost its connection, in milliseconds of this browser's clock; `NaN` while it has one. */
let lostAt = NaN;

export function connectionLost(): void {
  lostAt = Date.now();
}

export function connectionBack(): void {
  lostAt = NaN;
}

/**
 * Notes a connection that has not come back soon: a page that is being left loses it as well. A chat that is over, or was
 * taken away, needs none.
 */
export function noteLostConnection(): void {
  if (Date.now() - lostAt > CONNECTION_LOST_MS && persistedChat.read()) note("connection-lost");
}
