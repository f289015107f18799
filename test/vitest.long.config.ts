import { configDefaults, defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** The tests that take minutes, and tests that few changes can break. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ["**/*.long.test.ts"],
    exclude: configDefaults.exclude,
    // Several tests start wrangler ten times; on a busy machine each start takes seconds.
    testTimeout: 150_000,
  },
});
