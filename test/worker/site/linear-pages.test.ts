import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { useWorker } from "../use-workers.ts";

const worker = useWorker({}, { entry: join(import.meta.dirname, "../entries/counted-looks.ts") });

interface Insertion {
  readonly page: string;
  /** The reason for no tag; `null` if the page has the tag. */
  readonly reasons: readonly (string | null)[];
  readonly looks: number;
}

async function insert(text: string, size: number): Promise<Insertion> {
  const response = await fetch(worker.origin, { method: "POST", body: JSON.stringify({ text, size }) });
  const insertion: Insertion = await response.json();
  return insertion;
}

const withTag = (text: string) => text.replace("<head>", "<head><script></script>");

describe("a page in small pieces", () => {
  it.each([
    ["one comment", "<!doctype html><!--", "a"],
    ["an attribute", "<!doctype html><html a='", "b"],
  ])("is given up where it begins with %s that does not end", async (_what, begin, piece) => {
    const text = begin + piece.repeat(4000);
    const { looks, ...insertion } = await insert(text, 1);
    expect(insertion).toEqual({ page: text, reasons: ["no-head-found"] });
    expect(looks).toBeLessThan(700);
  });

  it.each(["<!-- a -->", " "])("has the tag after many %j: each is read once", async (piece) => {
    const text = `<!doctype html>${piece.repeat(4000 / piece.length)}<head><title>A page</title></head>`;
    expect(await insert(text, 1)).toMatchObject({ page: withTag(text), reasons: [null] });
  });

  it.each([1, 7, 64])(
    "is looked at a bounded number of times where its head is long, in pieces of %i",
    async (size) => {
      const text = `<head><script>${"<a".repeat(5000)}</script></head><body>`;
      const { looks, ...insertion } = await insert(text, size);
      expect(insertion).toEqual({ page: withTag(text), reasons: [null] });
      expect(looks).toBeLessThan(1500);
    },
  );

  it("has the tag, where its head opens early", async () => {
    const text = "<!doctype html>\n<html lang=en><head><title>A page</title></head><body></body></html>";
    expect(await insert(text, 3)).toMatchObject({ page: withTag(text), reasons: [null] });
  });
});

it("reads no more of a head in one piece than of a head in many", async () => {
  const text = `<head><script>${"a".repeat(1_000_000)}</script></head><body>`;
  const { looks, page } = await insert(text, text.length);
  expect(page).toBe(withTag(text));
  expect(looks).toBeLessThan(1500);
});
