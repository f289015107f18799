import { type Attack } from "../attack.ts";
import { createVisitorWithChat, isOffered } from "../victim.ts";
import { answerText, withServer } from "../with-server.ts";
import { asCustomer, nameOf } from "./visitors.ts";

/** Attacks by somebody who uses a browser after another visitor. */
export const sharedBrowserAttacks: readonly Attack[] = [
  {
    name: "Signs in with an account of its own, in a browser in which somebody else has chatted",
    withoutGuard: {
      file: "src/core/chat/visitor.ts",
      from: "cookie?.content.visitorId === customerVisitorId ? cookie : null",
      to: "cookie",
    },
    async attempt({ start }) {
      const browser = await createVisitorWithChat((await start()).origin, asCustomer("victim"));
      return isOffered(browser, asCustomer("attacker"));
    },
  },
  {
    name: "Opens the chat without signing in, in a browser in which a customer has chatted",
    withoutGuard: {
      file: "src/core/chat/visitor.ts",
      from: "cookie === null || cookie.content.isCustomer",
      to: "cookie === null",
    },
    async attempt({ start }) {
      return isOffered(await createVisitorWithChat((await start()).origin, asCustomer("victim")), {});
    },
  },
  {
    name: "Opens the chat in a browser whose visitor has signed out by one of SIGN_OUT_PATHS",
    withoutGuard: { file: "src/app.ts", from: "paths.length === 0", to: "true" },
    attempt: ({ start }) =>
      withServer(answerText("Goodbye."), async (site) => {
        const { origin } = await start({ ORIGIN_URL: site.origin, SIGN_OUT_PATHS: "/bye" });
        const visitor = await createVisitorWithChat(origin);
        const answer = await fetch(`${origin}/bye`, { headers: { cookie: visitor.cookie } });
        if (answer.headers.getSetCookie().some((cookie) => cookie.startsWith(nameOf(visitor)))) visitor.cookie = "";
        return isOffered(visitor, {});
      }),
  },
];
