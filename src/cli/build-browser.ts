// `npm run build:browser`: bundles the browser part into the text that the Worker serves in /_chat/widget.js.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const ROOT = join(import.meta.dirname, "../..");
const OUT_DIR = join(ROOT, ".connect");

/** About three seconds. More tries find only a few bytes more. */
const ORDER_TRIES = 20_000;

const { outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: ["src/browser/main.ts"],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2020",
  charset: "utf8",
  minifySyntax: true,
  logLevel: "warning",
});

// The Worker calls this function with the settings; it returns whether the owner's snippet must run.
const browserPart = `(settings)=>{"use strict";var runSnippet;${outputFiles[0]?.text}return runSnippet}`;

// Terser makes it smaller than esbuild does. No option here changes what the code does.
const { code = "" } = await minify(browserPart, {
  module: true,
  ecma: 2020,
  // Names that no page, no storage and no call of the Worker ever sees.
  mangle: { properties: { regex: /^(?:isFinal|retryAfterMs|asker)$/ } },
  compress: {
    passes: 3,
    // Keeps the function, which nothing here calls, and "use strict".
    expression: true,
    directives: false,
    // The browser part has no getter that does anything but give a value, and calls none of its functions with `new`.
    pure_getters: true,
    unsafe_arrows: true,
    // Makes a larger text, and a smaller one after gzip.
    hoist_funs: true,
  },
});

await mkdir(OUT_DIR, { recursive: true });
await writeFile(join(OUT_DIR, "browser-part.txt"), orderFunctions(`(${code.replace(/;$/, "")})`));

/**
 * Moves functions next to functions that are alike, as long as the text becomes smaller after gzip: by some 1.5 %. The order
 * of functions means nothing.
 *
 * @param text Terser's: its functions first, then `var`.
 * @throws {Error} When it has another form, or a piece is no whole function.
 */
function orderFunctions(text: string): string {
  const [, head = "", functions = "", rest] = /^(\(\w=>\{"use strict";)(.*?\})(var .*)$/s.exec(text) ?? [];
  if (rest === undefined)
    throw new Error("Cannot order the browser part: wanted functions first, then var, found neither");
  let order = functions.split(/(?<=\})(?=(?:async )?function )/);
  for (const piece of order) compileFunction(`(${piece})`);
  const toText = () => head + order.join("") + rest;
  const measure = () => gzipSync(toText(), { level: 9 }).length;
  // Not the platform's random numbers: the same code must give the same text.
  let seed = 5;
  const pick = (below: number) => Math.floor(((seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31) * below);
  let bytes = measure();
  for (let tries = 0; tries < ORDER_TRIES; tries++) {
    const before = order;
    order = [...before];
    const moved = order.splice(pick(order.length), 1 + pick(3));
    order.splice(pick(order.length + 1), 0, ...moved);
    const now = measure();
    if (now > bytes) order = before;
    else bytes = now;
  }
  return toText();
}
