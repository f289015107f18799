import { describe, expect, it } from "vitest";
import { NAVIGATION, NO_DOCUMENTS, PAGES, UNTOUCHED } from "./page-cases.ts";
import { buildRequest, type RawResponse, sendRaw } from "../raw-request.ts";
import { usePair, useSite } from "../use-workers.ts";

const site = useSite();
const { ours, bare } = usePair(() => ({
  ORIGIN_URL: site.origin,
  MODE: "observe",
  LOG_LEVEL: "info",
  EXCLUDE_PATHS: "/product/*",
}));

const withoutDate = ({ head }: RawResponse) => head.filter((line) => !line.startsWith("date:"));

/** The answers of both Workers to a request, and what ours logged. */
async function observe(path: string, headers: readonly string[]) {
  const request = buildRequest({ path, host: "www.example.com", headers: [...headers] });
  const begin = ours.logs.length;
  const [got, expected] = [await sendRaw(ours.origin, request), await sendRaw(bare.origin, request)];
  const observed = () => ours.logs.slice(begin).filter(({ event }) => event === "page.observed");
  return { got, expected, observed };
}

describe("with MODE=observe", () => {
  it.each(PAGES)("%s stays as it is, and counts as one that would get the chat", async (path) => {
    const { got, expected, observed } = await observe(path, NAVIGATION);
    expect(got.body.equals(expected.body)).toBe(true);
    expect(withoutDate(got)).toEqual(withoutDate(expected));
    await expect.poll(observed).toEqual([{ level: "info", event: "page.observed", outcome: "inject" }]);
  });

  const left = [...UNTOUCHED, ...NO_DOCUMENTS].filter(
    // Not a 206, which shows only a part; no encodings that the Worker never asks for; no requests that are not for pages.
    ([reason, path]) => !path.includes("/range/") && !["encoding", "frame", "destination"].includes(reason),
  );
  it.each(left)("counts as left alone, %s: %s", async (reason, path, headers) => {
    const { got, expected, observed } = await observe(path, headers);
    expect(got.body.equals(expected.body)).toBe(true);
    expect(withoutDate(got)).toEqual(withoutDate(expected));
    await expect.poll(observed).toEqual([{ level: "info", event: "page.observed", outcome: "leave", reason }]);
  });

  it("does not count a page's frames, scripts and pictures", async () => {
    for (const destination of ["iframe", "script", "image", "empty"]) {
      await observe("/try/document/plain", [`Sec-Fetch-Dest: ${destination}`]);
    }
    const { observed } = await observe("/", NAVIGATION);
    await expect.poll(observed).toHaveLength(1);
    expect(ours.logs.filter(({ reason }) => reason === "destination" || reason === "frame")).toEqual([]);
  });

  it("judges a page by its headers alone if it comes in an encoding that the Worker would not have asked for", async () => {
    const { got, expected, observed } = await observe("/try/encoding/zstd", NAVIGATION);
    expect(got.body.equals(expected.body)).toBe(true);
    await expect.poll(observed).toEqual([expect.objectContaining({ outcome: "inject" })]);
  });
});
