import { expect, it } from "vitest";
import { toChatPage } from "../chat-page.ts";
import { useChatPages } from "../use-chat-pages.ts";
import { CLIENT_FILE, expectTold, leave } from "./told.ts";

const here = useChatPages({ SIGN_OUT_PATHS: "/bye" }, { "/bye": "<body>Signed out</body>" });
const { playground } = here;

it("gives a page that has replaced Set its chat, and tells of the chat", async () => {
  await here.context.addInitScript("window.Set = function () { throw new Error('not here'); }");
  await here.context.route(CLIENT_FILE, (route) => route.fulfill({ status: 404 }));
  const { page } = await here.visit();
  await page.waitForTimeout(2000);
  await leave(page);
  await expectTold(playground.worker, "client-failed");
});

it("throws nothing at a page without HTMLScriptElement, however many of its pictures are broken", async () => {
  await here.context.addInitScript("delete window.HTMLScriptElement");
  await here.context.route(CLIENT_FILE, (route) => route.fulfill({ status: 404 }));
  here.pages["/"] = `<body>${'<img src="/missing.png">'.repeat(20)}</body>`;
  const page = await here.context.newPage();
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await page.goto(playground.worker.origin);
  await page.waitForTimeout(2000);
  await leave(page);
  await expectTold(playground.worker, "client-failed");
  expect(errors).toEqual([]);
});

it("does not tell of a widget that never appeared where a sign-out has taken it away", async () => {
  here.pages["/"] = "<body><p>A page</p></body>";
  const page = await here.context.newPage();
  await page.clock.install();
  await page.goto(playground.worker.origin);
  const { button, open } = toChatPage(page);
  await open();
  await expect.poll(() => here.calls).toContain("POST contacts 201");
  await page.evaluate(() => fetch("/bye", { method: "POST" }));
  await page.clock.runFor(1500);
  await button.waitFor({ state: "detached" });
  await page.clock.runFor(20_500);
  await leave(page);
  await expectTold(playground.worker, "opened", "started", "connected");
});
