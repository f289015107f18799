// The product with a KV that answers at once and keeps nothing: the same report is a new one each time it is sent.
import { env, waitUntil } from "cloudflare:workers";
import browserPart from "../../../.connect/browser-part.txt";
import { createApp } from "../../../src/app.ts";

export default createApp({
  env: { ...env, VISITORS: { get: async () => new Map(), put: async () => undefined } },
  browserPart,
  fetch: (request) => fetch(request),
  now: () => Math.floor(Date.now() / 1000),
  random: Math.random,
  waitUntil,
});
