import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** The one file that takes minutes comes first, so that the others run beside it and not before it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.endsWith("switches.test.ts");
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Machines that run this are busy: a second is soon over.
    expect: { poll: { timeout: 10_000 } },
    // Two cores: a third workerd and Chromium at once only make everything wait.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
