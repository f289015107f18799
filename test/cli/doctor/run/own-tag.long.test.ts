import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Playground, startPlayground } from "../../../playground/playground.ts";
import { runCli } from "../../run-cli.ts";
import { type FaultyProxy, startFaultyProxy, withBody } from "../faulty-proxy.ts";
import { type Seen } from "./doctor-site.ts";
import { page } from "./planted.ts";

const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';

let folder: string;
let playground: Playground;
let proxy: FaultyProxy;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doctor-own-tag-"));
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1 });
  // The Worker changes no page, as if its only Route were the chat's.
  const worker = await playground.addWorker({ port: 0, vars: { EXCLUDE_PATHS: "/*" } });
  proxy = await startFaultyProxy(worker.origin);
});
afterAll(async () => {
  await proxy.close();
  await playground.close();
  await rm(folder, { recursive: true });
});
afterEach(() => proxy.faults.clear());

async function examine(routes: readonly string[], vars = "") {
  const toml = `name = "chat"\nroutes = ${JSON.stringify(routes)}\n[vars]\n${vars}`;
  await writeFile(join(folder, "wrangler.toml"), toml);
  const { code, err, out } = await runCli("doctor", [proxy.origin, "--pages", "2", "--live", "5", "--json"], {
    cwd: folder,
  });
  if (out === "") throw new Error(err);
  const seen: Seen = JSON.parse(out);
  return {
    code,
    text: seen.verdict.text,
    codes: seen.findings.map((finding) => finding.code),
    findings: seen.findings,
  };
}

function serve(first: string, second: string) {
  const images = [1, 2, 3, 4].map((name) => `<img src="/assets/${name}.png">`).join("");
  proxy.faults.set("/", withBody(page(`${first}<title>x</title>${images}<a href="/help">Help</a>`)));
  proxy.faults.set("/help", withBody(page(second)));
}

describe("npm run doctor, with a Route for the chat alone and the tag written by hand", () => {
  it("finds all well where each page has the tag, and no cost of files", async () => {
    serve(TAG, TAG);
    expect(await examine(["127.0.0.1/_chat/*"])).toMatchObject({
      code: 0,
      text: "Working: 2 of 2 pages have the chat, and a made-up conversation was continued.",
      codes: ["no-snippet"],
    });
  });

  it("finds the page without the tag, and the sign-out path without a Route", async () => {
    serve(TAG, "");
    const { code, codes, findings, text } = await examine(["127.0.0.1/_chat/*"], 'SIGN_OUT_PATHS = "/logout"\n');
    expect({ code, codes, text }).toEqual({
      code: 0,
      codes: ["own-tag-missing", "sign-out-unseen", "no-snippet"],
      text: "Working: 1 of 2 pages have the chat, and a made-up conversation was continued.",
    });
    expect(findings[0]).toMatchObject({ pages: ["/help"], details: [`right: ${TAG}`] });
    expect(findings[1]).toMatchObject({ pages: [], details: ["/logout"] });
  });

  it("wants the Worker's tag, not the owner's, where a Route leads the pages to the Worker", async () => {
    serve(TAG, "");
    const { codes, findings } = await examine(["127.0.0.1/*"]);
    expect(codes).toEqual(["tag-missing", "asset-requests", "no-snippet"]);
    expect(findings[0]).toMatchObject({ code: "tag-missing", pages: ["/help"] });
  });
});
