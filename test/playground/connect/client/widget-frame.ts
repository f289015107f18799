import { addStyle, createElement } from "./element.ts";
import { PAGE_CSS } from "./widget-style.ts";

const SVG = "http://www.w3.org/2000/svg";
const CHAT_ICON = "M4 5.5h16v11H10.5L6 20v-3.5H4z M8 9.5h8 M8 12.5h5";
const CALL_ICON = "M6 4h3l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v3a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z";
const CLOSE_ICON = "M6 6l12 12 M18 6L6 18";

export interface FrameLook {
  nonce: string | null;
  openChat: Record<string, unknown>;
  closeChat: Record<string, unknown>;
  language: string;
}

/** The widget's elements in the page: a container, two buttons, and a frame that holds the chat's iframe. */
export class WidgetFrame {
  /** Whether the open button stays hidden while no chat runs. */
  buttonHidden = false;
  readonly #container: HTMLElement;
  readonly #openButton: HTMLButtonElement;
  readonly #closeButton: HTMLButtonElement;
  readonly #language: string;
  #frame: HTMLElement | null = null;

  /** @param actions Without `call`, there is no button for a voice call. */
  constructor(look: FrameLook, actions: { open(): void; close(): void; call: (() => unknown) | null }) {
    this.#language = look.language;
    this.#openButton = makeButton("amazon-connect-open-widget-button", "Open chat", CHAT_ICON, look.openChat);
    this.#closeButton = makeButton(
      "amazon-connect-close-widget-button",
      "Minimize or close chat",
      CLOSE_ICON,
      look.closeChat,
    );
    this.#container = createElement(
      document,
      "div",
      { id: "amazon-connect-chat-widget" },
      this.#openButton,
      this.#closeButton,
    );
    if (actions.call !== null) this.#container.prepend(makeCallButton(look, actions.call));
    this.#openButton.addEventListener("click", () => actions.open());
    this.#closeButton.addEventListener("click", () => actions.close());
    addStyle(document, PAGE_CSS, look.nonce);
    document.body.append(this.#container);
    this.hide(false);
  }

  /** @returns The document of the iframe: about:blank of the page's origin, so that the page's policy applies in it. */
  show(): { page: Document; fresh: boolean } {
    const fresh = this.#frame === null;
    const frame = (this.#frame ??= this.#addFrame());
    frame.hidden = false;
    this.#openButton.hidden = true;
    this.#closeButton.hidden = false;
    const page = frame.querySelector("iframe")?.contentDocument;
    if (!page) throw new Error("the chat iframe has no document");
    if (fresh) page.documentElement.lang = this.#language;
    return { page, fresh };
  }

  hide(chatRuns: boolean): void {
    if (this.#frame) this.#frame.hidden = true;
    this.#openButton.hidden = this.buttonHidden && !chatRuns;
    this.#closeButton.hidden = true;
  }

  /** Forgets the chat that was shown: the next show() starts with an empty iframe. */
  clear(): void {
    this.#frame?.remove();
    this.#frame = null;
    this.hide(false);
  }

  #addFrame(): HTMLElement {
    const iframe = createElement(document, "iframe", { id: "amazon-connect-chat-widget-iframe", title: "Chat" });
    const frame = createElement(document, "div", { id: "amazon-connect-widget-frame" }, iframe);
    this.#container.prepend(frame);
    return frame;
  }
}

function makeCallButton(look: FrameLook, call: () => unknown): HTMLButtonElement {
  const button = makeButton("amazon-connect-call-button", "Call", CALL_ICON, look.openChat);
  button.dataset["role"] = "call";
  button.addEventListener("click", call);
  return button;
}

function makeButton(id: string, label: string, iconPath: string, look: Record<string, unknown>): HTMLButtonElement {
  const button = createElement(document, "button", { id, type: "button", "aria-label": label });
  button.append(makeIcon(iconPath));
  button.style.color = toColor(look["color"], "#ffffff");
  button.style.backgroundColor = toColor(look["backgroundColor"], "#123456");
  return button;
}

function makeIcon(path: string): SVGElement {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  icon.append(line);
  return icon;
}

export function toColor(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}
