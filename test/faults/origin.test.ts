import { describe, expect, it } from "vitest";
import { buildRequest, openConnection, sendRaw } from "../worker/raw-request.ts";
import { exchange } from "../worker/raw-origin.ts";
import { usePair, useRawOrigin, useWorker } from "../worker/use-workers.ts";
import { watchLogs } from "./chatter.ts";

const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';
const REQUEST = buildRequest({ path: "/", host: "www.example.com", headers: ["Sec-Fetch-Dest: document"] });
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n";
const PAGE = "<!doctype html><html><head><title>A page</title></head><body>";

const origin = useRawOrigin();
const { ours, bare } = usePair(() => ({ ORIGIN_URL: origin.origin }));
const withoutSite = useWorker({ ORIGIN_URL: "http://127.0.0.1:1" });

/** What a visitor gets from the same broken answer: through our Worker, and through one that only passes on. */
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
    const log = watchLogs(withoutSite);
    const { status, body } = await sendRaw(withoutSite.origin, REQUEST);
    expect([status, String(body)]).toEqual([502, expect.stringContaining("This site cannot be reached right now")]);
    await log.expectLine({ event: "origin.unreachable" });
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
    // The closing chunk never comes: so the browser knows that the page is not whole.
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
    // The beginning of the page comes at once, with the chat, before the site sends the rest.
    await client.until(`<head>${TAG}`);
    server.socket.end("4\r\nrest\r\n0\r\n\r\n");
    await client.until("rest");
    client.socket.destroy();
  });
});
