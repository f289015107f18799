// `npm run size`: checks the two sizes that grow unnoticed.
import { execSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const ROOT = join(import.meta.dirname, "..");
const BUNDLE_DIR = join(ROOT, ".connect/bundle");

rmSync(BUNDLE_DIR, { recursive: true, force: true });
execSync("npm run --silent build", { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });

// The upload consists of the code and the browser part, which is a text module.
const uploaded = readdirSync(BUNDLE_DIR).filter((file) => /\.(?:js|txt)$/.test(file));
// The Worker: 62 KB for pages and chats, and 12 for what it does by itself: figures, troubles, and the owner's sentences.
const sizes = [
  { name: "Worker bundle", files: uploaded.map((file) => join(BUNDLE_DIR, file)), limitBytes: 74 * 1024 },
  { name: "Browser part", files: [join(ROOT, ".connect/browser-part.txt")], limitBytes: 6.5 * 1024 },
];
for (const { name, files, limitBytes } of sizes) {
  const bytes = files.reduce((total, file) => total + gzipSync(readFileSync(file), { level: 9 }).length, 0);
  console.log(`${name}: ${bytes} of ${limitBytes} bytes (gzip)`);
  if (bytes > limitBytes) process.exitCode = 1;
}
