import { type Attack } from "../attack.ts";
import { createSharedCache } from "../shared-cache.ts";
import { send } from "./send.ts";
import { answerText, withServer } from "../with-server.ts";

/** Attacks by a cache that keeps one of our answers, and by reading our answers. */
export const answerAttacks: readonly Attack[] = [
  {
    name: "Signs out first, so that a cache in front gives the next visitor a sign-out that is not theirs",
    withoutGuard: {
      file: "src/http/site/sign-out.ts",
      from: "forbidKeeping(signedOut.headers);",
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
    withoutGuard: { file: "src/http/chat/call/own-headers.ts", from: 'c.header("cache-control", "no-store");', to: "" },
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
      from: 'body: { status: "misconfigured" }',
      to: 'body: { status: "misconfigured", problems: JSON.stringify(problems) }',
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
];
