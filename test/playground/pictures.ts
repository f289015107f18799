// `npm run pictures`: makes README's pictures anew.
import { join } from "node:path";
import { type Browser } from "playwright-core";
import { openChatPage } from "../browser/chat-page.ts";
import { launchChromium } from "../browser/chromium.ts";
import { startPlayground } from "./playground.ts";

const IMAGES = join(import.meta.dirname, "../../.github/images");
const TRANSCRIPT_DELAY_SECONDS = 1;

const playground = await startPlayground({ port: 0, transcriptDelaySeconds: TRANSCRIPT_DELAY_SECONDS });
const browser = await launchChromium();
try {
  const { agent, customer } = await continueConversation(browser);
  await placeSideBySide(browser, [
    { caption: "The customer is back …", png: customer },
    { caption: "… and the agent sees the whole conversation", png: agent },
  ]);
} finally {
  await browser.close();
  await playground.close();
}

async function continueConversation(chromium: Browser): Promise<{ customer: Buffer; agent: Buffer }> {
  const { connect, worker } = playground;
  const context = await chromium.newContext({ viewport: { width: 900, height: 720 }, deviceScaleFactor: 2 });
  const visit = await openChatPage(context, worker.origin);
  await visit.open();
  await visit.say("My teapot arrived without its lid.");
  connect.agent.say(connect.contacts()[0]?.contactId ?? "", "I am sorry! We send you one today.");
  await visit.chat.getByText("We send you one").waitFor();
  await visit.end();
  await new Promise((resolve) => setTimeout(resolve, TRANSCRIPT_DELAY_SECONDS * 1000 + 1500));
  await visit.page.goto(worker.origin);
  await visit.open();
  await visit.say("Hello again: has the lid been sent?");
  await visit.chat.getByText("My teapot").waitFor();
  const customer = await visit.page.screenshot();

  const desk = await context.newPage();
  await desk.setViewportSize({ width: 1240, height: 720 });
  await desk.goto(`${connect.origin}/agent/${connect.contacts()[0]?.contactId}`);
  await desk.getByText("Hello again").last().waitFor();
  const agent = await desk.screenshot();
  await context.close();
  return { customer, agent };
}

async function placeSideBySide(chromium: Browser, pictures: { caption: string; png: Buffer }[]): Promise<void> {
  const figures = pictures.map(
    ({ caption, png }) =>
      `<figure><figcaption>${caption}</figcaption><img src="data:image/png;base64,${png.toString("base64")}"></figure>`,
  );
  const page = await chromium.newPage({ viewport: { width: 1600, height: 600 } });
  await page.setContent(`<style>
    body { margin: 0; padding: 20px; display: inline-flex; gap: 20px; background: #eef1f4; font: 600 19px system-ui, sans-serif; }
    figure { margin: 0; } figcaption { padding: 0 4px 10px; color: #1b2733; }
    img { display: block; height: 500px; border-radius: 10px; box-shadow: 0 3px 16px #0003; }
  </style>${figures.join("")}`);
  await page.locator("body").screenshot({ path: join(IMAGES, "continued-conversation.png") });
}
