import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAX_HEAD_BYTES } from "../../../src/limits.ts";
import { useWorker } from "../use-workers.ts";

const worker = useWorker({}, { entry: join(import.meta.dirname, "../entries/page-in-pieces.ts") });

interface Insertion {
  readonly page: string;
  /** The reason for no tag; `null` if the page has the tag. */
  readonly reasons: readonly (string | null)[];
  /** Characters that were decoded. */
  readonly decoded: number;
}

async function insert(text: string, size: number, loss = ""): Promise<Insertion> {
  const response = await fetch(worker.origin, { method: "POST", body: JSON.stringify({ text, size, loss }) });
  const insertion: Insertion = await response.json();
  return insertion;
}

const withTag = (text: string) => text.replace("<head>", "<head><script></script>");

/** The opening is decoded once more on each side of HTMLRewriter. */
const toMost = (text: string) => 3 * text.length + 1000;

describe.each([1, 7, 64, 100_000])("a page in pieces of %i", (size) => {
  it.each([
    ["comments", "<!-- a -->"],
    ["white space", " "],
    ["odd declarations", "<?a ?>"],
    ["end tags", "</p a='b'>"],
  ])("has the tag after many %s, and is decoded once", async (_what, piece) => {
    const text = `<!doctype html>${piece.repeat(2000 / piece.length)}<head><title>A page</title></head>`;
    const { decoded, ...insertion } = await insert(text, size);
    expect(insertion).toEqual({ page: withTag(text), reasons: [null] });
    expect(decoded).toBeLessThan(toMost(text));
  });

  it.each([
    ["a comment", "<!-- ", " -->"],
    ["an attribute", "<html a='", "'>"],
    ["an attribute's name", "<html ", ">"],
  ])("has the tag after a long %s, and is decoded once", async (_what, begin, end) => {
    const text = `<!doctype html>${begin}${"a".repeat(2000)}${end}<head><title>A page</title></head>`;
    const { decoded, ...insertion } = await insert(text, size);
    expect(insertion).toEqual({ page: withTag(text), reasons: [null] });
    expect(decoded).toBeLessThan(toMost(text));
  });

  it("has its late policy patched, behind a script that talks of a head's end", async () => {
    const before = `<head><script>'</head><body>'</script><meta name="description" content="</head> <body>">`;
    const text = `${before}<meta http-equiv="content-security-policy" content="img-src 'self'"></head><body>`;
    const { decoded, page } = await insert(text, size);
    expect(page).toBe(withTag(text).replace("img-src 'self'", "patched"));
    expect(decoded).toBeLessThan(toMost(text));
  });
});

it("reads a bounded part of a head, in one piece as in many", async () => {
  const text = `<head><script>${"a".repeat(1_000_000)}</script></head><body>`;
  for (const size of [1000, text.length]) {
    const { decoded, page } = await insert(text, size);
    expect(page).toBe(withTag(text));
    expect(decoded).toBeLessThan(MAX_HEAD_BYTES + 20_000);
  }
});

describe("a page of which HTMLRewriter loses a byte", () => {
  const policy = '<meta http-equiv="content-security-policy" content="img-src x">';

  it.each([
    ["where the head opens", "<!doctype html><html><head><title>x</title></head>", "<script>"],
    ["where no head tag is", "<!doctype html><title>x</title><p>y", "<script>"],
    ["in a policy", `<!doctype html><head>${policy}<title>x</title></head>`, "content-security"],
  ])("goes out as it came: %s", async (_what, text, loss) => {
    expect(await insert(text, 100_000, loss)).toMatchObject({ page: text, reasons: ["parsers-disagree"] });
  });

  it("keeps a late policy as it is", async () => {
    const text = `<head><title>${"x".repeat(100)}</title>${policy}</head>`;
    expect(await insert(text, 20, "content-security")).toMatchObject({ page: withTag(text), reasons: [null] });
  });
});
