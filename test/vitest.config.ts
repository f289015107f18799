import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["**/*.test.ts"],
    // `npm run test:long`
    exclude: [...configDefaults.exclude, "**/*.long.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // On a busy machine, the default of one second is too short.
    expect: { poll: { timeout: 10_000 } },
    // On two cores, a third workerd with Chromium only slows down the others.
    maxWorkers: 2,
  },
});
