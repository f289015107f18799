import { describe, expect, it } from "vitest";
import { buildRequest, type RawResponse, sendRaw } from "../raw-request.ts";
import { createProductWithout } from "../../attacks/product-without.ts";
import { settings } from "../settings.ts";
import { type RunningWorker, startWorker } from "../start-worker.ts";
import { usePair, useSite, useWorker } from "../use-workers.ts";

const NAVIGATION = ["Sec-Fetch-Dest: document"];
const TAG = "/_chat/widget.js";

const site = useSite();
const { ours, bare } = usePair(() => ({ ORIGIN_URL: site.origin }));
/** With another transformation: the tag has another address. */
const changed = useWorker(() => ({ ORIGIN_URL: site.origin, CHAT_PATH: "/_other" }));
const off = useWorker(() => ({ ORIGIN_URL: site.origin, MODE: "off" }));

function send(worker: RunningWorker, path: string, headers: string[] = [], method = "GET"): Promise<RawResponse> {
  const all = headers.some((header) => header.startsWith("Sec-Fetch-Dest")) ? headers : [...NAVIGATION, ...headers];
  return sendRaw(worker.origin, buildRequest({ method, path, host: "www.example.com", headers: all }));
}

function headerOf({ head }: RawResponse, name: string): string | undefined {
  return head.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
}

/** Request headers of a browser that has this page in its cache. */
function conditionsFor(response: RawResponse): string[] {
  const etag = headerOf(response, "etag");
  const modified = headerOf(response, "last-modified");
  return [
    ...(etag === undefined ? [] : [`If-None-Match: ${etag}`]),
    ...(modified === undefined ? [] : [`If-Modified-Since: ${modified}`]),
  ];
}

describe.each(["/try/validators/etag", "/try/validators/last-modified"])("a page with validators (%s)", (path) => {
  it("has a weak ETag of ours", async () => {
    expect(headerOf(await send(ours, path), "etag")).toMatch(/^W\/"[^"]+~chat-[smw][0-9a-f]{8}"$/);
  });

  it("is not sent again to a browser that has it with the tag", async () => {
    const page = await send(ours, path);
    expect(String(page.body)).toContain(TAG);
    const again = await send(ours, path, conditionsFor(page));
    expect(again.status).toBe(304);
    expect(headerOf(again, "etag")).toBe(headerOf(page, "etag"));
  });

  it("is sent again to a browser that has it from before the Worker", async () => {
    const page = await send(bare, path);
    const again = await send(ours, path, conditionsFor(page));
    expect(again.status).toBe(200);
    expect(String(again.body)).toContain(TAG);
  });

  it("is sent again after a change of the transformation, both ways", async () => {
    const page = await send(ours, path);
    const after = await send(changed, path, conditionsFor(page));
    expect(after.status).toBe(200);
    expect(String(after.body)).toContain("/_other/widget.js");
    const back = await send(ours, path, conditionsFor(after));
    expect(back.status).toBe(200);
    expect(String(back.body)).toContain(TAG);
  });

  it("is sent again, without the tag, once the chat is switched off", async () => {
    const page = await send(ours, path);
    const after = await send(off, path, conditionsFor(page));
    expect(after.status).toBe(200);
    expect(String(after.body)).not.toContain(TAG);
    expect((await send(off, path, conditionsFor(after))).status).toBe(304);
  });

  it("is sent again by the site alone, once the Worker is gone", async () => {
    const page = await send(ours, path);
    // A browser may also send the date; the ETag takes precedence.
    const etag = headerOf(page, "etag");
    expect((await send(bare, path, [`If-None-Match: ${etag}`])).status).toBe(200);
  });

  it("answers HEAD with the headers of GET, with and without conditions", async () => {
    const isFraming = (line: string) => /^(?:content-length|transfer-encoding):/.test(line);
    const get = await send(ours, path);
    const head = await send(ours, path, [], "HEAD");
    expect(head.head.filter((line) => !isFraming(line))).toEqual(get.head.filter((line) => !isFraming(line)));
    expect(headerOf(head, "content-length")).toBeUndefined();
    expect((await send(ours, path, conditionsFor(get), "HEAD")).status).toBe(304);
    const foreign = conditionsFor(await send(bare, path));
    expect((await send(ours, path, foreign, "HEAD")).status).toBe(200);
  });

  it("keeps its validators if it gets no tag", async () => {
    const headers = ["Sec-Fetch-Dest: empty"];
    const [got, expected] = await Promise.all([send(ours, path, headers), send(bare, path, headers)]);
    expect(got.head.filter((line) => line !== "vary: Sec-Fetch-Dest")).toEqual(expected.head);
    expect((await send(ours, path, [...headers, ...conditionsFor(got)])).status).toBe(304);
  });
});

describe("what may be a page", () => {
  it("is asked for once if no header says that a page is wanted", async () => {
    const path = "/try/validators/etag";
    const conditions = ['If-None-Match: "page-1"', "Accept: image/*"];
    const ask = (worker: RunningWorker) =>
      sendRaw(worker.origin, buildRequest({ path, host: "www.example.com", headers: conditions }));
    const [got, expected] = await Promise.all([ask(ours), ask(bare)]);
    expect(expected.status).toBe(304);
    expect(got.head).toEqual(expected.head);
  });

  it("has another ETag for a prefetch than for a navigation, since fewer bodies count as documents", async () => {
    const path = "/try/validators/etag";
    const prefetched = await send(ours, path, ["Sec-Fetch-Dest: empty", "Sec-Purpose: prefetch"]);
    const again = await send(ours, path, conditionsFor(prefetched));
    expect(again.status).toBe(200);
    expect(headerOf(again, "etag")).not.toBe(headerOf(prefetched, "etag"));
  });
});

describe("a 304 of a page", () => {
  it("stays if the origin does not answer a second time: an error would be worse than the older page", async () => {
    const conditions = ['If-None-Match: "page-1"'];
    const [got, expected] = await Promise.all([
      send(ours, "/try/validators/busy", conditions),
      send(bare, "/try/validators/busy", conditions),
    ]);
    expect(expected.status).toBe(304);
    expect(got.head).toEqual(expected.head);
  });

  it("carries the page's policy as patched, since its headers replace the stored ones", async () => {
    const page = await send(ours, "/try/validators/policy");
    expect(headerOf(page, "content-security-policy")).toContain("script-src 'self' https://");
    const again = await send(ours, "/try/validators/policy", conditionsFor(page));
    expect(again.status).toBe(304);
    expect(headerOf(again, "content-security-policy")).toBe(headerOf(page, "content-security-policy"));
  });
});

describe("what is no page", () => {
  it("keeps its 304, also when it is navigated to", async () => {
    const conditions = ['If-None-Match: "style-1"'];
    const [got, expected] = await Promise.all([
      send(ours, "/try/validators/style", conditions),
      send(bare, "/try/validators/style", conditions),
    ]);
    expect(expected.status).toBe(304);
    expect(got.head).toEqual(expected.head);
  });

  it("keeps its parts, also when it is navigated to", async () => {
    const [got, expected] = await Promise.all([
      send(ours, "/try/range/picture", ["Range: bytes=10-19"]),
      send(bare, "/try/range/picture", ["Range: bytes=10-19"]),
    ]);
    expect(expected.status).toBe(206);
    expect(got.head).toEqual(expected.head);
    expect(got.body.equals(expected.body)).toBe(true);
  });
});

describe("a part of a page", () => {
  it("is the whole page with the tag, since parts of it are not the origin's parts", async () => {
    const { status, body, head } = await send(ours, "/try/range/page", ["Range: bytes=0-99"]);
    expect(status).toBe(200);
    expect(String(body)).toContain(TAG);
    expect(head.filter((line) => line.startsWith("content-range"))).toEqual([]);
  });

  it("is not asked for with an ETag of ours", async () => {
    const etag = headerOf(await send(ours, "/try/range/page"), "etag");
    const { status } = await send(ours, "/try/range/page", ["Range: bytes=0-99", `If-Range: ${etag}`]);
    expect(status).toBe(200);
  });

  it("stays a part if it is no navigation", async () => {
    const headers = ["Sec-Fetch-Dest: empty", "Range: bytes=0-99"];
    const [got, expected] = await Promise.all([
      send(ours, "/try/range/page", headers),
      send(bare, "/try/range/page", headers),
    ]);
    expect(got.head).toEqual(expected.head);
    expect(got.body.equals(expected.body)).toBe(true);
  });
});

describe("another version of this Worker", () => {
  it.each([
    [
      "another tag",
      { file: "src/core/page/script-tag.ts", from: "'<script data-cfasync", to: "'<script data-x data-cfasync" },
    ],
    [
      "another change of policies",
      { file: "src/core/policy/chat-sources.ts", from: '["data:", origin,', to: '["blob:", origin,' },
    ],
  ])("with %s never takes this version's page for its own", async (_what, edit) => {
    const product = createProductWithout([edit]);
    const other = await startWorker({
      vars: { ...settings, ORIGIN_URL: site.origin },
      entry: product.path("src/index.ts"),
    });
    try {
      const page = await send(ours, "/try/validators/etag");
      const after = await send(other, "/try/validators/etag", conditionsFor(page));
      expect(after.status).toBe(200);
      expect(headerOf(after, "etag")).not.toBe(headerOf(page, "etag"));
    } finally {
      await other.close();
      product.remove();
    }
  });
});
