import { createChatSession, readLiveChat } from "./chat-session.ts";
import { interceptCommands } from "./command-queue.ts";
import { createReportQueue } from "./report-queue.ts";
import { createTokenSource } from "./token-source.ts";

/** What the Worker tells the browser part. */
export interface BrowserConfig {
  /** Where the chat routes are. */
  readonly path: string;
}

/** `window.persistentChat`: there once this script has taken charge of the page. */
interface PersistentChat {
  /** The snippet had to wait, and is to run when this script is loaded again. */
  isSnippetDue: boolean;
}

declare global {
  interface Window {
    persistentChat?: PersistentChat;
  }
  interface Document {
    readonly prerendering?: boolean;
  }
}

/**
 * Gets a page ready for the chat, once per top document: a body swap by the site may run the script element again.
 *
 * @returns Whether the owner's snippet, which stands below in the same script, is to run now.
 */
export function start(config: BrowserConfig): boolean {
  if (window.top !== window.self) return false;
  const running = window.persistentChat;
  if (running !== undefined) {
    const isDue = running.isSnippetDue;
    running.isSnippetDue = false;
    return isDue;
  }
  if (window.amazon_connect !== undefined) {
    // oxlint-disable-next-line no-console -- The owner looks here, and no log of ours is within reach.
    console.info("persistent-chat-edge: this page carries the chat widget itself; WIDGET_SNIPPET should say: page");
    return false;
  }
  const state = { isSnippetDue: false };
  window.persistentChat = state;
  const reports = createReportQueue(config.path);
  const session = createChatSession(reports.add);
  const tokens = createTokenSource(config.path, session.tokenIssued);
  interceptCommands({
    requestToken: tokens.request,
    tokenDeclined: () => session.tokenIssued(null, readLiveChat()),
    contactSeen: session.contactSeen,
    chatEnded: session.chatEnded,
  });

  const script = document.currentScript;
  const sendReports = () => {
    reports.flush();
    addEventListener("online", reports.flush);
    addEventListener("pageshow", reports.flush);
  };
  if (document.prerendering !== true) {
    sendReports();
    return true;
  }
  // A page that nobody looks at yet starts no widget and sends nothing.
  const activate = () => {
    sendReports();
    state.isSnippetDue = true;
    if (script instanceof HTMLScriptElement) loadAgain(script);
  };
  document.addEventListener("prerenderingchange", activate, { once: true });
  return false;
}

function loadAgain({ src, nonce }: HTMLScriptElement): void {
  const script = document.createElement("script");
  script.src = src;
  if (nonce) script.nonce = nonce;
  document.head.append(script);
}
