import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildRequest, sendRaw } from "../../raw-request.ts";
import { useSite, useWorker } from "../../use-workers.ts";
import { type Call, readEcho, toBytes } from "./calls.ts";

const site = useSite();

describe("with ORIGIN_URL alone", () => {
  const ours = useWorker(() => ({ ORIGIN_URL: site.origin }));
  const send = (call: Call) => sendRaw(ours.origin, toBytes({ ...call, host: "www.example.com:8443" }));

  it("tells the origin the truth about visitor and public host, and nothing forged", async () => {
    const forged = [
      "CF-Connecting-IP: 192.0.2.7",
      "X-Forwarded-For: 203.0.113.1",
      "X-Forwarded-Host: evil.example",
      "X-Real-IP: 203.0.113.1",
      "CF-Ray: 1",
      "Forwarded: for=203.0.113.1",
    ];
    const { headers } = readEcho((await send({ path: "/try/echo", headers: forged })).body, false);
    expect(headers).toContainEqual(["x-forwarded-host", "www.example.com:8443"]);
    expect(headers).toContainEqual(["x-forwarded-proto", "http"]);
    expect(headers).toContainEqual(["x-forwarded-for", "192.0.2.7"]);
    expect(headers).toContainEqual(["host", new URL(site.origin).host]);
    expect(JSON.stringify(headers)).not.toMatch(/203\.0\.113\.1|evil\.example|cf-ray/);
  });

  it.each([
    ["/try/redirect/own-host", "location: http://www.example.com:8443/try/echo?a=%2F%20b#c"],
    ["/try/redirect/own-host-short", "location: //www.example.com:8443/try/echo"],
    ["/try/redirect/elsewhere", "location: https://elsewhere.example/x?y=1"],
  ])("leads %s to where the public host is", async (path, location) => {
    const { head, status } = await send({ path });
    expect(status).toBe(302);
    expect(head).toContain(location);
    expect(head.filter((line) => line.startsWith("set-cookie: "))).toHaveLength(2);
  });

  it("sends a path that looks like a host to the origin", async () => {
    const { status, body } = await send({ path: "//127.0.0.1:1/x" });
    expect(status).toBe(404);
    expect(String(body)).toContain("There is no such page");
  });
});

describe("where the origin cannot be reached", () => {
  const ours = useWorker({ ORIGIN_URL: "http://127.0.0.1:1" });

  it("answers 502 with a page of ours that nobody keeps", async () => {
    const response = await fetch(`${ours.origin}/shop?x=secret`);
    const page = await response.text();
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(page).toContain("<h1>This site cannot be reached right now</h1>");
    expect(page).not.toMatch(/127\.0\.0\.1|secret|_chat/);
  });

  it("answers HEAD and POST so too", async () => {
    const head = await sendRaw(ours.origin, buildRequest({ method: "HEAD", path: "/", host: "www.example.com" }));
    expect(head.status).toBe(502);
    expect(head.body).toHaveLength(0);
    const post = await fetch(ours.origin, { method: "POST", body: "a=1" });
    expect(post.status).toBe(502);
  });

  it("logs why", async () => {
    await fetch(ours.origin);
    await expect.poll(() => ours.logs).toContainEqual(expect.objectContaining({ event: "origin.unreachable" }));
  });
});

describe("where ORIGIN_URL is the address that was asked for", () => {
  const worker = useWorker(() => ({ ORIGIN_URL: site.origin }));

  it("answers 502 at once, and logs why", async () => {
    const answer = await sendRaw(worker.origin, buildRequest({ path: "/", host: new URL(site.origin).host }));
    expect(answer.status).toBe(502);
    await expect.poll(() => worker.logs).toContainEqual(expect.objectContaining({ event: "origin.loop" }));
  });
});

describe("for a host name that cannot exist", () => {
  const worker = useWorker(() => ({ ORIGIN_URL: site.origin }));

  it.each(["/", "/_chat/health"])("answers %s with 502", async (path) => {
    expect((await sendRaw(worker.origin, buildRequest({ path, host: "www example com" }))).status).toBe(502);
  });
});

describe("with a bug of ours", () => {
  const worker = useWorker(() => ({ ORIGIN_URL: site.origin }), {
    entry: join(import.meta.dirname, "../../entries/faulty-site.ts"),
  });

  it("still shows the origin's page as it is", async () => {
    const headers = ["Sec-Fetch-Dest: document"];
    const answer = await sendRaw(worker.origin, toBytes({ path: "/", host: "www.example.com", headers }));
    expect(answer.status).toBe(200);
    expect(String(answer.body)).toBe(await (await fetch(site.origin)).text());
    await expect
      .poll(() => worker.logs)
      .toContainEqual(expect.objectContaining({ event: "page.left-alone", reason: "fault", message: "a bug of ours" }));
  });
});
