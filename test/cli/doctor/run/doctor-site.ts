import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Finding } from "../../../../src/cli/findings/catalogue.ts";
import { type RunningSite, startSite } from "../../../playground/site/site.ts";
import { runCli } from "../../run-cli.ts";
import { type FaultyProxy, startFaultyProxy } from "../faulty-proxy.ts";

/** What `npm run doctor -- … --json` prints. */
export interface Seen {
  readonly verdict: { readonly isFine: boolean; readonly text: string };
  readonly pages: readonly { readonly path: string; readonly reason: string | null }[];
  readonly live: unknown;
  readonly findings: readonly Finding[];
}

export let folder: string;
export let site: RunningSite;
export let proxy: FaultyProxy;

/** Starts, for the tests of one file, a site, a proxy before it, and an empty folder to run the doctor in. */
export function useSite(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "doctor-test-"));
    site = await startSite({ port: 0 });
    proxy = await startFaultyProxy(site.origin);
  });
  afterAll(async () => {
    await proxy.close();
    await site.close();
    await rm(folder, { recursive: true });
  });
}

export const doctor = (...args: string[]) => runCli("doctor", args, { cwd: folder });

export async function examine(...args: string[]): Promise<Seen & { readonly code: unknown }> {
  const { code, err, out } = await doctor(...args, "--json");
  if (out === "") throw new Error(err);
  const seen: Seen = JSON.parse(out);
  return { ...seen, code };
}
