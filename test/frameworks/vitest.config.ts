// oxlint-disable import/no-default-export -- Vitest reads it.
import { defineConfig } from "vitest/config";

/** `npm run test:frameworks`: apart from the other tests, because it installs frameworks from npm. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["*.check.ts"],
    testTimeout: 30_000,
    // The first run installs and builds a framework.
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
});
