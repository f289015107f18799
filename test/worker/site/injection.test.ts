import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { NAVIGATION, NO_DOCUMENTS, PAGES, TAG, TAGLESS_COPIES, UNTOUCHED } from "./page-cases.ts";
import { buildRequest, openConnection, type RawResponse, sendRaw } from "../raw-request.ts";
import { type RunningWorker } from "../start-worker.ts";
import { usePair, useSite } from "../use-workers.ts";

const HOST = "www.example.com";

const site = useSite();
const { ours, bare } = usePair(() => ({ ORIGIN_URL: site.origin, EXCLUDE_PATHS: "/product/*" }));

function send(worker: RunningWorker, path: string, headers = NAVIGATION, method = "GET"): Promise<RawResponse> {
  return sendRaw(worker.origin, buildRequest({ method, path, host: HOST, headers }));
}

const isFraming = (line: string) => /^(?:content-length|transfer-encoding):/.test(line);
const cookies = ({ head }: RawResponse) => head.filter((line) => line.startsWith("set-cookie:"));

const both = (path: string, headers = NAVIGATION, method = "GET") =>
  Promise.all([send(ours, path, headers, method), send(bare, path, headers, method)]);

describe("a page", () => {
  it.each(PAGES)("of %s gets the tag once, and keeps every other byte", async (path, after) => {
    const [got, expected] = await both(path);
    const original = expected.body.toString("latin1");
    const at = original.indexOf(after) + after.length;
    expect(got.status).toBe(expected.status);
    expect(got.isWhole).toBe(true);
    expect(got.body.toString("latin1")).toBe(original.slice(0, at) + TAG + original.slice(at));
  });

  it("gets the tag without Sec-Fetch headers if its body begins with a doctype or <html>", async () => {
    expect(String((await send(ours, "/try/document/plain", [])).body)).toContain(`<head>${TAG}`);
  });

  it("is asked for only in encodings that the Worker can read", async () => {
    const headers = [...NAVIGATION, "Accept-Encoding: gzip, deflate, br, zstd"];
    const [got, expected] = await both("/try/encoding/negotiated", headers);
    expect(expected.head).toContain("content-encoding: zstd");
    expect(String(got.body)).toContain(TAG);
  });

  it("keeps its headers, except those about its length", async () => {
    const [got, expected] = await both("/try/document/plain");
    expect(got.head.filter((line) => !isFraming(line))).toEqual(expected.head.filter((line) => !isFraming(line)));
    expect(got.head).toContain(`content-length: ${got.body.length}`);
  });

  it("loses digests, since they are of other bytes", async () => {
    const [got, expected] = await both("/try/validators/digest");
    expect(expected.head.filter((line) => /digest|md5/.test(line))).toHaveLength(4);
    expect(got.head.filter((line) => /digest|md5/.test(line))).toEqual([]);
  });

  it("has the same headers for HEAD", async () => {
    const [head, get] = await Promise.all([
      send(ours, "/try/validators/digest", NAVIGATION, "HEAD"),
      send(ours, "/try/validators/digest"),
    ]);
    expect(head.head.filter((line) => !isFraming(line))).toEqual(get.head.filter((line) => !isFraming(line)));
    expect(head.body).toHaveLength(0);
  });

  it.each([
    ["gzip", gunzipSync],
    ["br", brotliDecompressSync],
  ])("is decoded from %s, so that it can be streamed", async (encoding, decode) => {
    const [got, expected] = await both(`/try/encoding/${encoding}`, [...NAVIGATION, `Accept-Encoding: ${encoding}`]);
    expect(got.head.filter((line) => line.startsWith("content-encoding"))).toEqual([]);
    expect(String(got.body)).toBe(String(decode(expected.body)).replace("<head>", `<head>${TAG}`));
  });

  it("is not held back if the origin sends its head early", async () => {
    const connection = openConnection(ours.origin);
    connection.socket.write(buildRequest({ path: "/try/stream/early-flush", host: HOST, headers: NAVIGATION }));
    await connection.until("<title>Streamed</title>");
    expect(connection.received()).toContain(TAG);
    expect(connection.received()).not.toContain("The rest.");
    await connection.until("The rest.");
    connection.socket.destroy();
  });

  it("is not held back if the origin sends less than its head", async () => {
    const connection = openConnection(ours.origin);
    connection.socket.write(buildRequest({ path: "/try/stream/early-doctype", host: HOST, headers: NAVIGATION }));
    await connection.until('<html lang="en">');
    expect(connection.received()).not.toContain("The rest.");
    connection.socket.destroy();
  });

  it("breaks off if the origin's page breaks off before its head", async () => {
    const [got, expected] = await both("/try/stream/broken-early");
    expect(got.isWhole).toBe(false);
    expect(String(got.body)).toBe(String(expected.body));
  });

  it("breaks off where the origin's page breaks off", async () => {
    const [got, expected] = await both("/try/stream/broken");
    expect(expected.isWhole).toBe(false);
    expect(got.isWhole).toBe(false);
    expect(String(got.body)).toBe(String(expected.body).replace("<head>", `<head>${TAG}`));
  });

  it("keeps the origin's cookies, except one with our name", async () => {
    const [got, expected] = await both("/try/cookies/plant-on-page");
    expect(String(got.body)).toContain(TAG);
    expect(cookies(got)).toEqual(cookies(expected).filter((line) => !line.includes("__Host-chat-")));
    expect(cookies(got)).toHaveLength(2);
  });
});

describe("what is no page", () => {
  it.each(UNTOUCHED)("keeps every byte and header: %s at %s", async (reason, path, headers) => {
    const [got, expected] = await both(path, [...headers]);
    expect(got.head).toEqual(expected.head);
    expect(got.body.equals(expected.body)).toBe(true);
    await expect.poll(() => ours.logs).toContainEqual(expect.objectContaining({ event: "page.left-alone", reason }));
  });

  it.each(TAGLESS_COPIES)("keeps every byte and other header, and varies: %s at %s", async (reason, path, headers) => {
    const [got, expected] = await both(path, [...headers]);
    expect(got.head).toEqual([...expected.head, "vary: Sec-Fetch-Dest"].toSorted());
    expect(got.body.equals(expected.body)).toBe(true);
    await expect.poll(() => ours.logs).toContainEqual(expect.objectContaining({ event: "page.left-alone", reason }));
  });

  it.each(NO_DOCUMENTS)("keeps every byte: %s at %s", async (reason, path, headers) => {
    const [got, expected] = await both(path, [...headers]);
    expect(got.isWhole).toBe(true);
    expect(got.body.equals(expected.body)).toBe(true);
    await expect.poll(() => ours.logs).toContainEqual(expect.objectContaining({ event: "page.left-alone", reason }));
  });

  it("varies for HEAD as it does for GET, where a script asks", async () => {
    const headers = ["Sec-Fetch-Dest: empty"];
    const [head, get] = [
      await send(ours, "/try/document/plain", headers, "HEAD"),
      await send(ours, "/try/document/plain", headers),
    ];
    expect(head.head).toContain("vary: Sec-Fetch-Dest");
    expect(head.head.filter((line) => !isFraming(line))).toEqual(get.head.filter((line) => !isFraming(line)));
  });

  it("keeps every byte and header of the answer to a POST that is no navigation", async () => {
    const [got, expected] = await both("/try/document/plain", [], "POST");
    expect(got.head).toEqual(expected.head);
    expect(got.body.equals(expected.body)).toBe(true);
  });
});
