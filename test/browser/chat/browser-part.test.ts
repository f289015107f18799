import { type Browser, type BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultSwitches } from "../../playground/connect/switches.ts";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { type Playground, securityKey, startPlayground, widgetId } from "../../playground/playground.ts";
import { control, instrumentedEntry } from "../../worker/instrumented.ts";
import { openChatPage } from "../chat-page.ts";
import { launchChromium } from "../chromium.ts";
import { type OwnPages, serveOwnPages } from "../own-pages.ts";

let browser: Browser;
let pages: OwnPages;
/** The Worker carries the snippet. */
let playground: Playground;
let context: BrowserContext;
/** Chat calls of the pages, as "POST token 200". */
let calls: string[];

beforeAll(async () => {
  pages = await serveOwnPages();
  pages.pages["/"] = "<body><p>Nothing but a page</p></body>";
  playground = await startPlayground({
    port: 0,
    transcriptDelaySeconds: 1,
    entry: instrumentedEntry,
    vars: { ORIGIN_URL: pages.origin },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await playground.close();
  await pages.close();
});
beforeEach(async () => {
  Object.assign(playground.connect.switches, defaultSwitches);
  await control(playground.worker, {});
  context = await browser.newContext();
  calls = [];
  context.on("response", (response) => {
    const name = /\/_chat\/(token|contacts)$/.exec(response.url())?.[1];
    if (name !== undefined) calls.push(`${response.request().method()} ${name} ${response.status()}`);
  });
});
afterEach(() => context.close());

const visit = (path = "/") => openChatPage(context, playground.worker.origin + path);
/** Reports that this browser has yet to send. */
const waitingReports = "Object.keys(localStorage).filter((key) => key.startsWith('persistent-chat:report')).length";

describe("a page with the chat", () => {
  it("asks for nothing before the chat is opened", async () => {
    const { page } = await visit();
    await page.waitForLoadState("networkidle");
    expect(calls).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate("localStorage.length + sessionStorage.length")).toBe(0);
  });

  it("gets one token when it is asked for two at once", async () => {
    playground.connect.switches.authenticateTwice = "yes";
    await (await visit()).open();
    await expect.poll(() => calls).toEqual(["POST token 200", "POST contacts 201"]);
  });

  it("runs once, also when its script stands in the page twice", async () => {
    pages.pages["/twice"] = '<body><script src="/_chat/widget.js"></script></body>';
    const { page } = await visit("/twice");
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await page.locator("#amazon-connect-open-widget-button").count()).toBe(1);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(1);
  });

  it("stays out of frames", async () => {
    pages.pages["/framed"] = '<body><script src="/_chat/widget.js"></script><p>inside</p></body>';
    pages.pages["/frame"] = '<body><iframe src="/framed"></iframe></body>';
    const { page } = await visit("/frame");
    const frame = page.frameLocator("iframe").first();
    await frame.getByText("inside").waitFor();
    await page.waitForLoadState("networkidle");
    expect(await frame.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(0);
    expect(await page.locator('script[src*="amazon-connect-chat-interface"]').count()).toBe(1);
  });

  it("leaves a page alone that carries the widget itself, and says what to set", async () => {
    pages.pages["/own"] = `<body>${playground.connect.snippet}</body>`;
    const page = await context.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    // The page's own snippet first, ours when it comes.
    await page.route("**/_chat/widget.js", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.goto(`${playground.worker.origin}/own`);
    await expect.poll(() => said.join()).toContain("set WIDGET_SNIPPET to page");
    expect(await page.locator("#amazon-connect-open-widget-button").count()).toBe(1);
  });

  it("starts the widget of a prerendered page when the visitor comes to see it", async () => {
    await context.addInitScript(
      "Object.defineProperty(Document.prototype, 'prerendering', { value: true, configurable: true })",
    );
    const { page, open } = await visit();
    await page.waitForLoadState("networkidle");
    expect(await page.locator("#amazon-connect-open-widget-button").count()).toBe(0);
    await page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))");
    await open();
    await expect.poll(() => calls).toEqual(["POST token 200", "POST contacts 201"]);
  });

  it("never sends or keeps the participant token", async () => {
    const sent: string[] = [];
    context.on("request", (request) => {
      if (request.url().startsWith(playground.worker.origin)) sent.push(request.url() + (request.postData() ?? ""));
    });
    let participantToken = "";
    context.on("response", async (response) => {
      if (!response.url().endsWith("/start") || response.request().method() !== "POST") return;
      participantToken = (await response.json()).data.startChatResult.ParticipantToken;
    });
    const { open, page } = await visit();
    await open();
    await expect.poll(() => calls).toContain("POST contacts 201");
    expect(participantToken).not.toBe("");
    const kept = await page.evaluate(
      "JSON.stringify({ ...localStorage, own: sessionStorage['persistent-chat:session'] })",
    );
    expect(sent.join() + String(kept)).not.toContain(participantToken);
  });
});

describe("reports", () => {
  it("wait in the browser while the Worker cannot be reached, and are sent from the next page", async () => {
    await context.route("**/_chat/contacts", (route) => route.abort());
    const { open, say, end, page } = await visit();
    await open();
    await say("hello");
    await end();
    expect(await page.evaluate(waitingReports)).toBe(2);
    await context.unroute("**/_chat/contacts");
    calls.length = 0;
    await page.reload();
    await expect.poll(() => page.evaluate(waitingReports)).toBe(0);
    // Whichever comes first records the chat.
    expect(calls).toHaveLength(2);
    expect(calls).toContain("POST contacts 201");
  });

  it("are no more than 40 that wait, the newest", async () => {
    await context.route("**/_chat/contacts", (route) => route.abort());
    const { open, page } = await visit();
    await page.evaluate(`for (let chat = 0; chat < 60; chat += 1) {
      const report = { contactId: "c" + chat, ticket: "t", event: "started", at: Date.now() - 100000 + chat };
      localStorage.setItem("persistent-chat:report:c" + chat + ":started", JSON.stringify(report));
    }`);
    await open();
    await expect.poll(() => page.evaluate(waitingReports)).toBe(40);
    const isKept = (chat: number) =>
      page.evaluate((key) => localStorage.getItem(key) !== null, `persistent-chat:report:c${chat}:started`);
    expect([await isKept(20), await isKept(21), await isKept(59)]).toEqual([false, true, true]);
  });

  it("say how long ago it was", async () => {
    await context.route("**/_chat/contacts", (route) => route.abort());
    const { open, end, page } = await visit();
    await open();
    await end();
    await page.evaluate(`for (const [key, value] of Object.entries(localStorage)) {
      const report = JSON.parse(value);
      localStorage.setItem(key, JSON.stringify({ ...report, at: report.at - 86400000 }));
    }`);
    await context.unroute("**/_chat/contacts");
    const bodies: { event: string; ageSeconds: number }[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/contacts")) bodies.push(request.postDataJSON());
    });
    await page.reload();
    await expect.poll(() => bodies.map(({ event }) => event).toSorted()).toEqual(["ended", "started"]);
    for (const { ageSeconds } of bodies) expect(Math.abs(ageSeconds - 86_400)).toBeLessThan(30);
  });

  it("are sent again by the same page until KV has them", async () => {
    await control(playground.worker, { kv: "fails", kvCalls: "put" });
    const { open } = await visit();
    await open();
    await expect.poll(() => calls).toContain("POST contacts 503");
    await control(playground.worker, {});
    await expect.poll(() => calls, { timeout: 8000 }).toContain("POST contacts 201");
  });

  it("wait as long as the Worker asks, on the next page too", async () => {
    const tries: number[] = [];
    await context.route("**/_chat/contacts", (route) => {
      tries.push(Date.now());
      const answer = { status: 429, headers: { "retry-after": "4" }, json: { error: "TOO_MANY_CALLS" } };
      return tries.length === 1 ? route.fulfill(answer) : route.continue();
    });
    const { open, page } = await visit();
    await open();
    await expect.poll(() => calls).toContain("POST contacts 429");
    await page.reload();
    await expect.poll(() => calls).toContain("POST contacts 201");
    const [refused = 0, taken = 0] = tries;
    expect(taken - refused).toBeGreaterThanOrEqual(4000);
  });

  it("are sent again when the browser is online again", async () => {
    const { open, end, page } = await visit();
    await open();
    await expect.poll(() => calls).toContain("POST contacts 201");
    await context.route("**/_chat/contacts", (route) => route.abort());
    await end();
    await context.unroute("**/_chat/contacts");
    calls.length = 0;
    await page.evaluate("dispatchEvent(new Event('online'))");
    await expect.poll(() => calls, { timeout: 900 }).toEqual(["POST contacts 201"]);
  });

  const others = [
    { status: 404, body: "<h1>Not found</h1>" },
    { status: 404, json: { error: "NOT_FOUND" } },
    { status: 403, json: { message: "Missing Authentication Token" } },
    { status: 200, json: { ok: true } },
  ];
  it.each(others)("wait on when something else than the Worker answers: %j", async (answer) => {
    await context.route("**/_chat/contacts", (route) => route.fulfill(answer));
    const { open, page } = await visit();
    await open();
    await expect.poll(() => calls).toContain(`POST contacts ${answer.status}`);
    await page.waitForTimeout(200);
    expect(await page.evaluate(waitingReports)).toBe(1);
    await context.unroute("**/_chat/contacts");
    await page.reload();
    await expect.poll(() => page.evaluate(waitingReports)).toBe(0);
  });

  it("end with their page, as tokens do: later their record and cookie would undo a newer one", async () => {
    await context.addInitScript(`
      const send = window.fetch;
      window.outlives = {};
      window.fetch = (url, init) => { window.outlives[url] = init?.keepalive; return send(url, init); };
    `);
    const { open, page } = await visit();
    await open();
    await expect.poll(() => calls).toContain("POST contacts 201");
    const outlives = await page.evaluate("window.outlives");
    const { origin } = playground.worker;
    expect(outlives).toEqual({ [`${origin}/_chat/contacts`]: false, [`${origin}/_chat/token`]: false });
  });

  it("are given up when refused for good", async () => {
    await context.route("**/_chat/contacts", (route) => route.fulfill({ status: 403, json: { error: "TICKET_USED" } }));
    const { open, page } = await visit();
    await open();
    await expect.poll(() => calls).toContain("POST contacts 403");
    await expect.poll(() => page.evaluate(waitingReports)).toBe(0);
  });
});

describe("tabs of one browser", () => {
  it.each([
    ["with Web Locks", ""],
    ["without Web Locks", "Object.defineProperty(navigator, 'locks', { value: undefined })"],
  ])("are one visitor %s", async (_how, script) => {
    if (script !== "") await context.addInitScript(script);
    const [first, second] = [await visit(), await visit()];
    await first.open();
    await expect.poll(() => calls).toContain("POST contacts 201");
    await second.open();
    await expect.poll(() => calls.filter((call) => call === "POST contacts 201")).toHaveLength(2);
    const [a, b] = playground.connect.contacts();
    expect(a?.attributes["persistentChatVisitor"]).toBe(b?.attributes["persistentChatVisitor"]);
  });

  it("makes its calls in turn without Web Locks", async () => {
    await context.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })");
    const { open, end, page } = await visit();
    await open();
    await expect.poll(() => calls).toContain("POST contacts 201");
    const seen: string[] = [];
    page.on("request", (request) => seen.push(`asks ${request.url().split("/").at(-1)}`));
    page.on("response", (response) => seen.push(`hears ${response.url().split("/").at(-1)}`));
    await context.route("**/_chat/contacts", async (route) => {
      const response = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.fulfill({ response });
    });
    await end();
    await open();
    const ours = seen.filter((what) => /contacts|token/.test(what));
    expect(ours.slice(0, 4)).toEqual(["asks contacts", "hears contacts", "asks token", "hears token"]);
  });

  it("are one visitor where Web Locks are refused", async () => {
    await context.addInitScript(
      "navigator.locks.request = () => Promise.reject(new DOMException('no', 'SecurityError'))",
    );
    await (await visit()).open();
    await expect.poll(() => calls).toEqual(["POST token 200", "POST contacts 201"]);
  });

  it("stay one visitor when a token is on its way while the visitor leaves the page", async () => {
    const { page, open, end } = await visit();
    await control(playground.worker, { delayMs: 1500 });
    const asked = page.waitForRequest("**/_chat/token");
    await page.click("#amazon-connect-open-widget-button");
    await asked;
    await control(playground.worker, {});
    await page.reload();
    await open();
    await page.waitForTimeout(1700);
    await end();
    await expect.poll(() => calls.filter((call) => call.startsWith("POST contacts"))).toHaveLength(2);
    expect(calls).not.toContain("POST contacts 403");
  });

  it("are one visitor also when both open the chat at the very same moment", async () => {
    // Slow answers, so that without the lock the second call would leave before the first one's cookie is there.
    await context.route("**/_chat/token", async (route) => {
      const response = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.fulfill({ response });
    });
    const [first, second] = [await visit(), await visit()];
    await Promise.all([first.open(), second.open()]);
    const [a, b] = playground.connect.contacts();
    expect(a?.attributes["persistentChatVisitor"]).toBe(b?.attributes["persistentChatVisitor"]);
  });
});

describe("when a token cannot be had", () => {
  const widgetError = "[data-role=error][data-status='401']";

  it("tries for ten seconds, then lets the widget show its page for status 401", async () => {
    await context.route("**/_chat/token", (route) => route.fulfill({ status: 503, json: { error: "INTERNAL" } }));
    const { page, chat } = await visit();
    const begun = Date.now();
    await page.click("#amazon-connect-open-widget-button");
    await chat.locator(widgetError).waitFor();
    expect(Date.now() - begun).toBeGreaterThan(8000);
    expect(calls.length).toBeGreaterThan(3);
  });

  it("succeeds when one of the tries does", async () => {
    let tries = 0;
    await context.route("**/_chat/token", (route) => (++tries < 3 ? route.abort() : route.continue()));
    await (await visit()).open();
    expect(tries).toBe(3);
  });

  it("waits as long as the Worker asks it to", async () => {
    let tries = 0;
    let refusedAt = 0;
    await context.route("**/_chat/token", (route) => {
      if (++tries > 1) return route.continue();
      refusedAt = Date.now();
      return route.fulfill({ status: 429, headers: { "retry-after": "2" }, json: { error: "TOO_MANY_CALLS" } });
    });
    await (await visit()).open();
    expect(tries).toBe(2);
    expect(Date.now() - refusedAt).toBeGreaterThanOrEqual(2000);
  });

  it("gives up at once where that would take longer than ten seconds", async () => {
    const answer = { status: 429, headers: { "retry-after": "60" }, json: { error: "TOO_MANY_CALLS" } };
    await context.route("**/_chat/token", (route) => route.fulfill(answer));
    const { page, chat } = await visit();
    await page.click("#amazon-connect-open-widget-button");
    await chat.locator(widgetError).waitFor();
    expect(calls).toEqual(["POST token 429"]);
  });

  it("does not try again what is refused for good", async () => {
    await context.route("**/_chat/token", (route) => route.fulfill({ status: 403, json: { error: "CROSS_ORIGIN" } }));
    const { page, chat } = await visit();
    await page.click("#amazon-connect-open-widget-button");
    await chat.locator(widgetError).waitFor();
    expect(calls).toEqual(["POST token 403"]);
  });
});

describe("in a browser whose storage", () => {
  it.each([
    [
      "is forbidden",
      `Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });`,
    ],
    [
      "is full",
      `const setItem = Storage.prototype.setItem;
       Storage.prototype.setItem = function (key, value) {
         if (key.startsWith("persistent-chat")) throw new DOMException("full", "QuotaExceededError");
         return setItem.call(this, key, value);
       };`,
    ],
    [
      "holds something else under our names",
      `sessionStorage["persistent-chat:session"] = "{"; localStorage["persistent-chat:report:x:started"] = "nonsense";`,
    ],
  ])("%s, chats all the same, and reports", async (_how, script) => {
    await context.addInitScript(script);
    const { open, end } = await visit();
    await open();
    await expect.poll(() => calls).toContain("POST contacts 201");
    await end();
    await expect.poll(() => calls.filter((call) => call === "POST contacts 201")).toHaveLength(2);
  });
});

describe("with the owner's own handlers in the snippet", () => {
  let own: Playground;

  beforeAll(async () => {
    own = await startOwn(
      "amazon_connect('authenticate', (callback) => callback(window.ownerToken ?? null));" +
        "amazon_connect('contactMetadataHandler', (metadata) => { window.seenContact = metadata.chatContactId; });" +
        "amazon_connect('registerCallback', { CHAT_ENDED: (name) => { window.seenEvents = [name]; }, " +
        "PARTICIPANT_LEFT: (name) => { window.seenLeft = name; } });" +
        "amazon_connect('registerCallback', { CHAT_ENDED: () => { window.seenAgain = true; } });",
    );
  });
  afterAll(() => own.close());

  /** A playground whose Connect is known before its Worker starts, so that the snippet can say more. */
  async function startOwn(extra: string): Promise<Playground> {
    const first = await startPlayground({ port: 0, transcriptDelaySeconds: 1, vars: { ORIGIN_URL: pages.origin } });
    const { startWorker } = await import("../../worker/start-worker.ts");
    const worker = await startWorker({
      vars: {
        WIDGET_SNIPPET: first.connect.snippet.replace("</script>", `${extra}</script>`),
        WIDGET_SECURITY_KEY: securityKey,
        COOKIE_SECRET: "b3duLWhhbmRsZXJzLWNvb2tpZS1zZWNyZXQtMzItYnl0ZXM",
        ORIGIN_URL: pages.origin,
      },
    });
    first.connect.allowedOrigins.push(worker.origin);
    const close = async () => {
      await worker.close();
      await first.close();
    };
    return { ...first, worker, close };
  }

  const ownerToken = (claims: object) => {
    const now = Math.floor(Date.now() / 1000);
    return signToken({ claims: { sub: widgetId, iat: now, exp: now + 300, ...claims }, securityKey });
  };

  it.each(["first", "last", "both"] as const)(
    "gives the client each field once (counting %s)",
    async (repeatedField) => {
      own.connect.switches.repeatedField = repeatedField;
      const token = ownerToken({ customerId: "anna", attributes: { plan: "gold" } });
      await context.addInitScript(`window.ownerToken = ${JSON.stringify(token)}`);
      const chat = await openChatPage(context, own.worker.origin);
      await chat.open();
      const contact = own.connect.contacts()[0];
      expect(contact?.customerId).toBe("anna");
      expect(contact?.attributes).toMatchObject({ plan: "gold", chatContinue: expect.any(String) });
      await expect.poll(() => calls).toEqual(["POST token 200", "POST contacts 201"]);
      await chat.end();
      expect(await chat.page.evaluate("[window.seenContact, window.seenEvents, window.seenAgain]")).toEqual([
        contact?.contactId,
        ["CHAT_ENDED"],
        true,
      ]);
      await expect.poll(() => calls).toHaveLength(3);
    },
  );

  it("gives what follows a null token to nobody", async () => {
    own.connect.switches.nullToken = "starts-without";
    const token = ownerToken({ customerId: "carla" });
    await context.addInitScript(`window.ownerToken = ${JSON.stringify(token)}`);
    // Carla's chat cannot start, and she signs out.
    await context.route("**/start", (route) => route.abort());
    const chat = await openChatPage(context, own.worker.origin);
    await chat.page.click("#amazon-connect-open-widget-button");
    await chat.chat.locator("[data-role=error]").waitFor();
    await context.unroute("**/start");
    await chat.page.evaluate("window.ownerToken = null");
    await chat.page.click("#amazon-connect-close-widget-button");
    await chat.open();
    await chat.say("somebody else");
    await chat.page.waitForTimeout(300);
    expect(calls).toEqual(["POST token 200"]);
  });

  it("reports no end of a chat that somebody else had before", async () => {
    own.connect.switches.nullToken = "starts-without";
    const token = ownerToken({ customerId: "dora" });
    await context.addInitScript(`window.ownerToken = sessionStorage.signedOut ? null : ${JSON.stringify(token)}`);
    const chat = await openChatPage(context, own.worker.origin);
    await chat.open();
    await expect.poll(() => calls).toEqual(["POST token 200", "POST contacts 201"]);
    // Dora's chat is gone from this tab without a word, and so is she.
    await chat.page.evaluate("sessionStorage.removeItem('persistedChatSession'); sessionStorage.signedOut = 1");
    await chat.page.reload();
    await chat.open();
    await chat.end();
    await chat.page.waitForTimeout(300);
    expect(calls).toHaveLength(2);
  });

  it.each([
    ["fails", "[data-role=error]"],
    ["starts-without", "[data-role=input]"],
  ] as const)("passes null on and asks for no token (a null token %s)", async (nullToken, shown) => {
    own.connect.switches.nullToken = nullToken;
    const chat = await openChatPage(context, own.worker.origin);
    await chat.page.click("#amazon-connect-open-widget-button");
    await chat.chat.locator(shown).waitFor();
    expect(calls).toEqual([]);
  });
});

describe("with WIDGET_SNIPPET=page", () => {
  let carried: Playground;

  beforeAll(async () => {
    carried = await startPlayground({
      port: 0,
      transcriptDelaySeconds: 1,
      vars: { WIDGET_SNIPPET: "page", WIDGET_ID: widgetId, ORIGIN_URL: pages.origin },
    });
    pages.pages["/carries"] = `<body><h1>Carries the widget</h1>${carried.connect.snippet}</body>`;
    pages.pages["/plain"] = "<body><h1>No widget</h1></body>";
  });
  afterAll(() => carried.close());

  it("continues the conversation of the page's own widget", async () => {
    const first = await openChatPage(context, `${carried.worker.origin}/carries`);
    await first.open();
    await first.say("before");
    await first.end();
    await expect.poll(() => calls).toEqual(["POST token 200", "POST contacts 201", "POST contacts 201"]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await first.page.reload();
    await first.open();
    await first.say("after");
    await expect.poll(() => first.messages()).toEqual(["before", "after"]);
    expect(carried.connect.contacts()[0]?.relatedContactId).toBe(carried.connect.contacts()[1]?.contactId);
  });

  it("does nothing on a page without one", async () => {
    const page = await context.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(`${carried.worker.origin}/plain`);
    await page.waitForLoadState("networkidle");
    expect(errors).toEqual([]);
    expect(await page.locator("#amazon-connect-open-widget-button").count()).toBe(0);
  });
});
