import { join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles a Worker into one module, as wrangler does.
 *
 * @param entry Its entry file; without one, the product's.
 */
export async function bundleWorker(entry = join(import.meta.dirname, "../../src/index.ts")): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".txt": "text" },
    external: ["cloudflare:*"],
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text).join("");
}
