import { describe, expect, it } from "vitest";
import { observe } from "../instrumented.ts";
import { snippet } from "../settings.ts";
import { useInstrumented, useSite, useWorker } from "../use-workers.ts";
import { createVisitorClient } from "../visitor-client.ts";

const SCRIPT_TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';
const asPage = { headers: { "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" } };

const site = useSite();

describe("with good settings", () => {
  const worker = useInstrumented(() => ({ ORIGIN_URL: site.origin }));

  it("puts the tag into the site's pages", async () => {
    expect(await (await fetch(worker.origin, asPage)).text()).toContain(SCRIPT_TAG);
  });

  it("makes no KV call and sets no cookie for a page view", async () => {
    const response = await fetch(worker.origin, asPage);
    await response.text();
    expect(response.headers.has("set-cookie")).toBe(false);
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("is healthy", async () => {
    const response = await fetch(`${worker.origin}/_chat/health`);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ status: "ok", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  const sameOrigin = { "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const ownRoutes: readonly [string, string, RequestInit, string][] = [
    ["GET", "/widget.js", {}, "public, max-age=300"],
    ["GET", "/health", {}, "no-store"],
    ["POST", "/token", { headers: sameOrigin, body: "{}" }, "no-store"],
    ["POST", "/contacts", { headers: sameOrigin, body: "{}" }, "no-store"],
    ["DELETE", "/visitor", { headers: sameOrigin }, "no-store"],
    ["PUT", "/token", {}, "no-store"],
  ];
  it.each(ownRoutes)("answers %s %s with headers of its own", async (method, path, init, cacheControl) => {
    const { headers } = await fetch(`${worker.origin}/_chat${path}`, { method, ...init });
    const secure = {
      "cache-control": cacheControl,
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    };
    expect(Object.fromEntries(Object.keys(secure).map((name) => [name, headers.get(name)]))).toEqual(secure);
  });

  it("adds no header of its own routes to a page of the site", async () => {
    const [page, direct] = await Promise.all([fetch(worker.origin, asPage), fetch(site.origin, asPage)]);
    const added = [...page.headers.keys()].filter((name) => !direct.headers.has(name));
    expect(added.filter((name) => !["transfer-encoding", "content-encoding", "vary"].includes(name))).toEqual([]);
  });

  it("passes other paths below CHAT_PATH to the site", async () => {
    const response = await fetch(`${worker.origin}/_chat/elsewhere`);
    expect(response.headers.get("content-type")).not.toContain("json");
    expect(response.status).toBe(404);
  });

  describe("GET /_chat/widget.js", () => {
    const url = () => `${worker.origin}/_chat/widget.js`;

    it("carries the snippet as it was copied", async () => {
      const script = await (await fetch(url())).text();
      expect(script).toContain(snippet.replace(/<\/?script[^>]*>/g, "").trim());
    });

    it("may be cached for five minutes", async () => {
      const response = await fetch(url());
      expect(response.headers.get("cache-control")).toBe("public, max-age=300");
      expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    });

    it("answers 304 to its own ETag", async () => {
      const etag = (await fetch(url())).headers.get("etag") ?? "";
      expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
      const response = await fetch(url(), { headers: { "if-none-match": etag } });
      expect(response.status).toBe(304);
      expect(await response.text()).toBe("");
    });

    it("answers HEAD as GET, without the body", async () => {
      const [head, get] = await Promise.all([fetch(url(), { method: "HEAD" }), fetch(url())]);
      expect(head.status).toBe(200);
      expect(await head.text()).toBe("");
      expect(head.headers.get("etag")).toBe(get.headers.get("etag"));
    });
  });
});

describe.each(["off", "observe"])("with MODE=%s", (mode) => {
  const worker = useWorker(() => ({ ORIGIN_URL: site.origin, MODE: mode }));

  it("leaves pages as they are", async () => {
    const direct = await (await fetch(site.origin, asPage)).text();
    expect(await (await fetch(worker.origin, asPage)).text()).toBe(direct);
  });

  it("serves an empty widget script that is not cached", async () => {
    const response = await fetch(`${worker.origin}/_chat/widget.js`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("gives no token", async () => {
    const response = await createVisitorClient(worker.origin).post("/_chat/token", {});
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: "SWITCHED_OFF" });
  });

  it("is healthy, still forgets, and still accepts reports", async () => {
    expect((await fetch(`${worker.origin}/_chat/health`)).status).toBe(200);
    const forget = { method: "DELETE", headers: { "sec-fetch-site": "same-origin" } };
    expect((await fetch(`${worker.origin}/_chat/visitor`, forget)).status).toBe(204);
    const report = { ticket: "garbage", contactId: "c1" };
    expect(await (await createVisitorClient(worker.origin).report(report)).json()).toEqual({ error: "TICKET_INVALID" });
  });
});

describe("with settings that cannot be used", () => {
  const worker = useWorker(() => ({
    ORIGIN_URL: site.origin,
    WIDGET_SECURITY_KEY: "too short",
    COOKIE_SECRET: "",
    WIDGET_SNIPPET: "<b>hello</b>",
  }));

  it("leaves pages as they are", async () => {
    const direct = await (await fetch(site.origin, asPage)).text();
    const response = await fetch(worker.origin, asPage);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(direct);
  });

  it.each([
    ["token", "POST"],
    ["contacts", "POST"],
    ["visitor", "DELETE"],
    ["widget.js", "GET"],
  ])("answers 503 on %s", async (route, method) => {
    const response = await fetch(`${worker.origin}/_chat/${route}`, {
      method,
      headers: { "sec-fetch-site": "same-origin" },
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: "MISCONFIGURED" });
  });

  it("says so on the health route", async () => {
    const response = await fetch(`${worker.origin}/_chat/health`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: "misconfigured" });
  });

  it("logs every problem by name, and no secret", () => {
    const problems = worker.logs.filter(({ event }) => event === "settings.invalid");
    expect(new Set(problems.map(({ setting }) => setting))).toEqual(
      new Set(["COOKIE_SECRET", "WIDGET_SECURITY_KEY", "WIDGET_SNIPPET"]),
    );
    expect(JSON.stringify(problems)).not.toContain("too short");
  });
});

describe("with a malformed ORIGIN_URL", () => {
  const worker = useWorker({ ORIGIN_URL: "www.example.com" });

  it("answers 502 with a page, since there is no site to show", async () => {
    const response = await fetch(worker.origin, asPage);
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect((await fetch(`${worker.origin}/_chat/health`)).status).toBe(503);
  });
});

describe("with CHAT_PATH", () => {
  const worker = useWorker(() => ({ ORIGIN_URL: site.origin, CHAT_PATH: "/help/chat" }));

  it("moves every route and the tag", async () => {
    expect((await fetch(`${worker.origin}/help/chat/health`)).status).toBe(200);
    expect((await fetch(`${worker.origin}/_chat/health`)).status).toBe(404);
    expect(await (await fetch(worker.origin, asPage)).text()).toContain('src="/help/chat/widget.js"');
  });
});
