import { config } from "./browser-config.ts";
import { toOwnUrl } from "./chat/call-worker.ts";
import { interceptCommands } from "./page/command-queue.ts";
import { whenWidgetIsAllowed } from "./page/consent.ts";
import { hideOnExcludedPaths } from "./page/excluded-paths.ts";
import { keepOverBodySwaps } from "./page/keep-over-body-swaps.ts";
import { FORGETTING_KEY } from "./chat/report-queue.ts";
import { clearWithoutConsent } from "./page/storage.ts";
import { ofDocument, ofWindow, onDocument } from "./page/unclobbered.ts";
import { createVisitorChat } from "./chat/visitor-chat.ts";

/** `window.persistentChat`: there once this script has taken charge of the page. */
interface PersistentChat {
  /** The next chat of this page continues nothing; nothing is erased. */
  readonly startFresh: () => void;
  /**
   * Forgets this visitor, here and at the Worker.
   *
   * @returns Whether it is done; if not, it is tried again until it is, if need be on another day.
   */
  readonly forget: () => Promise<boolean>;
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

// Around the bundle stands a function that returns it.
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
  const running = ofWindow("persistentChat");
  if (running !== undefined) {
    const isDue = running.isSnippetDue;
    running.isSnippetDue = false;
    return isDue;
  }
  clearWithoutConsent([FORGETTING_KEY]);
  const { isChosen, handlers, startFresh, forget, followPage, restore } = createVisitorChat();
  const state: PersistentChat = { startFresh, forget, isSnippetDue: false };
  window.persistentChat = state;
  if (config.forgetByClick) forgetOnClick(forget);

  const canStart = ofWindow("amazon_connect") === undefined;
  const isShown = canStart && (isChosen || !config.hasSnippet);
  const nonce = findNonce();
  if (!canStart) {
    // oxlint-disable-next-line no-console -- The owner looks here, and no log of ours is within reach.
    console.info("persistent-chat-edge: widget found: set WIDGET_SNIPPET to page");
  }
  if (isShown) {
    interceptCommands(handlers, config.hasSnippet ? nonce : null);
    keepOverBodySwaps();
    hideOnExcludedPaths(config.paths);
  }

  let isRunning = true;
  let isReady = false;
  const runWidget = () => {
    isReady = true;
    if (isRunning || !config.hasSnippet) return;
    state.isSnippetDue = true;
    loadAgain(nonce);
  };
  whenVisited(() => {
    followPage();
    if (isShown) whenWidgetIsAllowed(() => restore(runWidget));
  });
  isRunning = false;
  return isReady;
}

function forgetOnClick(forget: () => Promise<boolean>): void {
  const onClick = ({ target }: Event) => {
    if (!(target instanceof Element) || target.closest("[data-chat-forget]") === null) return;
    // Whoever may write markup on the page may have put that element there.
    if (confirm("Forget your chats on this site? They cannot be brought back.")) void forget();
  };
  // On its way down: the site's own handler may stop it.
  onDocument("click", onClick, true);
}

/** A page that nobody looks at yet starts no widget and sends nothing. */
function whenVisited(action: () => void): void {
  if (ofDocument("prerendering") === true) onDocument("prerenderingchange", action, { once: true });
  else action();
}

/** The nonce of the page's policy: our element has it where the policy came as a header, else some element of the page. */
function findNonce(): string | null {
  const script = ofDocument("currentScript");
  const own = script instanceof HTMLScriptElement ? script.nonce : null;
  return own || ofDocument("head").querySelector<HTMLElement>("script[nonce],style[nonce]")?.nonce || null;
}

function loadAgain(nonce: string | null): void {
  const script = ofDocument("createElement").call(document, "script");
  script.setAttribute("src", toOwnUrl("widget.js"));
  if (nonce !== null) script.nonce = nonce;
  ofDocument("head").append(script);
}
