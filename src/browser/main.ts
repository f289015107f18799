import { config } from "./browser-config.ts";
import { toRouteUrl } from "./chat/call-worker.ts";
import { interceptCommands } from "./chat/command-queue.ts";
import { consent, isConsentGiven } from "./page/consent.ts";
import { followConsentOfPage } from "./chat/consent-of-page.ts";
import { followContext } from "./page/context.ts";
import { followOutcomes } from "./outcome/follow-outcomes.ts";
import { hideOnExcludedPaths } from "./page/excluded-paths.ts";
import { keepWidgetOverBodySwaps } from "./page/keep-widget-over-body-swaps.ts";
import * as persistedChat from "./chat/persisted-chat.ts";
import { sayConsent } from "./chat/say-consent.ts";
import { clearConsented } from "./chat/sign-out.ts";
import { ofDocument, ofWindow, onDocument } from "./page/unclobbered.ts";
import { startFresh } from "./chat/token-source.ts";
import * as visitorChat from "./chat/visitor-chat.ts";
import { mayHaveLiveChat, restore } from "./chat/live-chat.ts";
import { whenWidgetIsWanted } from "./page/widget-wait.ts";

/** `window.persistentChat`: present once this script has run. */
interface PersistentChat {
  /** The next chat of this page continues no other; nothing is erased. */
  readonly startFresh: () => void;
  /**
   * Forgets this visitor, here and at the Worker.
   *
   * @returns Whether the Worker has done so; if not, the browser tries again, even on another day.
   */
  readonly forget: () => Promise<boolean>;
  /** Tells what the visitor has said to the site's own consent banner; counts with every CONSENT_COOKIE but an empty one. */
  readonly consent: (isGiven: boolean) => void;
  /** The snippet had to wait: it must run when this script is loaded again. */
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

// The build wraps the bundle in a function that returns this variable.
// oxlint-disable-next-line no-unused-vars -- The build's function reads it.
declare let runSnippet: boolean;
runSnippet = start();

/**
 * Gets a page ready for the chat, once per page: a site that swaps its body may run the script element again.
 *
 * @returns Whether the owner's snippet must run now.
 */
function start(): boolean {
  if (top !== self) return false;
  const running = ofWindow("persistentChat");
  if (running) {
    const isDue = running.isSnippetDue;
    running.isSnippetDue = false;
    return isDue;
  }
  if (!isConsentGiven()) {
    clearConsented();
    // Nothing shows that chat before somebody agrees, who may be another person.
    if (consent?.load) persistedChat.remove();
  }
  const isChosen = visitorChat.beginPage();
  const state: PersistentChat = {
    startFresh,
    forget: visitorChat.forget,
    consent: (isGiven) => whenVisited(() => sayConsent(isGiven)),
    isSnippetDue: false,
  };
  window.persistentChat = state;
  // In the capture phase: the site's own handler may stop the event later.
  if (config.forgetByClick) onDocument("click", askToForget, true);

  const canStart = !ofWindow("amazon_connect");
  const isShown = canStart && (isChosen || !config.hasSnippet);
  const nonce = findNonce();
  if (isShown) {
    interceptCommands(config.hasSnippet ? nonce : "");
    keepWidgetOverBodySwaps();
    hideOnExcludedPaths();
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
    visitorChat.followPage();
    followConsentOfPage();
    if (isShown) followOutcomes();
    // In this order: the press on the site's own "I agree" is the visitor's sign as well.
    if (isShown) {
      followContext();
      whenWidgetIsWanted(mayHaveLiveChat, () => void restore(runWidget));
    }
  });
  isRunning = false;
  return isReady;
}

function askToForget({ target }: Event): void {
  if (!(target instanceof Element) || !target.closest("[data-chat-forget]")) return;
  // Another visitor, in a review for example, may have written that element.
  if (confirm("Forget your chats on this site? They cannot be brought back.")) void visitorChat.forget();
}

/** Waits with a prerendered page until the visitor sees it: until then it starts no widget and sends nothing. */
function whenVisited(action: () => void): void {
  if (ofDocument("prerendering")) onDocument("prerenderingchange", action);
  else action();
}

/**
 * The nonce of the page's policy, empty where there is none: our script element has it if the policy came as a header,
 * else another element may have it.
 */
function findNonce(): string {
  const ours = ofDocument("currentScript")?.nonce;
  return ours || ofDocument("head").querySelector<HTMLElement>("script[nonce],style[nonce]")?.nonce || "";
}

function loadAgain(nonce: string): void {
  const script: HTMLElement & { src?: string } = ofDocument("createElement").call(document, "script");
  script.src = toRouteUrl("widget.js");
  script.nonce = nonce;
  ofDocument("head").append(script);
}
