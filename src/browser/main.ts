import { createChatSession, readLiveChat } from "./chat-session.ts";
import { interceptCommands } from "./command-queue.ts";
import { hideOnExcludedPaths } from "./excluded-paths.ts";
import { keepOverBodySwaps } from "./keep-over-body-swaps.ts";
import { createReportQueue } from "./report-queue.ts";
import { isInRollout } from "./rollout.ts";
import { createTokenSource } from "./token-source.ts";

/** What the Worker tells the browser part. */
export interface BrowserConfig {
  /** Where the chat routes are. */
  readonly path: string;
  /** Whether the owner's snippet stands below in the same script; else the page carries it. */
  readonly hasSnippet: boolean;
  /** Share of browsers that get the chat. */
  readonly rolloutPercent: number;
  /** URLPattern pathnames, as the owner wrote them. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
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

// Around this file stands a function of `config` that returns `runSnippet`.
declare const config: BrowserConfig;
// oxlint-disable-next-line no-unused-vars -- Read there.
declare let runSnippet: boolean;
runSnippet = start();

/**
 * Gets a page ready for the chat, once per top document: a body swap by the site may run the script element again.
 *
 * @returns Whether the owner's snippet is to run now.
 */
function start(): boolean {
  if (window.top !== window.self) return false;
  const running = window.persistentChat;
  if (running !== undefined) {
    const isDue = running.isSnippetDue;
    running.isSnippetDue = false;
    return isDue;
  }
  const state = { isSnippetDue: false };
  window.persistentChat = state;
  const reports = createReportQueue(config.path);
  const session = createChatSession(reports.add);
  const isChosen = isInRollout(config.rolloutPercent) || readLiveChat() !== null;
  const tokens = createTokenSource(config.path, { withoutHistory: !isChosen, tokenIssued: session.tokenIssued });
  const canStart = window.amazon_connect === undefined;
  const isShown = canStart && (isChosen || !config.hasSnippet);
  if (!canStart) {
    // oxlint-disable-next-line no-console -- The owner looks here, and no log of ours is within reach.
    console.info("persistent-chat-edge: widget found: set WIDGET_SNIPPET to page");
  }

  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  if (isShown) {
    const commands = {
      requestToken: tokens.request,
      tokenDeclined: () => session.tokenIssued(null, readLiveChat()),
      contactSeen: session.contactSeen,
      chatEnded: session.chatEnded,
    };
    interceptCommands(commands, config.hasSnippet ? findNonce(script) : null);
    keepOverBodySwaps();
    hideOnExcludedPaths(config.include, config.exclude);
  }
  const sendReports = () => {
    reports.flush();
    addEventListener("online", reports.flush);
    addEventListener("pageshow", reports.flush);
  };
  if (document.prerendering !== true) {
    sendReports();
    return isShown;
  }
  // A page that nobody looks at yet starts no widget and sends nothing.
  const activate = () => {
    sendReports();
    state.isSnippetDue = isShown;
    if (isShown && script !== null) loadAgain(script);
  };
  document.addEventListener("prerenderingchange", activate, { once: true });
  return false;
}

/** The nonce of the page's policy: our element has it where the policy came as a header, else some element of the page. */
function findNonce(script: HTMLScriptElement | null): string | null {
  return script?.nonce || document.querySelector<HTMLElement>("script[nonce],style[nonce]")?.nonce || null;
}

function loadAgain({ src, nonce }: HTMLScriptElement): void {
  const script = document.createElement("script");
  script.src = src;
  if (nonce) script.nonce = nonce;
  document.head.append(script);
}
