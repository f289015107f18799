import { env, waitUntil } from "cloudflare:workers";
import browserPart from "../.connect/browser-part.txt";
import { createApp } from "./app.ts";

export default createApp({
  env: { ...env },
  browserPart,
  fetch: (request) => fetch(request),
  now: () => Math.floor(Date.now() / 1000),
  random: Math.random,
  waitUntil,
});
