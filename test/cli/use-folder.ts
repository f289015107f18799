import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

export interface Folder {
  readonly path: string;
}

/** Makes a new, empty folder for each test, and removes the folder afterwards. Only tests and hooks may use its path. */
export function useFolder(): Folder {
  const folder = { path: "" };
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), "cli-test-"));
  });
  afterEach(() => rm(folder.path, { recursive: true }));
  return folder;
}
