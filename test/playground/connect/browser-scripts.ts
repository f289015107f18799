import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Switches } from "./switches.ts";

const bundles = new Map<string, string>();

/** Bundles a script or a style sheet for the browser, once per process. */
export function bundleForBrowser(entry: string): string {
  const bundle = bundles.get(entry) ?? runBundler(entry);
  bundles.set(entry, bundle);
  return bundle;
}

function runBundler(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    format: "iife",
    charset: "utf8",
    target: ["chrome85", "edge85", "firefox81", "safari13.1"],
    // Without this, esbuild refuses: Safari 13 has a bug in a rare form of destructuring, which is not used here.
    supported: { destructuring: true },
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`Cannot bundle ${entry}: esbuild gave no output`);
  return file.text;
}

/** The widget's client script with the present switches: a later change takes effect on the next page. */
export function renderClientScript(bundle: string, switches: Switches): string {
  return `(function (CONNECT_SWITCHES) {\n${bundle}\n})(${JSON.stringify(switches)});\n`;
}

export function readBrowserFile(name: string): string {
  return readFileSync(join(import.meta.dirname, name), "utf8");
}
