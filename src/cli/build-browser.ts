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
const browserPart = `(function(settings){"use strict";var runSnippet;${outputFiles[0]?.text}return runSnippet})`;

// Smaller than what esbuild alone makes of it. No option here changes what the code does: the browser part has no getter
// of its own that does anything, and the names of properties stay.
const { code = "" } = await minify(browserPart, {
  module: true,
  ecma: 2020,
  compress: {
    passes: 4,
    pure_getters: true,
    expression: true,
    directives: false,
    lhs_constants: false,
    inline: 1,
    unsafe_arrows: true,
  },
});

await mkdir(OUT_DIR, { recursive: true });
await writeFile(join(OUT_DIR, "browser-part.txt"), code.replace(/;$/, ""));
