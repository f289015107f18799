import { beforeAll, describe, expect, it } from "vitest";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { securityKey, widgetId } from "../../playground/playground.ts";
import { useChatPages } from "../use-chat-pages.ts";

const here = useChatPages();

describe("with the owner's own handlers in the snippet", () => {
  const extra =
    "amazon_connect('authenticate', (callback) => callback(window.ownerToken ?? null));" +
    "amazon_connect('contactMetadataHandler', (metadata) => { window.seenContact = metadata.chatContactId; });" +
    "amazon_connect('registerCallback', { CHAT_ENDED: (name) => { window.seenEvents = [name]; }, " +
    "PARTICIPANT_LEFT: (name) => { window.seenLeft = name; } });" +
    "amazon_connect('registerCallback', { CHAT_ENDED: () => { window.seenAgain = true; } });";
  const worker = here.useWorker(() => ({
    WIDGET_SNIPPET: here.playground.connect.snippet.replace("</script>", `${extra}</script>`),
  }));

  const ownerToken = (claims: object) => {
    const now = Math.floor(Date.now() / 1000);
    return signToken({ claims: { sub: widgetId, iat: now, exp: now + 300, ...claims }, securityKey });
  };

  it.each(["first", "last", "both"] as const)(
    "gives the client each field once (counting %s)",
    async (repeatedField) => {
      here.playground.connect.switches.repeatedField = repeatedField;
      const token = ownerToken({ customerId: "anna", attributes: { plan: "gold" } });
      await here.context.addInitScript(`window.ownerToken = ${JSON.stringify(token)}`);
      const chat = await here.visit("/", worker);
      await chat.open();
      const contact = here.playground.connect.contacts()[0];
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

  it("records no chat that follows a null token", async () => {
    here.playground.connect.switches.nullToken = "starts-without";
    const token = ownerToken({ customerId: "carla" });
    await here.context.addInitScript(`window.ownerToken = ${JSON.stringify(token)}`);
    // Carla's chat cannot start, and she signs out.
    await here.context.route("**/start", (route) => route.abort());
    const chat = await here.visit("/", worker);
    await chat.button.click();
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
    here.playground.connect.switches.nullToken = "starts-without";
    const token = ownerToken({ customerId: "dora" });
    await here.context.addInitScript(`window.ownerToken = sessionStorage.signedOut ? null : ${JSON.stringify(token)}`);
    const chat = await here.visit("/", worker);
    await chat.open();
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201"]);
    // Dora's chat disappears from this tab without an event, and Dora signs out.
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
    here.playground.connect.switches.nullToken = nullToken;
    const chat = await here.visit("/", worker);
    await chat.button.click();
    await chat.chat.locator(shown).waitFor();
    expect(here.calls).toEqual([]);
  });
});

describe("with WIDGET_SNIPPET=page", () => {
  const worker = here.useWorker({ WIDGET_SNIPPET: "page", WIDGET_ID: widgetId });

  beforeAll(() => {
    here.pages["/carries"] = `<body><h1>Carries the widget</h1>${here.playground.connect.snippet}</body>`;
    here.pages["/plain"] = "<body><h1>No widget</h1></body>";
  });

  it("continues the conversation of the page's own widget", async () => {
    const first = await here.visit("/carries", worker);
    await first.open();
    await first.say("before");
    await first.end();
    await expect.poll(() => here.calls).toEqual(["POST token 200", "POST contacts 201", "POST contacts 201"]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await first.page.reload();
    await first.open();
    await first.say("after");
    await expect.poll(() => first.messages()).toEqual(["before", "after"]);
    expect(here.playground.connect.contacts()[0]?.relatedContactId).toBe(
      here.playground.connect.contacts()[1]?.contactId,
    );
  });

  it("does nothing on a page without a widget", async () => {
    const page = await here.context.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(`${worker.origin}/plain`);
    await page.waitForLoadState("networkidle");
    expect(errors).toEqual([]);
    expect(await page.locator("#amazon-connect-open-widget-button").count()).toBe(0);
  });
});
