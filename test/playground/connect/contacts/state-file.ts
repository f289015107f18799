import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Contact } from "./contact.ts";

const FORMAT_VERSION = 1;

/**
 * Reads the contacts of an earlier run.
 *
 * @returns Oldest first; empty when there is no file.
 * @throws {Error} When the file is not one of ours: to go on would destroy it.
 */
export function readStateFile(path: string): Contact[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  try {
    const state: { version?: unknown; contacts?: Contact[] } = JSON.parse(text);
    if (state.version !== FORMAT_VERSION || !Array.isArray(state.contacts)) throw new Error("another format");
    return state.contacts;
  } catch (error) {
    throw new Error(
      `Cannot read state file "${path}": wanted the contacts of this stand-in; delete it to start afresh`,
      {
        cause: error,
      },
    );
  }
}

/** Writes atomically: a reader, or the next run after a kill, finds the old state or the new one. */
export function writeStateFile(path: string, contacts: readonly Contact[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.tmp`;
  writeFileSync(partial, JSON.stringify({ version: FORMAT_VERSION, contacts }), { mode: 0o600 });
  renameSync(partial, path);
}
