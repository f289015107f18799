import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const PAGES = [
  "README.md",
  ".github/WATCHING.md",
  ".github/OPERATING.md",
  ".github/CONSENT.md",
  ".github/SECURITY.md",
  ".github/CONTRIBUTING.md",
  "test/bench/README.md",
];

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** A page without its code blocks. */
const readProse = (page: string) => read(page).replaceAll(/^```[^]*?^```|^ {4}.*$/gm, "");

/** Headings of a page, as they are written. */
const readHeadings = (page: string) => [...readProse(page).matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => text);

/** Anchors of a page, made from its headings as GitHub makes them. */
function readAnchors(page: string): string[] {
  const found = new Map<string, number>();
  return readHeadings(page).map((heading) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const repeats = found.get(slug) ?? 0;
    found.set(slug, repeats + 1);
    return repeats === 0 ? slug : `${slug}-${repeats}`;
  });
}

/** Whether a link of a page leads to a file of this project and, if the link has an anchor, to a heading there. */
function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  return existsSync(join(ROOT, target)) && (anchor === undefined || readAnchors(target).includes(anchor));
}

describe("README.md", () => {
  it("has at most 250 lines and 3,000 words", () => {
    const text = read("README.md");
    expect(text.split("\n").length - 1).toBeLessThanOrEqual(250);
    expect(text.trim().split(/\s+/).length).toBeLessThanOrEqual(3000);
  });

  it("has every variable and binding of wrangler.toml", () => {
    const variables = [...read("wrangler.toml").matchAll(/^([A-Z_]+) = /gm)].map(([, name]) => name);
    const bindings = [...read("wrangler.toml").matchAll(/^(?:# )?(?:binding|name) = "([A-Z_]+)"/gm)].map(
      ([, name]) => name,
    );
    const missing = [...variables, ...bindings].filter((name) => !read("README.md").includes(`\`${name}\``));
    expect([variables.length > 0, bindings, missing]).toEqual([true, ["VISITORS", "CHAT_LIMIT", "METRICS"], []]);
  });
});

describe.each(PAGES)("%s", (page) => {
  it("has only links that lead somewhere", () => {
    const links = [...readProse(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const ours = links.filter((link) => !/^https?:/.test(link));
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  it("names only files and folders of src and test that exist", () => {
    const paths = [...read(page).matchAll(/`((?:src|test)\/[^`\s]*)`/g)].map(([, path = ""]) => path);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe("messages of src", () => {
  it("name pages and headings that exist", () => {
    const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const sources = files.map((file) => read(join("src", file))).join("\n");
    const named = [...sources.matchAll(/(\S+\.md), "(.+?)"/g)];
    expect(named.length).toBeGreaterThan(0);
    const missing = named.filter(
      ([, page = "", heading = ""]) => !PAGES.includes(page) || !readHeadings(page).includes(heading),
    );
    expect(missing.map(([text]) => text)).toEqual([]);
  });
});
