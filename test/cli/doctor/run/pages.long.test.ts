import { beforeAll, describe, expect, it } from "vitest";
import { examine, proxy, useSite } from "./doctor-site.ts";
import { type FaultyProxy, withBody } from "../faulty-proxy.ts";
import { FINE, linksTo, PLANTED } from "./planted.ts";

useSite();

describe("npm run doctor, before the Worker is live", () => {
  let seen: Awaited<ReturnType<typeof examine>>;
  let asked: FaultyProxy["asked"];
  beforeAll(async () => {
    const paths = PLANTED.map(([, path]) => path);
    for (const [, path, fault] of PLANTED) if (fault !== null) proxy.faults.set(path, fault);
    proxy.faults.set("/", linksTo([...paths, ...FINE, "/secret", "/cart/add?product=tea", "/tea.pdf"]));
    proxy.faults.set("/robots.txt", withBody("User-agent: *\nDisallow: /secret\n", { "content-type": "text/plain" }));
    proxy.asked.length = 0;
    seen = await examine(proxy.origin, "--pages", "50");
    asked = [...proxy.asked];
    proxy.faults.clear();
  });

  const find = (code: string) => seen.findings.filter((finding) => finding.code === code);
  const pagesOf = (code: string) => find(code).flatMap(({ pages }) => pages);

  it.each(PLANTED.filter(([code]) => code !== "existing-widget"))("finds %s on %s, and nowhere else", (code, path) => {
    expect(pagesOf(code)).toEqual([path]);
  });

  it("finds existing-widget on each page with a part of a widget", () => {
    expect(pagesOf("existing-widget").toSorted()).toEqual(["/launching", "/with-widget"]);
  });

  it("finds robots where robots.txt forbids a page", () => {
    expect(find("robots")).toEqual([expect.objectContaining({ weight: "notes", details: ["addresses: 1"] })]);
    expect(asked.map(({ line }) => line)).not.toContain("GET /secret");
  });

  it("finds no-snippet while there is no snippet", () => {
    expect(find("no-snippet")).toHaveLength(1);
  });

  it("shows what changes in a policy", () => {
    expect(find("policies-change")[0]?.details).toContainEqual(
      expect.stringMatching(/^img-src, as default-src: \+ data: https?:\/\/\S+$/),
    );
  });

  it.each(FINE)("finds nothing on %s", (path) => {
    expect(seen.findings.filter(({ pages }) => pages.includes(path))).toEqual([]);
    if (path !== "/try/stream/broken")
      expect(seen.pages).toContainEqual(expect.objectContaining({ path, reason: null }));
  });

  it("lists the heaviest findings first, and reports them in verdict and exit code", () => {
    expect(seen.findings.map(({ weight }) => weight)).toEqual(
      ["blocks", "warns", "notes"].flatMap((weight) => seen.findings.map((f) => f.weight).filter((w) => w === weight)),
    );
    expect([seen.code, seen.verdict.isFine, seen.live]).toEqual([1, false, null]);
    expect(seen.verdict.text).toMatch(/^Not ready: Pages carry an Amazon Connect widget/);
  });

  it("asks for each page once, without cookies, and for no files and no addresses with a query", () => {
    const gets = asked.map(({ line }) => line).filter((line) => !line.includes("_chat"));
    expect(new Set(gets).size).toBe(gets.length);
    expect(gets.filter((line) => /cart\/add|\.pdf/.test(line))).toEqual([]);
    expect(asked.flatMap(({ headers }) => headers)).not.toContain("cookie");
    expect(asked.every(({ line }) => line.startsWith("GET "))).toBe(true);
  });
});
