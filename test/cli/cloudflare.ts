import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../playground/listen.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const NAMESPACE = "fedcba9876543210fedcba9876543210";

/** The parts of Cloudflare's API that setup and deploy use through wrangler. Source: Cloudflare API reference. */
export interface Cloudflare {
  readonly url: string;
  /** Secrets by name, as they were put. */
  readonly secrets: Map<string, string>;
  readonly namespaces: { id: string; title: string }[];
  /** Names of the account's zones. */
  readonly zones: Set<string>;
  /** The Routes of the zones; one without a script has no Worker. */
  readonly routes: { pattern: string; script?: string }[];
  /** The end of the method and path that answer 403. */
  denied: string | null;
  readonly calls: string[];
  close(): void;
}

export async function startCloudflare(): Promise<Cloudflare> {
  const secrets = new Map<string, string>();
  const namespaces: { id: string; title: string }[] = [];
  const zones = new Set(["localhost"]);
  const routes: Cloudflare["routes"] = [];
  const calls: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? "", "http://api");
      const path = url.pathname.replace(/^\/client\/v4/, "");
      calls.push(`${request.method} ${path}`);
      const isLaterPage = Number(url.searchParams.get("page") ?? 1) > 1;
      const { status, result } = isLaterPage
        ? { status: 200, result: [] }
        : answer(request.method ?? "", path, body, url.searchParams);
      const errors = status === 200 ? [] : [{ code: result === null ? 10007 : 10000, message: "Authentication error" }];
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ result, success: status === 200, errors, messages: [], result_info: {} }));
    });
  });
  const answer = (method: string, path: string, body: string, query: URLSearchParams) => {
    if (cloudflare.denied !== null && `${method} ${path}`.endsWith(cloudflare.denied))
      return { status: 403, result: {} };
    if (path === "/user") return { status: 200, result: { email: "owner@example.com" } };
    if (path === "/user/tokens/verify") return { status: 200, result: { status: "active" } };
    if (path === "/memberships" || path === "/accounts") {
      return { status: 200, result: [{ id: ACCOUNT, name: "Shop", account: { id: ACCOUNT, name: "Shop" } }] };
    }
    if (path === "/zones/zone/workers/routes" && method === "GET") return { status: 200, result: routes };
    if (path === "/zones/zone/workers/routes") {
      const route: Cloudflare["routes"][number] = JSON.parse(body);
      routes.push(route);
      return { status: 200, result: { id: "route", ...route } };
    }
    const deployed = answerDeployment(method, path);
    if (deployed !== null) return deployed;
    if (path === "/zones") return { status: 200, result: zones.has(query.get("name") ?? "") ? [{ id: "zone" }] : [] };
    if (path.endsWith("/storage/kv/namespaces")) {
      if (method === "GET") return { status: 200, result: namespaces };
      const { title }: { title: string } = JSON.parse(body);
      namespaces.push({ id: NAMESPACE, title });
      return { status: 200, result: { id: NAMESPACE, title } };
    }
    if (path.endsWith("/settings") || path.endsWith("/secrets-bulk") || path.endsWith("/secrets")) {
      if (method === "GET" && secrets.size === 0) return { status: 404, result: null };
      if (method === "GET") {
        const list = [...secrets.keys()].map((name) => ({ name, type: "secret_text" }));
        return { status: 200, result: path.endsWith("/secrets") ? list : { bindings: list } };
      }
      keepSecrets(body);
      return { status: 200, result: {} };
    }
    return { status: 200, result: {} };
  };
  const keepSecrets = (body: string) => {
    for (const [, name = "", value = ""] of body.matchAll(/"name":"(\w+)","text":("(?:[^"\\]|\\.)*")/g)) {
      secrets.set(name, JSON.parse(value));
    }
    for (const [, name = "", value = ""] of body.matchAll(
      /"type":"secret_text","name":"(\w+)","text":("(?:[^"\\]|\\.)*")/g,
    )) {
      secrets.set(name, JSON.parse(value));
    }
    for (const [, name = ""] of body.matchAll(/"(\w+)":null/g)) secrets.delete(name);
  };
  const port = await listen(server);
  const cloudflare: Cloudflare = {
    url: `http://127.0.0.1:${port}/client/v4`,
    secrets,
    namespaces,
    zones,
    routes,
    denied: null,
    calls,
    close: () => server.close(),
  };
  return cloudflare;
}

/** The calls of a deployment of a Worker that was never deployed. */
function answerDeployment(method: string, path: string) {
  if (path.endsWith("/deployments") && method === "GET") return { status: 404, result: null };
  if (path.includes("/workers/services/")) return { status: 404, result: null };
  if (path.endsWith("/workers/subdomain")) return { status: 200, result: { subdomain: "tea" } };
  const subdomain = { enabled: false, previews_enabled: false };
  if (path.endsWith("/subdomain")) return { status: 200, result: subdomain };
  if (path.includes("/workers/workers/")) return { status: 200, result: { id: "worker", subdomain } };
  if (path.endsWith("/routes")) return { status: 200, result: method === "GET" ? [] : ["www.example.com/*"] };
  if (!/\/scripts\/[\w-]+(?:\/versions|\/deployments)?$/.test(path) || method === "GET") return null;
  return { status: 200, result: { id: "version", deployment_id: "deployment", startup_time_ms: 20 } };
}

/** The environment with which wrangler is logged in to this Cloudflare. */
export function loginTo({ url }: Cloudflare) {
  return {
    CLOUDFLARE_API_TOKEN: "token-of-the-owner",
    CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    CLOUDFLARE_API_BASE_URL: url,
  };
}
