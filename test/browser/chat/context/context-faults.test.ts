import { describe, expect, it } from "vitest";
import { CONTEXT_HEADER } from "../../../../src/core/chat/context/said-context.ts";
import { type OwnPage } from "../../own-pages.ts";
import { useChatPages } from "../../use-chat-pages.ts";
import { createSteps } from "../steps.ts";

const here = useChatPages({ CONTEXT: "page title trail referrer error", EXCLUDE_PATHS: "/reset/*" });
const { newest } = createSteps(here);
const withScript = (script: string, body = "A page"): OwnPage => ({
  html: `<!doctype html><html><head><title>Shop</title><script>${script}</script></head><body>${body}</body></html>`,
  headers: {},
});
const ON_DOCUMENT = "Object.defineProperty(Document.prototype,";

describe("with CONTEXT, on a page whose script has changed the browser", () => {
  it.each([
    ["the referrer", `${ON_DOCUMENT} 'referrer', { get: () => undefined })`],
    ["the title", `${ON_DOCUMENT} 'title', { get() { throw new Error('mine'); } })`],
    [
      "URLSearchParams",
      "window.URLSearchParams = function (text) { if (typeof text !== 'string') throw new Error(); }",
    ],
  ])("starts the chat, and tells what the request tells: %s", async (_what, script) => {
    here.pages["/own"] = withScript(script);
    const { open } = await here.visit("/own");
    await open();
    expect(newest()?.attributes).toMatchObject({ chatPage: "/own", chatPageTitle: "none", chatTrail: "none" });
  });

  it.each([
    "var navigation = { items: [] };",
    "var navigation = 'main';",
    "var navigation = null;",
    "var navigation = { addEventListener: undefined };",
    "Object.defineProperty(window, 'cookieStore', { value: {} });",
  ])("starts the chat beside the page's own %s", async (script) => {
    here.pages["/own"] = withScript(script);
    const { open, page } = await here.visit("/own");
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.reload();
    await open();
    expect(errors).toEqual([]);
    expect(newest()?.attributes).toMatchObject({ chatPage: "/own", chatTrail: "/own 0m" });
  });
});

describe("with CONTEXT", () => {
  it("gets a token where a server on the way refuses long headers", async () => {
    const said: number[] = [];
    await here.context.route("**/_chat/token", async (route) => {
      const header = route.request().headers()[CONTEXT_HEADER] ?? "";
      said.push(header.length);
      if (header.length > 2000) await route.fulfill({ status: 431, body: "<h1>431</h1>" });
      else await route.continue();
    });
    const { open, page } = await here.visit();
    await page.evaluate(() => (document.title = "茶".repeat(300)));
    await open();
    expect(said).toEqual([expect.toSatisfy((length) => length > 2000), 0]);
    expect(newest()?.attributes).toMatchObject({ chatPage: "/", chatPageTitle: "none" });
  });

  it("tells no session id in a path, and no excluded page as the referrer", async () => {
    here.pages["/reset/SECRET"] = withScript(
      "",
      '<a href="/cart;jsessionid=0A1B2C3D4E5F60718293A4B5C6D7E8F9">Cart</a>',
    );
    here.pages["/cart;jsessionid=0A1B2C3D4E5F60718293A4B5C6D7E8F9"] = withScript("");
    const { open, page } = await here.visit("/reset/SECRET");
    await page.click("a");
    await page.waitForURL("**/cart;*");
    await open();
    expect(newest()?.attributes).toMatchObject({ chatPage: "/cart", chatTrail: "/cart 0m", chatReferrer: "none" });
  });

  it("tells a path of other letters as the visitor reads it", async () => {
    const { open, page } = await here.visit();
    await page.evaluate(() => history.pushState(null, "", "/чай"));
    await open();
    expect(newest()?.attributes).toMatchObject({ chatPage: "/чай", chatTrail: "/чай 0m, / 0m" });
  });
});
