import { beforeAll, describe, expect, it } from "vitest";
import { exchange } from "../../raw-origin.ts";
import { buildRequest, openConnection, type RawConnection, sendRaw } from "../../raw-request.ts";
import { type RunningWorker } from "../../start-worker.ts";
import { usePair, useRawOrigin, useWorker } from "../../use-workers.ts";

const PUBLIC = "www.example.com:8443";

/** Ways to write the origin's own address, and the Location that a visitor gets. ORIGIN: its host and port. PORT: its port. */
const TO_ORIGIN: readonly (readonly [location: string, expected: string])[] = [
  ["http://ORIGIN", `http://${PUBLIC}`],
  ["http://ORIGIN/", `http://${PUBLIC}/`],
  [
    "http://ORIGIN/a%2Fb/../c?d=http://ORIGIN/&e#http://ORIGIN",
    `http://${PUBLIC}/a%2Fb/../c?d=http://ORIGIN/&e#http://ORIGIN`,
  ],
  ["http://ORIGIN?a", `http://${PUBLIC}?a`],
  ["http://ORIGIN#a", `http://${PUBLIC}#a`],
  ["http://ORIGIN//evil.example/", `http://${PUBLIC}//evil.example/`],
  ["http://ORIGIN\\a", `http://${PUBLIC}\\a`],
  ["http://LOCALHOST:PORT/A", `http://${PUBLIC}/A`],
  ["HTTP://LocalHost:PORT/A", `http://${PUBLIC}/A`],
  ["http://localhost:0PORT/a", `http://${PUBLIC}/a`],
  ["http://%6cocalhost:PORT/a", `http://${PUBLIC}/a`],
  ["https://ORIGIN/a", `http://${PUBLIC}/a`],
  ["//ORIGIN/a?b#c", `//${PUBLIC}/a?b#c`],
  ["//LOCALHOST:PORT", `//${PUBLIC}`],
  ["http://ORIGIN/caf\u00c3\u00a9?\u00e2\u0082\u00ac", `http://${PUBLIC}/caf\u00c3\u00a9?\u00e2\u0082\u00ac`],
  ["http://ORIGIN/ a  b", `http://${PUBLIC}/ a  b`],
];

/** Locations that are relative, lead elsewhere, or can be read in more than one way. */
const LEFT_ALONE: readonly string[] = [
  "/a//b?c=http://ORIGIN/#d",
  "a/../b",
  "../a",
  "?a",
  "#a",
  "",
  "http:/a",
  "http:a",
  "https://elsewhere.example/?http://ORIGIN/",
  "//elsewhere.example/a",
  "http://localhost/a",
  "http://localhost:1/a",
  "//localhost/a",
  "http://localhost.:PORT/a",
  "http://localhost.elsewhere.example:PORT/a",
  "http://elsewhere.example:PORT/a",
  "http://www.localhost:PORT/a",
  "http://user@ORIGIN/a",
  "http://user:secret@ORIGIN/a",
  "//user@ORIGIN/a",
  "http://localhost.elsewhere.example:PORT/a",
  "http://ORIGIN:secret@elsewhere.example/a",
  "http://elsewhere.example#@ORIGIN/",
  "http://elsewhere.example\\@ORIGIN/",
  "http:///ORIGIN/a",
  "http:\\\\ORIGIN\\a",
  "/\\ORIGIN/a",
  "\\\\ORIGIN/a",
  "ftp://ORIGIN/a",
  "ws://ORIGIN/a",
  "mailto:shop@ORIGIN",
  "javascript:'//ORIGIN/'",
  "app://ORIGIN/a",
  "http://[::1]:PORT/a",
  "http://127.0.0.1:PORT/a",
  "http://[bad/a",
  "//",
  "http://",
];

const origin = useRawOrigin();
let port: string;
beforeAll(() => {
  ({ port } = new URL(origin.origin));
});

describe("Location where ORIGIN_URL is another host", () => {
  const { ours, bare } = usePair(() => ({ ORIGIN_URL: `http://localhost:${port}` }));

  const fill = (text: string) => text.replaceAll("ORIGIN", "localhost:PORT").replaceAll("PORT", port);
  const request = buildRequest({ path: "/a", host: PUBLIC });
  const redirect = async (worker: RunningWorker, headers: readonly string[], status = "302 Found") => {
    const answer = [`HTTP/1.1 ${status}`, ...headers.map(fill), "Content-Length: 0", "", ""].join("\r\n");
    return (await exchange(worker, origin, { request, answer })).answered;
  };

  it.each(TO_ORIGIN)("leads %j to where the public host is", async (location, expected) => {
    expect(fill(location)).not.toBe(fill(expected));
    expect(await redirect(ours, [`Location: ${location}`])).toBe(await redirect(bare, [`Location: ${expected}`]));
  });

  it.each(LEFT_ALONE)("leaves %j as it is", async (location) => {
    expect(await redirect(ours, [`Location: ${location}`])).toBe(await redirect(bare, [`Location: ${location}`]));
  });

  it.each(["201 Created", "202 Accepted", "301 Moved Permanently", "303 See Other", "307 Temporary Redirect"])(
    "leads to the public host on %s too",
    async (status) => {
      const [got, expected] = [
        await redirect(ours, ["Location: http://ORIGIN/a"], status),
        await redirect(bare, [`Location: http://${PUBLIC}/a`], status),
      ];
      expect(got).toBe(expected);
    },
  );

  it("keeps every cookie on a redirect that is led to the public host", async () => {
    const cookies = [
      "Set-Cookie: a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
      "Set-Cookie: b=\u00e9",
      "Set-Cookie: a=1",
    ];
    const [got, expected] = [
      await redirect(ours, ["Location: http://ORIGIN/a", ...cookies]),
      await redirect(bare, [`Location: http://${PUBLIC}/a`, ...cookies]),
    ];
    expect(got).toBe(expected);
  });

  it("leaves every other header with the origin's address in it as it is", async () => {
    const headers = [
      "Content-Location: http://ORIGIN/a",
      "Link: <http://ORIGIN/a>; rel=canonical",
      "Refresh: 0; url=http://ORIGIN/a",
      "Access-Control-Allow-Origin: http://ORIGIN",
    ];
    expect(await redirect(ours, headers)).toBe(await redirect(bare, headers));
  });
});

describe("Location on a Route", () => {
  const { ours, bare } = usePair();

  it.each(["http://HOST/a", "//HOST/a", "https://HOST/a", "http://elsewhere.example/caf\u00e9"])(
    "stays %j",
    async (location) => {
      const { host } = new URL(origin.origin);
      const request = buildRequest({ path: "/a", host });
      const answer = `HTTP/1.1 302 Found\r\nLocation: ${location.replace("HOST", host)}\r\nContent-Length: 0\r\n\r\n`;
      const [got, expected] = [
        await exchange(ours, origin, { request, answer }),
        await exchange(bare, origin, { request, answer }),
      ];
      expect(got).toEqual(expected);
    },
  );
});

describe("a loop", () => {
  const worker = useWorker(() => ({ ORIGIN_URL: origin.origin }));

  it.each([
    ["the address itself", "127.0.0.1:PORT"],
    ["the address with a longer port", "127.0.0.1:0PORT"],
    ["the address in other numbers", "0x7f.1:PORT"],
  ])("ends before the origin is asked (%s)", async (_what, host) => {
    const logged = worker.logs.length;
    const headers = ["Sec-Fetch-Dest: document"];
    const request = buildRequest({ path: "/", host: host.replace("PORT", port), headers });
    expect((await sendRaw(worker.origin, request)).status).toBe(502);
    await expect
      .poll(() => worker.logs.slice(logged))
      .toContainEqual(expect.objectContaining({ event: "origin.loop" }));
  });

  it("ends where ORIGIN_URL leads back to this Worker, at the second time round", async () => {
    const rounds: RawConnection[] = [];
    const client = openConnection(worker.origin);
    client.socket.write(buildRequest({ path: "/", host: "www.example.com" }));
    // Stands for a load balancer or DNS that leads back to the Worker under another address.
    for (;;) {
      const round = await origin.nextUnless(client.ended);
      if (round === null) break;
      rounds.push(round);
      const back = openConnection(worker.origin).socket;
      round.socket.pipe(back).pipe(round.socket);
    }
    expect(rounds).toHaveLength(1);
    expect(client.received()).toMatch(/^HTTP\/1\.1 502 /);
  });

  it("can still be found by those who count it in a header", async () => {
    const headers = ["CDN-Loop: cloudflare; loops=3", "Via: 1.1 proxy.example", "Max-Forwards: 2"];
    const request = buildRequest({ path: "/", host: "www.example.com", headers });
    const { asked } = await exchange(worker, origin, { request, answer: "HTTP/1.1 204 No Content\r\n\r\n" });
    for (const line of headers) expect(asked).toContain(`\r\n${line}\r\n`);
  });
});
