import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { decidePage, toInjection } from "../../../../src/cli/doctor/decide-page.ts";
import { NAVIGATION_HEADERS, openPage } from "../../../../src/cli/site/crawl.ts";
import { sendRequest } from "../../../../src/cli/site/request.ts";
import { checkSettings } from "../../../../src/cli/doctor/settings.ts";
import { settings } from "../../../worker/settings.ts";
import { NO_DOCUMENTS, PAGES, UNTOUCHED } from "../../../worker/site/page-cases.ts";
import { type RunningWorkerd, startWorkerd } from "../../../worker/start-workerd.ts";
import { proxy, useSite } from "./doctor-site.ts";
import { type Fault, withBody, withHeaders } from "../faulty-proxy.ts";
import { PLANTED } from "./planted.ts";

useSite();

const OWN = { ...settings, EXCLUDE_PATHS: "/product/*" };
let worker: RunningWorkerd;
beforeAll(async () => {
  worker = await startWorkerd({ vars: { ...OWN, ORIGIN_URL: proxy.origin } });
});
afterAll(() => worker.close());
afterEach(() => proxy.faults.clear());

/** @returns Why the real Worker leaves a page alone; `null` where the page gets the chat. */
async function askWorker(path: string): Promise<unknown> {
  const before = worker.logs.length;
  await sendRequest(new URL(path, worker.origin), { headers: NAVIGATION_HEADERS });
  await expect.poll(() => worker.logs[before]).toBeDefined();
  const line = worker.logs[before];
  return line?.["event"] === "page.injected" ? null : line?.["reason"];
}

async function askDoctor(path: string): Promise<string | null> {
  const { problems, settings } = checkSettings(OWN);
  expect(problems).toEqual([]);
  return decidePage(await openPage(new URL(path, proxy.origin)), toInjection(settings, []));
}

const meta = (policy: string) => `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
const html = (head: string) => withBody(`<!doctype html><head>${head}<title>x</title></head><body>x`);
const policy = (value: string) => withHeaders({ "content-security-policy": value });

const MORE: readonly (readonly [name: string, fault: Fault])[] = [
  ["a policy in a header that can be patched", policy("default-src 'self'")],
  ["a nonce, which makes the tag longer", policy(`script-src 'nonce-${"n".repeat(90)}'`)],
  ["a policy in a <meta> that can be patched", html(meta("default-src 'self'"))],
  ["a policy in a <meta> that cannot", html(meta("sandbox"))],
  ["two policies, the first of which can be patched", html(meta("default-src 'self'") + meta("script-src 'none'"))],
  ["character references in a <meta>", html('<meta content="&#115;andbox" http-equiv=Content-Security&#45;Policy>')],
  ["a <meta> in a comment", html(`<!-- ${meta("sandbox")} -->`)],
  ["a <meta> in a script", html(`<script>'${meta("sandbox")}'</script>`)],
  ["a <meta> in <noscript>", html(`<noscript>${meta("sandbox")}</noscript>`)],
  ["a <meta> after the head", withBody(`<!doctype html><head></head><body>${meta("sandbox")}`)],
  ["a <meta> where no tag ends the head", withBody(`<!doctype html><title>x</title><p>x${meta("sandbox")}`)],
  ["many policies", html(meta("default-src 'self'").repeat(9))],
  ["many <meta http-equiv>", html(meta("default-src 'self'") + '<meta http-equiv="x" content="y">'.repeat(70))],
  [
    "a charset in the page alone",
    withBody("<!doctype html><head><meta charset=iso-2022-jp>", { "content-type": "text/html" }),
  ],
  [
    "two reasons at once",
    withHeaders({ "cache-control": "no-transform", "cross-origin-embedder-policy": "require-corp" }),
  ],
  ["another status", () => ({ status: 404 })],
];

describe("the doctor and a real Worker", () => {
  const paths = [
    ...PAGES.map(([path]) => path),
    ...[...UNTOUCHED, ...NO_DOCUMENTS].map(([, path]) => path),
    ...PLANTED.map(([, path]) => path),
  ];
  it.each([...new Set(paths)])("agree about %s", async (path) => {
    const fault = PLANTED.find(([, planted]) => planted === path)?.[2] ?? null;
    if (fault !== null) proxy.faults.set(path, fault);
    const reason = await askWorker(path);
    expect([path, await askDoctor(path)]).toEqual([path, reason]);
  });

  it.each(MORE)("agree about %s", async (_name, fault) => {
    proxy.faults.set("/about", fault);
    const reason = await askWorker("/about");
    expect(await askDoctor("/about")).toEqual(reason);
  });
});
