import { snippet } from "../../../worker/settings.ts";
import { type Fault, withBody, withHeaders } from "../faulty-proxy.ts";

export const linksTo = (paths: readonly string[]) =>
  withBody(`<!doctype html><title>Links</title>${paths.map((path) => `<a href="${path}">${path}</a>`).join("\n")}`);
export const page = (head: string) =>
  `<!doctype html><html><head>${head}<title>Page</title></head><body>Page</body></html>`;
const withPolicy = (policy: string) => withHeaders({ "content-security-policy": policy });

const UNREADABLE = `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="script-src 'self'&Semi;"></head>`;
export const OWN_SCRIPT =
  "<script>amazon_connect('customLaunchBehavior', { skipIconButtonAndAutoLaunch: true });</script>";
const CRISP = `<script>window.$crisp=[];window.CRISP_WEBSITE_ID="0";(function(){d=document;s=d.createElement("script");
s.src="https://client.crisp.chat/l.js";s.async=1;d.getElementsByTagName("head")[0].appendChild(s);})();</script>`;
const COOKIEBOT = `<script id="Cookiebot" src="https://consent.cookiebot.com/uc.js" data-cbid="0"></script>`;

/** Each code, the page that has the fault, and how the proxy plants it; `null`: the playground's own page has it. */
export const PLANTED: readonly (readonly [code: string, path: string, fault: Fault | null])[] = [
  ["csp-strict-dynamic", "/shop/green", withPolicy("script-src 'strict-dynamic' 'sha256-abc'")],
  ["csp-style-hashes", "/shop/black", withPolicy("style-src 'sha256-abc'")],
  ["csp-trusted-types", "/shop/teaware", withPolicy("require-trusted-types-for 'script'")],
  ["csp-sandbox", "/about", withPolicy("sandbox allow-scripts")],
  ["csp-no-script", "/upload", withBody(page(""), { "content-security-policy": "default-src 'none'" })],
  ["csp-unreadable", "/unreadable", withBody(UNREADABLE)],
  ["coep", "/help", withHeaders({ "cross-origin-embedder-policy": "require-corp" })],
  ["integrity-policy", "/integrity", withBody(page(""), { "integrity-policy": "blocked-destinations=(script)" })],
  ["encoding", "/try/encoding/zstd", null],
  ["charset", "/try/charset/utf-16", null],
  [
    "late-charset",
    "/late-charset",
    withBody(`<!doctype html><head>${" ".repeat(960)}<meta charset="utf-8">`, { "content-type": "text/html" }),
  ],
  ["no-transform", "/try/document/no-transform", null],
  ["download", "/try/document/download", null],
  ["amp", "/try/document/amp", null],
  ["content-type", "/try/document/xhtml", null],
  ["not-html", "/try/document/json", null],
  ["empty", "/try/document/empty", null],
  ["no-head-found", "/late-head", withBody(`<!--${"x".repeat(20_000)}--><!doctype html><title>Late</title>`)],
  ["policies-change", "/cart", withPolicy("default-src 'self'")],
  ["cached-pages", "/privacy", withHeaders({ "cache-control": "public, s-maxage=3600" })],
  ["service-worker", "/try/shell/", null],
  ["challenged", "/account", (answer) => ({ ...withHeaders({ "cf-mitigated": "challenge" })(answer), status: 403 })],
  ["existing-widget", "/with-widget", withBody(page(snippet))],
  ["other-chat", "/with-crisp", withBody(page(CRISP))],
  ["consent-banner", "/with-banner", withBody(page(COOKIEBOT))],
  ["auto-launch", "/launching", withBody(page(OWN_SCRIPT))],
];

/** Pages of the playground that have no fault. */
export const FINE = [
  "/product/dragon-well",
  "/try/document/unclosed-select",
  "/try/encoding/negotiated",
  "/try/stream/broken",
];
