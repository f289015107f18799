import { describe, expect, it } from "vitest";
import { type CharsetFacts, decideByCharset } from "../../../src/core/page/charset-decision.ts";

const HEAD = "<head>";
const META = '<meta charset="utf-8">';
/** The last place where browsers see the declaration. */
const lastVisible = 1024 - META.length;

const page = (before: number) => `${HEAD}${" ".repeat(before - HEAD.length)}${META}<title>`;

/** @returns The decision, in short. */
function decide(html: string, facts: Partial<CharsetFacts> = {}): string {
  const decision = decideByCharset(html, { place: HEAD.length, tagBytes: 70, isComplete: true, ...facts });
  return decision.kind === "leave" ? decision.reason : decision.kind;
}

describe("decideByCharset()", () => {
  it("sees a declaration that the tag would push beyond 1,024 bytes", () => {
    expect(decide(page(lastVisible - 70))).toBe("insert");
    expect(decide(page(lastVisible - 69))).toBe("late-charset");
    expect(decide(page(lastVisible))).toBe("late-charset");
  });

  it("accepts a declaration that browsers did not see before either", () => {
    expect(decide(page(1024))).toBe("insert");
  });

  it("sees a declaration that only begins in these bytes, as Chromium does", () => {
    expect(decide(page(1023))).toBe("late-charset");
    expect(decide(page(1010).slice(0, 1024), { isComplete: false })).toBe("more");
    expect(decide(page(1010).slice(0, 1020), { isComplete: false })).toBe("more");
    expect(decide(`${"<head>".padEnd(1010)}<meta content="${"x".repeat(2000)}`, { isComplete: false })).toBe(
      "late-charset",
    );
    expect(decide(`${"<head>".padEnd(1010)}<!-- ${"x".repeat(2000)}`, { isComplete: false })).toBe("insert");
  });

  it("accepts a page without a declaration", () => {
    expect(decide("<head><title>")).toBe("insert");
    expect(decide("<head><meta name=a><meta charse")).toBe("insert");
  });

  it.each([
    '<meta name="a"><meta charset="ISO-2022-JP">',
    "<meta charset=csISO2022JP>",
    '<meta http-equiv="Content-Type" content="text/html; charset=iso-2022-jp">',
  ])("knows %s, in which a tag may be no ASCII", (meta) => {
    expect(decide(`<head>${meta}`)).toBe("charset");
  });

  it.each([
    '<meta name="description" content="charset, iso-2022-jp">',
    '<!-- <meta charset="iso-2022-jp"> -->',
    '<link title="<meta charset=iso-2022-jp>">',
  ])("is not misled by %s", (misleading) => {
    expect(decide(`<head>${misleading}`)).toBe("insert");
    const before = `<head>${misleading}`.padEnd(lastVisible, " ");
    expect(decide(`${before}${META}`)).toBe("late-charset");
  });

  it("knows a page that leaves ASCII before the place", () => {
    expect(decide("<!--\x1b$B--><head>", { place: 18 })).toBe("charset");
    expect(decide("<!--  $B--><head>\x1b$B", { place: 17 })).toBe("insert");
  });

  it("waits for a declaration that may still come, but not behind 1,024 bytes", () => {
    const html = `<head><title>${"x".repeat(990)}`;
    expect(decide(html, { isComplete: false })).toBe("more");
    expect(decide(`${html}</title>`.padEnd(1024, " "), { isComplete: false })).toBe("insert");
    expect(decide(`<head>${META}`, { isComplete: false })).toBe("insert");
  });

  it("decides the same in pieces as at once", () => {
    for (const html of [page(lastVisible - 70), page(lastVisible), `<head><title>a</title>${META}`]) {
      let from: CharsetFacts["from"];
      for (let length = HEAD.length; length < html.length; length += 1) {
        const facts = { place: HEAD.length, tagBytes: 70, isComplete: false, from };
        const decision = decideByCharset(html.slice(0, length), facts);
        if (decision.kind !== "more") {
          expect(decision).toEqual(decideByCharset(html, { ...facts, isComplete: true, from: undefined }));
          break;
        }
        from = decision.progress;
      }
    }
  });
});
