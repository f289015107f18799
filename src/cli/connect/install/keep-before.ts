import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Keeps a content before it changes, as Connect had it: the console can import the file.
 *
 * @param what Of several contents of a flow, which one this is.
 * @returns The file.
 */
export async function keepBefore(text: string, what = ""): Promise<string> {
  const date = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
  const file = join(".connect", `flow-before-${date}${what && `-${what}`}.json`);
  await mkdir(".connect", { recursive: true });
  await writeFile(file, text);
  return file;
}
