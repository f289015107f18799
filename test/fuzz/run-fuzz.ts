// `npm run fuzz`: the fuzz tests of `npm test`, with one random seed after another and many more inputs for each.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { join } from "node:path";

const MINUTES = Number(process.env["FUZZ_MINUTES"] ?? 5);
const ASKED_SEED = process.env["FUZZ_SEED"];
const ROOT = join(import.meta.dirname, "../..");

const minutesGone = () => process.uptime() / 60;

/** @returns Whether all held. */
function fuzzWith(seed: string): boolean {
  const time = ASKED_SEED === undefined ? ` (minute ${minutesGone().toFixed(1)} of ${MINUTES})` : "";
  process.stdout.write(`\nFUZZ_SEED=${seed}${time}\n`);
  const wanted = process.argv.slice(2);
  const { status } = spawnSync(
    "vitest",
    ["run", "--config", "test/vitest.config.ts", "--dir", "test/fuzz", ...wanted],
    {
      cwd: ROOT,
      env: { ...process.env, FUZZ_SEED: seed },
      stdio: "inherit",
    },
  );
  return status === 0;
}

let holds = true;
if (ASKED_SEED === undefined) {
  while (holds && minutesGone() < MINUTES) holds = fuzzWith(String(randomInt(2 ** 31)));
} else {
  holds = fuzzWith(ASKED_SEED);
}
if (!holds) process.exitCode = 1;
