import { describe, expect, it } from "vitest";
import { decidePlace } from "../../../src/core/page/page-decision.ts";
import { startSite } from "../../fuzz/site.ts";
import { useServer, useWorker } from "../use-workers.ts";
import { TAG } from "./page-cases.ts";

const site = useServer(startSite);
const worker = useWorker(() => ({ ORIGIN_URL: site.origin, LOG_LEVEL: "error" }));

async function send(body: Buffer, splits: readonly number[] = []): Promise<Buffer> {
  const ends = [...new Set([...splits.map((split) => split % (body.length + 1)), body.length])].sort((a, b) => a - b);
  const pieces = ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end)).filter(({ length }) => length > 0);
  const path = site.add({ headers: { "content-type": "text/html" }, pieces });
  const response = await fetch(worker.origin + path, { headers: { "sec-fetch-dest": "document" } });
  return Buffer.from(await response.arrayBuffer());
}

/** The body, one character a byte. */
const latin = (body: Buffer) => body.toString("latin1");

/** Expects one tag at the place of the decision, and every other byte unchanged. */
async function expectTagAlone(body: Buffer, splits: readonly number[] = []): Promise<void> {
  const facts = { isComplete: true, isNavigation: true, hasCharset: false, tagBytes: TAG.length };
  const decision = decidePlace(new TextDecoder("windows-1252").decode(body), facts);
  const expected =
    decision.kind === "insert"
      ? Buffer.concat([body.subarray(0, decision.at), Buffer.from(TAG), body.subarray(decision.at)])
      : body;
  expect(latin(await send(body, splits))).toBe(latin(expected));
}

const DOCUMENT = `\ufeff<!-- a --><!doctype html>\n<html lang="de">\n<head data-x='>'>\n<meta charset="utf-8">
<title>Gr\u00fc\u00dfe \u{1f375}</title><script>if (a < b) document.write("</he" + "ad>")</script></head><body><p>x</body></html>`;

const HOSTILE: readonly (readonly [what: string, body: string])[] = [
  [
    "an unclosed select before an iframe and a style",
    "<!doctype html><head></head><select><option><iframe></iframe><style>x</style>",
  ],
  ["a frameset with a script", "<!doctype html><html><head></head><frameset><frame><script>x</script></frameset>"],
  ["20,000 unclosed elements", `<!doctype html><head></head>${"<div>".repeat(20_000)}`],
  ["a head of 200 KB", `<!doctype html><head><style>${"a{}".repeat(70_000)}</style></head><body>x`],
  [
    "a head of 200 KB that seems to have a policy",
    `<!doctype html><head><style>/* content-security-policy */${"a{}".repeat(70_000)}</style></head><body>x`,
  ],
  ["a script of 4 MB without an end", `<!doctype html><head><script>${"x".repeat(4_000_000)}`],
  ["a page of 3 MB in one attribute", `<!doctype html><head></head><body><p title="${"x".repeat(3_000_000)}">`],
  ["10,000 attributes", `<!doctype html><html ${"a=b ".repeat(10_000)}><head></head>`],
  ["a comment of 100 KB before the head", `<!doctype html><!--${"x".repeat(100_000)}--><head></head>`],
  ["a policy that is cut off", `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="default-src`],
  ["a policy in a comment", "<!doctype html><head><!-- <meta http-equiv='content-security-policy'> --></head><body>"],
  ["a policy in a script", "<!doctype html><head><script>'content-security-policy <meta'</script></head><body>"],
  [
    "an unclosed select in a head with what looks like a policy",
    "<!doctype html><head><select><!-- content-security-policy --><style>x</style><iframe></head>y",
  ],
];

describe("a page", () => {
  it("keeps every byte, wherever it is split", async () => {
    const body = Buffer.from(DOCUMENT);
    for (let split = 1; split < body.length; split++) await expectTagAlone(body, [split]);
  });

  it("keeps every byte, sent one by one", async () => {
    const body = Buffer.from(DOCUMENT);
    await expectTagAlone(
      body,
      Array.from(body, (_byte, index) => index),
    );
  });

  it.each(HOSTILE)("keeps every byte: %s", async (_what, body) => {
    await expectTagAlone(Buffer.from(body));
    await expectTagAlone(Buffer.from(body), [30, 60, 5000, 70_000]);
  });

  it("has its charset seen by browsers, or no tag", async () => {
    const late = Buffer.from(`<!doctype html><head><title>${"x".repeat(950)}</title><meta charset="utf-8"></head>`);
    for (const splits of [[], [400], [30, 400, 900]]) expect(latin(await send(late, splits))).toBe(latin(late));
  });

  it("has the tag where a byte order mark tells its charset", async () => {
    const marked = Buffer.from(
      `\ufeff<!doctype html><head><title>${"x".repeat(950)}</title><meta charset="utf-8"></head>`,
    );
    for (const splits of [[], [2, 400]]) {
      expect(latin(await send(marked, splits))).toBe(latin(marked).replace("<head>", `<head>${TAG}`));
    }
  });

  it("keeps every byte of what no charset knows", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await expectTagAlone(
      Buffer.concat([Buffer.from("<!doctype html><head><title>"), bytes, Buffer.from("</head>"), bytes]),
    );
  });
});

describe("a page with a policy of its own", () => {
  const page = (policy: string, name = "content-SECURITY-policy") =>
    `<!doctype html><html><head><meta charset="utf-8"><META HTTP-EQUIV='${name}' data-x content="${policy}"><title>t\u00e9a</title></head><body>${"<p>x</p>".repeat(5000)}</body></html>`;

  it.each([[[]], [[20]], [[40]], [[60]], [[90]], [[120]], [[150]], [[200]], [[30, 60, 90, 120, 150]]])(
    "has it patched, and every other byte as it was, in pieces at %j",
    async (splits) => {
      const original = Buffer.from(page("script-src &#39;self&#39;"), "latin1");
      const got = latin(await send(original, splits));
      const meta = /<meta [^>]*content-security-policy[^>]*>/i.exec(got)?.[0] ?? "";
      expect(meta).toMatch(
        /content="script-src 'self' https:\/\/example-alias\.my\.connect\.aws; worker-src 'self' [^"]*blob:"/,
      );
      const originalMeta = /<META HTTP[^>]*>/.exec(latin(original))?.[0] ?? "";
      expect(got.replace(TAG, "").replace(meta, originalMeta)).toBe(latin(original));
    },
  );

  it.each([" content-security-policy", "content-security-policy\n"])(
    "stays as it is where browsers take it for none: %j",
    async (name) => {
      await expectTagAlone(Buffer.from(page("script-src 'self'", name)));
    },
  );

  it.each([
    "script-src 'self'&semicolon; img-src x",
    "script-src&nbsp;'self'",
    "script-src 'self'; img-src \u00e9",
    "script-src 'none'",
  ])("stays as it is, without the tag, where the policy cannot be patched: %s", async (policy) => {
    const original = page(policy);
    expect(latin(await send(Buffer.from(original)))).toBe(latin(Buffer.from(original)));
  });

  it("stays as it is where the policy allows all that is needed", async () => {
    await expectTagAlone(Buffer.from(page("object-src 'none'")));
  });

  it("stays as it is, without the tag, where the chat cannot work under it", async () => {
    const body = Buffer.from(page("require-trusted-types-for 'script'"));
    expect(latin(await send(body))).toBe(latin(body));
  });
});
