import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPreviewPasses } from "../../../src/adapters/preview-passes.ts";
import { control } from "../instrumented.ts";
import { NAVIGATION, NO_DOCUMENTS, PAGES, TAG, UNTOUCHED } from "../site/page-cases.ts";
import { useInstrumented, useSite } from "../use-workers.ts";
import { createVisitorClient } from "../visitor-client.ts";

const SECRET = "cHJldmlldyBwcmV2aWV3IHByZXZpZXcgcHJldmlldyE";
const HOUR = 3600;
const asPage = Object.fromEntries(NAVIGATION.map((line) => line.split(": ")));

const site = useSite();
const worker = useInstrumented(() => ({
  ORIGIN_URL: site.origin,
  MODE: "preview",
  PREVIEW_SECRET: SECRET,
  EXCLUDE_PATHS: "/product/*",
}));
let link: string;
let cookie: string;

beforeAll(async () => {
  link = await createLink(SECRET);
  cookie = (await redeem(link)).headers.getSetCookie()[0]?.split(";")[0] ?? "";
});
beforeEach(() => control(worker, {}));

async function createLink(secret: string): Promise<string> {
  const { links } = await createPreviewPasses(Buffer.from(secret, "base64url"));
  return links.seal({}, Math.floor(Date.now() / 1000));
}

const redeem = (token: string, from = worker) => createVisitorClient(from.origin).post("/_chat/preview", { token });

function get(path: string, headers: Record<string, string>, from = worker): Promise<Response> {
  return fetch(from.origin + path, { headers, redirect: "manual" });
}

describe("a preview link", () => {
  it("is exchanged for a cookie of seven days that no script can read", async () => {
    const response = await redeem(link);
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-chat-preview=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });

  it("can be opened again for 24 hours, and no longer", async () => {
    await control(worker, { clockOffsetSeconds: 24 * HOUR - 60 });
    expect((await redeem(link)).status).toBe(204);
    await control(worker, { clockOffsetSeconds: 24 * HOUR + 120 });
    const late = await redeem(link);
    expect([late.status, await late.json()]).toEqual([403, { error: "PREVIEW_INVALID" }]);
  });

  it.each([
    ["of another secret", () => createLink("b3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3RoZXIgb3Q")],
    ["taken from the cookie", async () => cookie.replace(/^.*?=/, "")],
    ["that is empty", async () => ""],
  ])("%s is refused", async (_name, make) => {
    expect((await redeem(await make())).status).toBe(403);
  });

  it("is refused by a Worker with another MODE", async () => {
    await control(worker, { mode: "off" });
    const response = await redeem(link);
    expect([response.status, await response.json()]).toEqual([409, { error: "NOT_IN_PREVIEW" }]);
  });

  it("opens a page whose policy allows only its own script", async () => {
    const { headers } = await get("/_chat/preview", asPage);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'nonce-[\w-]{22}'; /);
  });
});

describe("with its cookie", () => {
  const previewing = () => ({ ...asPage, cookie });

  it.each(PAGES.filter(([path]) => !path.includes("/stream/")))("%s has the chat, and says so", async (path, after) => {
    const response = await get(path, previewing());
    expect(Buffer.from(await response.arrayBuffer()).toString("latin1")).toContain(after + TAG);
    expect(response.headers.get("x-persistent-chat")).toBe("injected");
    expect(response.headers.get("server-timing")).toContain('chat;desc="injected"');
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  const left = [...UNTOUCHED, ...NO_DOCUMENTS].filter(([reason]) => !["frame", "destination"].includes(reason));
  it.each(left)("a page left alone says why: %s, %s", async (reason, path, lines) => {
    const headers = Object.fromEntries(lines.map((line) => line.split(": ")));
    const response = await get(path, { ...headers, cookie });
    expect(response.headers.get("x-persistent-chat")).toBe(`left-alone; reason=${reason}`);
    expect(response.headers.get("server-timing")).toContain(`chat;desc="${reason}"`);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  it("leaves the headers of pictures and other files alone", async () => {
    const response = await get("/assets/shop.css", { "sec-fetch-dest": "style", cookie });
    const direct = await fetch(`${site.origin}/assets/shop.css`);
    expect(response.headers.has("x-persistent-chat")).toBe(false);
    expect(response.headers.get("cache-control")).toBe(direct.headers.get("cache-control"));
  });

  it("serves the widget's script, and gives a token", async () => {
    const script = await get("/_chat/widget.js", { cookie });
    expect(await script.text()).toContain("snippetId");
    expect(script.headers.get("cache-control")).toBe("private, no-store");
    const client = createVisitorClient(worker.origin);
    client.cookie = cookie;
    expect((await client.post("/_chat/token", {})).status).toBe(200);
  });

  it("ends after seven days, also for a copy of the cookie", async () => {
    await control(worker, { clockOffsetSeconds: 7 * 24 * HOUR + 120 });
    expect((await get("/", previewing(), worker)).headers.has("x-persistent-chat")).toBe(false);
  });
});

describe("without it", () => {
  it.each([
    ["none", ""],
    ["an invented one", "__Host-chat-preview=1"],
    ["the link itself", "link"],
    ["the right one twice", "twice"],
  ])("(%s) everything is as while the chat is switched off", async (_name, value) => {
    const sent = { link: `__Host-chat-preview=${link}`, twice: `${cookie}; ${cookie}` };
    const headers = { ...asPage, cookie: value === "link" || value === "twice" ? sent[value] : value };
    const page = await get("/", headers);
    expect(await page.text()).toBe(await (await fetch(site.origin, { headers: asPage })).text());
    expect(page.headers.has("x-persistent-chat")).toBe(false);
    const script = await get("/_chat/widget.js", headers);
    expect([await script.text(), script.headers.get("cache-control")]).toEqual(["", "private, no-store"]);
    const client = createVisitorClient(worker.origin);
    client.cookie = headers.cookie;
    expect((await client.post("/_chat/token", {})).status).toBe(503);
  });
});

it("hides the preview cookie from the site", async () => {
  const seen = await (await get("/try/echo", { ...asPage, cookie: `${cookie}; a=1` })).text();
  expect(seen).not.toContain("__Host-chat-preview");
});
