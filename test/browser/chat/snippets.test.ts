import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useChatPages } from "../use-chat-pages.ts";
import { type Playground, securityKey, startPlayground, widgetId } from "../../playground/playground.ts";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { openChatPage } from "../chat-page.ts";

const here = useChatPages();

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
    const first = await startPlayground({ port: 0, transcriptDelaySeconds: 1, vars: { ORIGIN_URL: here.siteOrigin } });
    const { startWorker } = await import("../../worker/start-worker.ts");
    const worker = await startWorker({
      vars: {
        WIDGET_SNIPPET: first.connect.snippet.replace("</script>", `${extra}</script>`),
        WIDGET_SECURITY_KEY: securityKey,
        COOKIE_SECRET: "b3duLWhhbmRsZXJzLWNvb2tpZS1zZWNyZXQtMzItYnl0ZXM",
        ORIGIN_URL: here.siteOrigin,
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
      await here.context.addInitScript(`window.ownerToken = ${JSON.stringify(token)}`);
      const chat = await openChatPage(here.context, own.worker.origin);
      await chat.open();
      const contact = own.connect.contacts()[0];
      expect(contact?.customerId).toBe("anna");
      expect(contact?.attributes).toMatchObject({ plan: "gold", chatContinue: expect.any(String) });
      await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
      await chat.end();
      expect(await chat.page.evaluate("[window.seenContact, window.seenEvents, window.seenAgain]")).toEqual([
        contact?.contactId,
        ["CHAT_ENDED"],
        true,
      ]);
      await expect.poll(() => here.calls).toHaveLength(3);
    },
  );

  it("gives what follows a null token to nobody", async () => {
    own.connect.switches.nullToken = "starts-without";
    const token = ownerToken({ customerId: "carla" });
    await here.context.addInitScript(`window.ownerToken = ${JSON.stringify(token)}`);
    // Carla's chat cannot start, and she signs out.
    await here.context.route("**/start", (route) => route.abort());
    const chat = await openChatPage(here.context, own.worker.origin);
    await chat.page.click("#amazon-connect-open-widget-button");
    await chat.chat.locator("[data-role=error]").waitFor();
    await here.context.unroute("**/start");
    await chat.page.evaluate("window.ownerToken = null");
    await chat.page.click("#amazon-connect-close-widget-button");
    await chat.open();
    await chat.say("somebody else");
    await chat.page.waitForTimeout(300);
    expect(here.calls).toEqual(["POST token 200"]);
  });

  it("reports no end of a chat that somebody else had before", async () => {
    own.connect.switches.nullToken = "starts-without";
    const token = ownerToken({ customerId: "dora" });
    await here.context.addInitScript(`window.ownerToken = sessionStorage.signedOut ? null : ${JSON.stringify(token)}`);
    const chat = await openChatPage(here.context, own.worker.origin);
    await chat.open();
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
    // Dora's chat is gone from this tab without a word, and so is she.
    await chat.page.evaluate("sessionStorage.removeItem('persistedChatSession'); sessionStorage.signedOut = 1");
    await chat.page.reload();
    await chat.open();
    await chat.end();
    await chat.page.waitForTimeout(300);
    expect(here.calls).toHaveLength(2);
  });

  it.each([
    ["fails", "[data-role=error]"],
    ["starts-without", "[data-role=input]"],
  ] as const)("passes null on and asks for no token (a null token %s)", async (nullToken, shown) => {
    own.connect.switches.nullToken = nullToken;
    const chat = await openChatPage(here.context, own.worker.origin);
    await chat.page.click("#amazon-connect-open-widget-button");
    await chat.chat.locator(shown).waitFor();
    expect(here.calls).toEqual([]);
  });
});

describe("with WIDGET_SNIPPET=page", () => {
  let carried: Playground;

  beforeAll(async () => {
    carried = await startPlayground({
      port: 0,
      transcriptDelaySeconds: 1,
      vars: { WIDGET_SNIPPET: "page", WIDGET_ID: widgetId, ORIGIN_URL: here.siteOrigin },
    });
    here.pages["/carries"] = `<body><h1>Carries the widget</h1>${carried.connect.snippet}</body>`;
    here.pages["/plain"] = "<body><h1>No widget</h1></body>";
  });
  afterAll(() => carried.close());

  it("continues the conversation of the page's own widget", async () => {
    const first = await openChatPage(here.context, `${carried.worker.origin}/carries`);
    await first.open();
    await first.say("before");
    await first.end();
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201", "POST contacts 201"]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await first.page.reload();
    await first.open();
    await first.say("after");
    await expect.poll(() => first.messages()).toEqual(["before", "after"]);
    expect(carried.connect.contacts()[0]?.relatedContactId).toBe(carried.connect.contacts()[1]?.contactId);
  });

  it("does nothing on a page without one", async () => {
    const page = await here.context.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(`${carried.worker.origin}/plain`);
    await page.waitForLoadState("networkidle");
    expect(errors).toEqual([]);
    expect(await page.locator("#amazon-connect-open-widget-button").count()).toBe(0);
  });
});
