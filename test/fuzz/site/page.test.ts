import { type Arbitrary, array, assert as assertProperty, asyncProperty, boolean, constantFrom, integer, oneof, property, record } from "fast-check"; // prettier-ignore
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type BodyDecision, decideByBody } from "../../../src/core/page/body-decision.ts";
import { decidePlace } from "../../../src/core/page/page-decision.ts";
import { readToken } from "../../../src/core/page/html-token.ts";
import { settings } from "../../worker/settings.ts";
import { type RunningWorkerd, startWorkerd } from "../../worker/start-workerd.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";
import { mutated } from "../mutation.ts";
import { type Site, startSite } from "../site.ts";

const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src *">`;
const PAGES = [
  `\ufeff<!-- a --><!doctype html>\n<html lang="de">\n<head data-x='>'>\n<meta charset="utf-8"><title>Gr\u00fc\u00dfe \u{1f375}</title>
<script>if (a < b) document.write("</he" + "ad>")</script></head><body><p>x</body></html>`,
  `<!DOCTYPE html><html><head><meta charset=utf-8>${POLICY}<title>x</title></head><body><p>x</p></body></html>`,
  `<html><head><script>var m = '${POLICY.replaceAll("'", "\\'")}';</script><style>a>b{}</style></head><body>x`,
  `<!doctype html><title>x</title><!-- ${POLICY} --><META content='script-src &#39;self&#39;' HTTP-EQUIV=' content-security-policy '><p>x`,
  `<!doctype html><head><noscript><link rel=x></noscript><template><head>${POLICY}</head></template></head><frameset><frame></frameset>`,
  `<?xml version="1.0"?><!doctype html><html amp><head></head>`,
  '{"html":"<html><head>"}',
];
const FRAGMENTS = [
  "<!doctype html>", "<html>", "<head>", "<head x='>'>", "</head>", "<body>", "</html>", "<title>", "</title>", "<script>", "</script>",
  "<style>", "</style>", "<!--", "-->", "--!>", "<template>", "</template>", "<svg>", "<math>", "<select>", "<option>", "<iframe>",
  "<noscript>", "<textarea>", "<plaintext>", "<meta charset=utf-8>", "<meta http-equiv=refresh content=0>", "content-security-policy",
  POLICY, "<meta http-equiv=content-security-policy content=script-src>", "<meta http-equiv=content-security-policy content=sandbox>",
  "<meta http-equiv=content-security-policy content=\"script-src 'nonce-a\"b'\">", "<frameset>", "<", ">", "'", '"', " ", "\n", "\0",
  "text", "\u00e9", "&lt;", "&#39;", "&amp", "<p", "</", "<!", "<?x?>", "=", "/", "/>", "![CDATA[", "]]>", "\ufeff",
]; // prettier-ignore

const html: Arbitrary<string> = oneof(
  { weight: 3, arbitrary: mutated(PAGES, FRAGMENTS, 5) },
  { weight: 1, arbitrary: array(constantFrom(...FRAGMENTS), { maxLength: 40 }).map((pieces) => pieces.join("")) },
);

interface Page {
  readonly html: string;
  readonly type: string;
  /** The policy in the page's headers. */
  readonly policy: string;
  readonly isNavigation: boolean;
  /** Where the page is cut into pieces. */
  readonly cuts: readonly number[];
}

const anyPage = record<Page>({
  html,
  type: constantFrom("text/html", "text/html", "text/html; charset=utf-8", "text/html;charset=windows-1252"),
  policy: constantFrom("", "", "", "default-src 'self'", `script-src 'nonce-a"b' 'self', img-src *`, "sandbox"),
  isNavigation: constantFrom(true, true, false),
  cuts: array(integer({ min: 1, max: 600 }), { maxLength: 5 }),
});

let site: Site;
let worker: RunningWorkerd;

beforeAll(async () => {
  site = await startSite();
  worker = await startWorkerd({ vars: { ...settings, ORIGIN_URL: site.origin, LOG_LEVEL: "error" } });
});
afterEach(() => {
  expect(worker.logs).toEqual([]);
  expect(worker.complaints).toEqual([]);
});
afterAll(async () => {
  await worker.close();
  await site.close();
});

/** @returns The page's bytes as they come through the Worker, one character a byte. */
async function send({ html, type, policy, isNavigation }: Page, cuts: readonly number[]): Promise<string> {
  const body = Buffer.from(html);
  const ends = [...new Set([...cuts.filter((cut) => cut < body.length), body.length])].toSorted((a, b) => a - b);
  const pieces = ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end));
  const headers = { "content-type": type, ...(policy !== "" && { "content-security-policy": policy }) };
  const path = site.add({ headers, pieces });
  const response = await fetch(worker.origin + path, isNavigation ? { headers: { "sec-fetch-dest": "document" } } : {});
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer()).toString("latin1");
}

const TAG = /<script data-cfasync="false" async(?: nonce="[^"<>]*")? src="\/_chat\/widget\.js"><\/script>/g;

// The content of these elements is text, also where it looks like markup; but not inside svg and math.
const FOREIGN = /<(?:svg|math)\b/i;
const TEXT_ELEMENT = /^(?:script|style|title|textarea|noscript|noframes|noembed|iframe|xmp|plaintext)$/;

/** A page without its <meta> policies: only they may change beside our tag. */
function withoutPolicies(text: string): string {
  const isForeign = FOREIGN.test(text);
  let rest = "";
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("<", at);
    const token = start === -1 ? null : readToken(text, start);
    if (token === null) return rest + text.slice(at);
    rest += text.slice(at, start);
    // A tag without an end makes no element: it may change.
    const isPart = token.kind === "partial" && /^<meta.*content-security-policy/is.test(text.slice(start));
    const end = token.kind === "text" ? start + 1 : token.kind === "partial" ? text.length : token.end;
    const isPolicy =
      token.kind === "tag" && token.name === "meta" && /content-security-policy/i.test(text.slice(start, end));
    if (!isPart && !isPolicy) rest += text.slice(start, end);
    at = end;
    if (token.kind !== "tag" || isForeign || !TEXT_ELEMENT.test(token.name)) continue;
    const length = text.slice(at).search(new RegExp(`</${token.name}[\\s/>]`, "i"));
    rest += text.slice(at, length === -1 ? text.length : at + length);
    at = length === -1 ? text.length : at + length;
  }
  return rest;
}

/** @returns Whether our tag is in the page. */
function expectTagAlone(page: Page, got: string): boolean {
  const original = Buffer.from(page.html).toString("latin1");
  if (got === original) return false;
  const [tag, ...others] = got.match(TAG) ?? [];
  expect(tag).toBeDefined();
  expect(others).toEqual([]);
  const without = got.replace(TAG, "");
  if (without !== original) expect(withoutPolicies(without)).toBe(withoutPolicies(original));
  const beginning = new TextDecoder("windows-1252").decode(Buffer.from(page.html));
  const decision = decideByBody(beginning, { isComplete: true, isNavigation: page.isNavigation });
  expect(decision).toMatchObject({ kind: "insert", at: got.search(TAG) });
  return true;
}

/** A page without a policy gets the tag where there is a place for it. */
function mustHaveTag({ html, policy, type, isNavigation }: Page): boolean {
  if (policy === "sandbox" || /content-security-policy/i.test(html)) return false;
  const beginning = new TextDecoder("windows-1252").decode(Buffer.from(html));
  // The longest that the tag can be.
  const facts = { isComplete: true, isNavigation, hasCharset: type.includes("charset"), tagBytes: 100 };
  return decidePlace(beginning, facts).kind === "insert";
}

describe("a page", () => {
  it("keeps every byte and gains at most one tag, in any pieces", { timeout: FUZZ_TIMEOUT_MS }, async () => {
    const pages = array(anyPage, { minLength: 1, maxLength: 8 });
    await assertProperty(
      asyncProperty(pages, async (few) => {
        await Promise.all(
          few.map(async (page) => {
            const whole = await send(page, []);
            const inPieces = page.cuts.length === 0 ? whole : await send(page, page.cuts);
            const hasTag = expectTagAlone(page, whole);
            if (mustHaveTag(page)) expect(hasTag).toBe(true);
            // The tag may have gone out before the byte arrives that makes the chat impossible.
            if (hasTag) expect(inPieces).toBe(whole);
            else expectTagAlone(page, inPieces);
          }),
        );
      }),
      fuzzed(150),
    );
  });
});

describe("decideByBody()", () => {
  it("never decides early on what a later byte would change", { timeout: FUZZ_TIMEOUT_MS }, () => {
    const piece = constantFrom(...Array.from("<>!-/='\" \n"), "html", "head", "doctype", "amp", "a", "p", "\u00ef\u00bb\u00bf", "?"); // prettier-ignore
    const beginnings = oneof(
      array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
      html.map((text) => new TextDecoder("windows-1252").decode(Buffer.from(text).subarray(0, 200))),
    );
    assertProperty(
      property(beginnings, boolean(), (whole, isNavigation) => {
        const end = decideByBody(whole, { isComplete: true, isNavigation });
        for (let length = 0; length < whole.length; length += 1) {
          expectConsistent(decideByBody(whole.slice(0, length), { isComplete: false, isNavigation }), end);
        }
      }),
      fuzzed(1500),
    );
  });
});

function expectConsistent(early: BodyDecision, end: BodyDecision): void {
  if (early.kind !== "more") expect(early).toEqual(end);
  else if (end.kind === "insert") expect(early.settled).toBeLessThanOrEqual(end.at);
}
