// `npm run build:browser`: bundles the browser part into the text that the Worker serves in /_chat/widget.js.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";

const ROOT = join(import.meta.dirname, "../..");
const OUT_DIR = join(ROOT, ".connect");

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

// Terser makes it smaller than esbuild does. No option here changes what the code does: the names of properties stay.
const { code = "" } = await minify(browserPart, {
  module: true,
  ecma: 2020,
  compress: {
    passes: 3,
    // Keeps the function, which nothing here calls, and "use strict".
    expression: true,
    directives: false,
    // The browser part has no getter that does anything but give a value, and calls none of its functions with `new`.
    pure_getters: true,
    unsafe_arrows: true,
    // These make a larger text, and a smaller one after gzip.
    hoist_funs: true,
    sequences: false,
  },
});

await mkdir(OUT_DIR, { recursive: true });
await writeFile(join(OUT_DIR, "browser-part.txt"), `(${code.replace(/;$/, "")})`);
