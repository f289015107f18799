import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["**/*.test.ts"],
    // `npm run test:long`
    exclude: [...configDefaults.exclude, "**/*.long.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Machines that run this are busy: a second is soon over.
    expect: { poll: { timeout: 10_000 } },
    // Two cores: a third workerd and Chromium at once only make everything wait.
    maxWorkers: 2,
  },
});
