import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRequest, openConnection, sendRaw } from "../worker/raw-request.ts";
import { exchange, type RawOrigin, startRawOrigin } from "../worker/raw-origin.ts";
import { settings } from "../worker/settings.ts";
import { type RunningWorker } from "../worker/start-worker.ts";
import { startWorkerd } from "../worker/start-workerd.ts";
import { watchLogs } from "./chatter.ts";

const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';
const REQUEST = buildRequest({ path: "/", host: "www.example.com", headers: ["Sec-Fetch-Dest: document"] });
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n";
const PAGE = "<!doctype html><html><head><title>A page</title></head><body>";

let origin: RawOrigin;
let ours: RunningWorker;
/** The least that a Worker can do. */
let bare: RunningWorker;

beforeAll(async () => {
  origin = await startRawOrigin();
  const vars = { ORIGIN_URL: origin.origin };
  [ours, bare] = await Promise.all([
    startWorkerd({ vars: { ...settings, ...vars } }),
    startWorkerd({ vars, entry: join(import.meta.dirname, "../worker/entries/pass-through.ts") }),
  ]);
});
afterAll(async () => {
  await Promise.all([ours.close(), bare.close()]);
  await origin.close();
});

/** What a visitor gets of the same broken answer, with and without the chat in the page. */
async function compare(answer: string): Promise<readonly [string, string]> {
  const [got, expected] = [
    await exchange(ours, origin, { request: REQUEST, answer }),
    await exchange(bare, origin, { request: REQUEST, answer }),
  ];
  return [got.answered, expected.answered];
}

/** Without chunk sizes. */
const bodyOf = (answer: string) =>
  answer.slice(answer.indexOf("\r\n\r\n") + 4).replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n|\r\n$/gi, "");

describe("the site behind", () => {
  it("The site cannot be reached", async () => {
    const gone = await startWorkerd({ vars: { ...settings, ORIGIN_URL: "http://127.0.0.1:1" } });
    const log = watchLogs(gone);
    try {
      const { status, body } = await sendRaw(gone.origin, REQUEST);
      expect([status, String(body)]).toEqual([502, expect.stringContaining("This site cannot be reached right now")]);
      await log.expectLine({ event: "origin.unreachable" });
    } finally {
      await gone.close();
    }
  });

  it("The site hangs up before its answer begins", async () => {
    const log = watchLogs(ours);
    const [got] = await compare("");
    expect(got).toMatch(/^HTTP\/1\.1 502 /);
    expect(got).toContain("This site cannot be reached right now");
    await log.expectLine({ event: "origin.unreachable" });
  });

  it("The site hangs up in the middle of a page", async () => {
    const [got, expected] = await compare(`${HEAD}Content-Length: 5000\r\n\r\n${PAGE}half`);
    expect(bodyOf(got).replace(TAG, "")).toBe(bodyOf(expected));
    expect(bodyOf(got)).toContain(`<head>${TAG}`);
    // The last chunk of all never comes, so that the browser knows that something is missing.
    expect(got).not.toContain("\r\n0\r\n");
  });

  it("The site sends malformed chunks", async () => {
    const chunk = `${PAGE.length.toString(16)}\r\n${PAGE}\r\n`;
    const [got, expected] = await compare(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk}zzz\r\nrest`);
    expect(bodyOf(got).replace(TAG, "")).toBe(bodyOf(expected));
    expect(got).not.toContain("\r\n0\r\n");
  });

  it("The site is slow", async () => {
    const client = openConnection(ours.origin);
    client.socket.write(REQUEST);
    const server = await origin.next();
    await server.until("\r\n\r\n");
    server.socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${PAGE.length.toString(16)}\r\n${PAGE}\r\n`);
    // What there is of the page comes at once, with the chat, before the site goes on.
    await client.until(`<head>${TAG}`);
    server.socket.end("4\r\nrest\r\n0\r\n\r\n");
    await client.until("rest");
    client.socket.destroy();
  });
});
