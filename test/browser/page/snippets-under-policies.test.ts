import { describe, expect, it } from "vitest";
import { settings } from "../../worker/settings.ts";
import { useChatPages } from "../use-chat-pages.ts";

const NONCE = "'nonce-cGFnZQ'";
const NONCE_POLICY = `script-src ${NONCE}; style-src ${NONCE}`;

const here = useChatPages();

const servePage = (headers: Record<string, string>) => {
  here.pages["/"] = { html: "<!doctype html><html><head></head><body></body></html>", headers };
};

describe("a client from CloudFront", () => {
  const CLOUDFRONT = "https://d1x2y3.cloudfront.net";
  const worker = here.useWorker({
    WIDGET_SNIPPET: settings.WIDGET_SNIPPET.replace(/https:.*(?=\/amazon-connect-chat)/, CLOUDFRONT),
  });
  /** Loads a script as the chat does for a step-by-step guide: in the chat's frame, without a nonce. */
  const client = `window.loads = (src) => new Promise((resolve) => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const script = frame.contentDocument.createElement("script");
    Object.assign(script, { src, onload: () => resolve(true), onerror: () => resolve(false) });
    frame.contentDocument.head.append(script);
  });`;

  it.each(["default-src 'self'", NONCE_POLICY])(
    "may load Amazon's view renderer with %s, and nothing else from there",
    async (policy) => {
      const body = (script: string) => ({ contentType: "text/javascript", body: script });
      await here.context.route(`${CLOUDFRONT}/**`, (route) => route.fulfill(body(client)));
      await here.context.route("https://*.my.connect.aws/**", (route) => route.fulfill(body("")));
      servePage({ "content-security-policy": policy });
      const { page } = await here.visit("/", worker);
      await page.waitForFunction("window.loads");
      const loads = (path: string) => page.evaluate(`loads("https://alias.my.connect.aws${path}")`);
      expect(await loads("/connectwidget/static/views/renderer/1.2.3/index.js")).toBe(true);
      expect(await loads("/connectwidget/static/amazon-connect-chat-interface-client.js")).toBe(false);
    },
  );
});

describe("a snippet with a nonce of its own", () => {
  const nonce = (value: string) => `amazon_connect('nonce', '${value}');`;
  const worker = here.useWorker(() => ({
    WIDGET_SNIPPET: here.playground.connect.snippet
      .replace("amazon_connect('snippetId'", (call) => nonce("early") + call)
      .replace("</script>", (end) => nonce("late") + end),
  }));
  const policy = { "content-security-policy": NONCE_POLICY };

  it.each([
    ["the page's alone", policy, ["cGFnZQ"]],
    ["the snippet's where the page has none", {}, ["early", "late"]],
  ])("gives the client %s", async (_whose, headers, expected) => {
    servePage(headers);
    // The queue as the client would find it.
    await here.context.route("**/amazon-connect-chat-interface-client.js", (route) => route.abort());
    const { page } = await here.visit("/", worker);
    await page.waitForFunction("window.amazon_connect?.ac");
    const nonces = "amazon_connect.ac.flatMap(([field, value]) => (field === 'nonce' ? value : []))";
    expect(await page.evaluate(nonces)).toEqual(expected);
  });

  it.each(["first", "last", "both"] as const)(
    "has its styles where the page's policy wants another nonce (counting %s)",
    async (repeatedField) => {
      here.playground.connect.switches.repeatedField = repeatedField;
      servePage(policy);
      const { chat, open } = await here.visit("/", worker);
      await open();
      const send = chat.locator("[data-role=send]");
      // Without the widget's styles, the button would be black.
      expect(await send.evaluate((button) => getComputedStyle(button).color)).not.toBe("rgb(0, 0, 0)");
    },
  );
});
