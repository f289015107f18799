import { type Failure } from "./outcome.ts";

/** What a failure means, and what to do about it. */
export interface Advice {
  /** A clause that goes on with "in 12 page views": no full stop. */
  readonly what: string;
  /** Whole sentences. */
  readonly todo: string;
}

const ADVICE: Readonly<Record<Failure, Advice>> = {
  "client-failed": {
    what: "Amazon's client failed to load",
    todo:
      "Open a page of your site (in the browser named above, if any): if the chat is there, visitors' ad blockers or networks " +
      "stop it. If it is missing for you as well, see the status page of AWS for your region, and compare the address of the script in WIDGET_SNIPPET " +
      "with the snippet in the Connect console.",
  },
  "policy-blocked": {
    what: "A policy of the page blocked a part of the chat",
    todo:
      "Run `npm run doctor` with the address of your site: it names the pages and the rule. If it finds none, open such a " +
      "page: the browser's console names the policy. Set CONNECT_REGION.",
  },
  "never-ready": {
    what: "Amazon's client loaded, and the widget never appeared",
    todo:
      "Open a page and look at the browser's console. In the Connect console, check that the widget is still published " +
      "and that the snippet is the one in WIDGET_SNIPPET.",
  },
  "token-refused": {
    what: "The widget got no token from this Worker",
    todo:
      "Look at the Worker's log for `chat.refused` and `chat.failed`: their code says why. With `authenticate` in your " +
      "snippet, check that it gives a token of your own that is still valid.",
  },
  "start-refused": {
    what: "Amazon refused to start the chat",
    todo:
      "Run `npm run connect -- check`. Open the chat yourself: the widget shows Amazon's status. 400: the widget's " +
      "allowed domains; 401: its security key; 404: the widget or its contact flow.",
  },
  "connection-lost": {
    what: "A chat lost its connection, and did not get it back",
    todo:
      "A few are visitors who went offline. With many at the same hour, see the status page of AWS for your region; with " +
      "many from one browser, check whether a policy or a proxy closes WebSockets.",
  },
  "history-missing": {
    what: "A continued chat showed no old messages",
    todo:
      "Run `npm run connect -- check`: chat transcripts must be on, in one S3 bucket, with their files not renamed. With " +
      "LINK_BY=flow, the widget must use the contact flow that links the chats.",
  },
};

/** Amazon's statuses that its documentation explains. Source: Amazon Connect Administrator Guide, "Something went wrong". */
const START_ADVICE: Readonly<Record<string, Advice>> = {
  "400": {
    what: "Amazon refused to start the chat (status 400)",
    todo:
      "In the Connect console, add the exact address of your site to the widget's allowed domains, and check that " +
      "WIDGET_SNIPPET is the snippet as it was copied.",
  },
  "401": {
    what: "Amazon refused to start the chat (status 401)",
    todo:
      "Amazon does not accept the token. Set WIDGET_SECURITY_KEY to the security key of this very widget: `npx wrangler " +
      "secret put WIDGET_SECURITY_KEY`.",
  },
  "404": {
    what: "Amazon refused to start the chat (status 404)",
    todo:
      "Amazon does not find the widget or its contact flow. In the Connect console, check that both exist and are " +
      "published, then run `npm run connect -- check`.",
  },
};

/**
 * What a failure means and what to look at first: the same words in the report, on its page and in an alert.
 *
 * @param status Amazon's status of a refused start, as text; empty where it is not known.
 */
export function describeFailure(failure: Failure, status = ""): Advice {
  return (failure === "start-refused" ? START_ADVICE[status] : undefined) ?? ADVICE[failure];
}
