import { createChatSession } from "./chat-session.ts";
import { interceptCommands } from "./command-queue.ts";
import { createReportQueue } from "./report-queue.ts";
import { createTokenSource } from "./token-source.ts";

/** Put around this file by the Worker: what it configures, and the owner's snippet, `null` where the page carries it. */
declare const config: { readonly path: string };
declare const snippet: (() => void) | null;

declare global {
  interface Window {
    persistentChat?: object;
  }
  interface Document {
    readonly prerendering?: boolean;
  }
}

/** Once per top document: a body swap by the site may run the script element again. */
if (window.top === window.self && window.persistentChat === undefined) {
  window.persistentChat = {};
  start();
}

function start(): void {
  if (window.amazon_connect !== undefined) {
    console.info("persistent-chat-edge: this page carries the chat widget itself; WIDGET_SNIPPET should say: page");
    return;
  }
  const reports = createReportQueue(config.path);
  const session = createChatSession(reports.add);
  const tokens = createTokenSource(config.path, session.tokenIssued);
  const begin = () => {
    if (snippet !== null) snippet();
    reports.flush();
    addEventListener("online", reports.flush);
    addEventListener("pageshow", reports.flush);
  };
  // The page's own snippet runs next: what it says must find ours in place.
  interceptCommands({ requestToken: tokens.request, contactSeen: session.contactSeen, chatEnded: session.chatEnded });
  if (document.prerendering === true) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
}
