import { type RequestListener } from "node:http";
import { access } from "../../playground/playground.ts";
import { type RunningSite, startSite } from "../../playground/site/site.ts";
import { type RawConnection, buildRequest, openConnection } from "../../worker/raw-request.ts";
import { startRawOrigin } from "../../worker/raw-origin.ts";
import { startWorkerd } from "../../worker/start-workerd.ts";
import { createVisitorClient } from "../../worker/visitor-client.ts";
import { type Attack, type Target } from "../attack.ts";
import { askingAmazon } from "../victim.ts";
import { send } from "./send.ts";
import { answerText, withServer } from "../with-server.ts";

/** Attacks by requests on their way to the site or to Amazon, and by answers on their way back. */
export const forwardingAttacks: readonly Attack[] = [
  {
    name: "Names another host in the path, so that the Worker sends the visitor's cookies there",
    withoutGuard: {
      file: "src/core/headers/forwarding.ts",
      from: "return target.href;",
      to: "return new URL(target.pathname + target.search, originUrl).href;",
    },
    attempt: ({ startBare }) =>
      withServer(answerText("the shop"), (shop) =>
        withServer(answerText("another host"), async (other) => {
          const worker = await startBare({ ORIGIN_URL: shop.origin });
          const { host } = new URL(other.origin);
          const starts = ["//", "/\\", "///", "/%2f%2f", "//user@", "/@", "http://", "http://user:password@"];
          for (const start of starts) {
            await send(worker.origin, { path: `${start}${host}/a`, headers: ["Cookie: session=of-the-visitor"] });
          }
          return other.asked.some(({ headers }) => headers.cookie?.includes("of-the-visitor"));
        }),
      ),
  },
  {
    name: "Lies about its address and the host it asked for, in headers that origins trust",
    withoutGuard: { file: "src/core/headers/forwarding.ts", from: "filter(isHopClaim)", to: "filter(() => false)" },
    attempt: ({ startBare }) =>
      withServer(answerText("the shop"), async (shop) => {
        const worker = await startBare({ ORIGIN_URL: shop.origin });
        const dashed = [
          "X-Forwarded-For",
          "X-Real-IP",
          "True-Client-IP",
          "CF-Connecting-IPv6",
          "X-Forwarded-Client-IP",
          "X-Client-IP",
          "Client-IP",
          "X-Forwarded",
        ];
        const addresses = [...dashed, ...dashed.map((name) => name.replaceAll("-", "_"))];
        const hosts = [
          "X-Forwarded-Host",
          "X-Forwarded-Server",
          "X-Forwarded-Prefix",
          "X_Forwarded_Host",
          "X-Host",
          "X-Original-Host",
        ];
        const headers = [
          ...addresses.map((name) => `${name}: 203.0.113.66`),
          ...hosts.map((name) => `${name}: evil.example`),
          "Forwarded: for=203.0.113.66;host=evil.example",
        ];
        await send(worker.origin, { path: "/", headers });
        const [received] = shop.asked;
        return received?.rawHeaders.some((text) => /203\.0\.113\.66|evil\.example/.test(text)) ?? false;
      }),
  },
  {
    name: "Has Cloudflare keep what the site answered under one host name, for visitors of another that leads here too",
    withoutGuard: { file: "src/adapters/origin.ts", from: "request), UNCACHED)", to: "request))" },
    async attempt({ path }) {
      const worker = await startWorkerd({ entry: path("test/worker/entries/cache-terms.ts") });
      try {
        const terms = await (await fetch(worker.origin)).text();
        return terms !== JSON.stringify({ cacheTtlByStatus: { "100-599": -1 } });
      } finally {
        await worker.close();
      }
    },
  },
  {
    name: "Uses a redirect of the site's to read what only the Worker can reach",
    withoutGuard: {
      file: "src/adapters/origin.ts",
      from: "return fetch(forwarded);",
      to: 'return fetch(new Request(forwarded, { redirect: "follow" }));',
    },
    attempt: ({ startBare }) =>
      withServer(answerText("for insiders"), async (inside) =>
        withServer(redirectTo(`${inside.origin}/secrets`), async (shop) => {
          const worker = await startBare({ ORIGIN_URL: shop.origin });
          const { body } = await send(worker.origin, { path: `/leave?to=${inside.origin}/secrets` });
          return body.includes("for insiders");
        }),
      ),
  },
  {
    name: "Reports a path as its contact id, so that the signed call goes to another address of Amazon's",
    withoutGuard: [
      { file: "src/adapters/connect-api.ts", from: "UUID.test(contactId)", to: "true" },
      { file: "src/core/chat/contact-report.ts", from: String.raw`/^[\w-]+$/`, to: "/^[^]+$/" },
    ],
    attempt: (target) =>
      leadsAmazonCallAstray(target, ["../../x?y", "a/../../b", "c?d", "e#f", "g/h", "..\\..\\i", ".", ".."]),
  },
  {
    name: "Reads visitors' cookies of ours at the site or in its logs, also by WebSocket or upload",
    withoutGuard: { file: "src/core/headers/forwarding.ts", from: "if (allowed !== cookie)", to: "if (false)" },
    attempt: ({ startBare }) =>
      withSite(async (site) => {
        const worker = await startBare({ ORIGIN_URL: site.origin });
        const ours = "__Host-chat-0123abcd=sealed-for-us";
        const cookies = [
          [`Cookie: ${ours}`],
          [`Cookie: a=1;${ours}; b=2`],
          ["Cookie: a=1", `Cookie: ${ours}`],
          [`Cookie: =${ours}`],
          // U+00A0 in UTF-8, and a byte that is not UTF-8.
          [`Cookie: \u00c2\u00a0${ours}`],
          [`Cookie: a=1; \u00a0${ours}`],
          [`Cookie: a="1; ${ours.replace("Host", "HOST")}"`],
        ];
        const echoes = cookies.flatMap((headers) => [
          send(worker.origin, { path: "/try/echo", headers }),
          send(worker.origin, { path: "/try/echo", headers, method: "POST", body: "a=1" }),
        ]);
        const seen = (await Promise.all(echoes)).map(({ body }) => String(body));
        const socket = await openWebSocket(worker.origin, `Cookie: ${ours}`);
        return [...seen, socket.received()].some((text) => text.includes("sealed-for-us"));
      }),
  },
  {
    name: "Plants a cookie of its own under our name, by an answer of the site's: a page, a file, a WebSocket",
    withoutGuard: { file: "src/http/site/site.ts", from: "!isOwnSetCookie(cookie)", to: "true" },
    attempt: ({ startBare }) =>
      withSite(async (site) => {
        const worker = await startBare({ ORIGIN_URL: site.origin });
        const page = { path: "/try/cookies/plant-on-page", headers: ["Sec-Fetch-Dest: document"] };
        const answers = await Promise.all(
          [page, { path: "/try/cookies/plant" }].map((call) => send(worker.origin, call)),
        );
        const socket = await openWebSocket(worker.origin);
        const heads = [...answers.flatMap(({ head }) => head), ...socket.received().split("\r\n")];
        return heads.some((line) => /^set-cookie:[^!-<>-~]*__host-chat-/i.test(line));
      }),
  },
  {
    name: "Sends one request that goes round for ever, where ORIGIN_URL leads back to the Worker",
    withoutGuard: {
      file: "src/core/headers/forwarding.ts",
      from: "new URL(requestUrl).host === originUrl.host",
      to: "false",
    },
    async attempt({ startBare }) {
      // Stands for a load balancer or DNS between two addresses of one Worker.
      const between = await startRawOrigin();
      const worker = await startBare({ ORIGIN_URL: between.origin });
      const client = openConnection(worker.origin);
      client.socket.write(buildRequest({ path: "/", host: "www.example.com" }));
      const rounds: RawConnection[] = [];
      while (rounds.length < 10) {
        const round = await between.nextUnless(client.ended);
        if (round === null) break;
        rounds.push(round);
        round.socket.pipe(openConnection(worker.origin).socket).pipe(round.socket);
      }
      client.socket.destroy();
      await between.close();
      return rounds.length === 10;
    },
  },
];

/** @returns The connection, which has received the answer's head. */
async function openWebSocket(origin: string, ...headers: readonly string[]): Promise<RawConnection> {
  const connection = openConnection(origin);
  const upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
  const lines = ["GET /try/web-socket HTTP/1.1", "Host: www.example.com", ...upgrade, ...headers];
  connection.socket.write(`${lines.join("\r\n")}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  await connection.until("\r\n\r\n");
  connection.socket.destroy();
  return connection;
}

/** Whether a report of these contact ids makes the Worker call another address than DescribeContact's. */
function leadsAmazonCallAstray({ start }: Target, contactIds: readonly string[]): Promise<boolean> {
  const answerNotFound: RequestListener = (_request, response) => response.writeHead(404).end("{}");
  return withServer(answerNotFound, async (amazon) => {
    const { origin } = await start(askingAmazon(amazon));
    for (const contactId of contactIds) {
      const visitor = createVisitorClient(origin);
      await visitor.report({ ticket: (await visitor.token()).ticket, contactId });
      await visitor.token();
    }
    const describeContact = new RegExp(`^/contacts/${access.instanceId}/[^/?#]+$`);
    return amazon.asked.some(({ url = "" }) => !describeContact.test(url));
  });
}

function redirectTo(location: string): RequestListener {
  return (_request, response) => response.writeHead(302, { location }).end();
}

async function withSite<T>(work: (site: RunningSite) => Promise<T>): Promise<T> {
  const site = await startSite({ port: 0 });
  try {
    return await work(site);
  } finally {
    await site.close();
  }
}
