import type { ChatMessage } from "./connect-api.ts";
import { addStyle, createElement } from "../element.ts";
import { PANEL_CSS } from "../widget-style.ts";

export interface PanelActions {
  send(text: string): Promise<boolean>;
  endChat(): void;
  close(): void;
}

/** Source: Amazon Connect Administrator Guide, "Add a chat user interface to your website", troubleshooting. */
const ERROR_TEXTS: Record<number, string> = {
  400: "This page's domain is not on the widget's allow-list, or the snippet was changed.",
  401: "The security token (JWT) was not accepted: its signature is not valid, or it has expired.",
  404: "The chat widget or its contact flow was not found.",
};

/** The inside of the chat iframe. */
export class ChatPanel {
  readonly #page: Document;
  readonly #transcript: HTMLElement;
  readonly #notice: HTMLElement;
  readonly #status: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #footer: HTMLElement;
  readonly #endChat: HTMLButtonElement;
  readonly #input: HTMLInputElement;
  #lastSession = "";

  constructor(page: Document, look: { color: string; onColor: string; nonce: string | null }, actions: PanelActions) {
    this.#page = page;
    addStyle(page, PANEL_CSS, look.nonce);
    page.body.style.setProperty("--brand", look.color);
    page.body.style.setProperty("--on-brand", look.onColor);
    this.#endChat = this.#make("button", { type: "button", "data-role": "end-chat" }, "End chat");
    this.#transcript = this.#make("main", { "data-role": "transcript", role: "log", "aria-live": "polite" });
    this.#notice = this.#make("main", { "data-role": "notice" });
    this.#status = this.#make("div", { "data-role": "status", role: "status" });
    this.#input = this.#make("input", {
      "data-role": "input",
      "aria-label": "Message",
      placeholder: "Type a message",
      autocomplete: "off",
      maxlength: "1024",
    });
    this.#form = this.#make("form", {}, this.#input, this.#make("button", { "data-role": "send" }, "Send"));
    const close = this.#make("button", { type: "button", "data-role": "close" }, "Close");
    this.#footer = this.#make("footer", { "data-role": "ended" }, "The chat has ended.", close);
    const title = this.#make(
      "div",
      {},
      this.#make("strong", {}, "Chat with us"),
      this.#make("span", {}, "Stand-in Amazon Connect"),
    );
    page.body.append(
      this.#make("header", {}, title, this.#endChat),
      this.#status,
      this.#notice,
      this.#transcript,
      this.#form,
      this.#footer,
    );
    this.#endChat.addEventListener("click", () => actions.endChat());
    close.addEventListener("click", () => actions.close());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit(actions);
    });
    this.#show("notice");
    this.showConnection("");
  }

  showWaiting(text: string): void {
    this.#notice.replaceChildren(text);
    this.#show("notice");
  }

  showError(status: number, detail: string): void {
    this.#notice.replaceChildren(
      this.#make(
        "div",
        { "data-role": "error", "data-status": String(status), role: "alert" },
        this.#make("strong", {}, "We can't start this chat"),
        ...(status === 0 ? [] : [this.#make("div", {}, `Error ${status}`)]),
        this.#make("div", {}, ERROR_TEXTS[status] ?? "Something went wrong."),
        this.#make("small", { "data-role": "error-detail" }, detail),
      ),
    );
    this.#show("notice");
  }

  showTranscript(messages: readonly ChatMessage[]): void {
    this.#transcript.replaceChildren();
    this.#lastSession = "";
    this.#show("live");
    for (const message of messages) this.addMessage(message);
    this.#input.focus({ preventScroll: true });
  }

  addMessage(message: ChatMessage): void {
    const changed = message.InitialContactId !== this.#lastSession;
    // A chat without a past needs no heading above it.
    if (changed && (message.Rehydrated || this.#lastSession !== "")) {
      const day = new Date(message.AbsoluteTime).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
      this.#transcript.append(
        this.#make("h2", {}, message.Rehydrated ? `Earlier conversation, ${day}` : "This conversation"),
      );
    }
    this.#lastSession = message.InitialContactId;
    const from = message.ParticipantRole.toLowerCase();
    this.#transcript.append(
      this.#make(
        "div",
        {
          "data-message": "",
          // As Amazon's open-source chat interface marks each message.
          "data-testid": "main-message",
          "data-from": from,
          "data-rehydrated": String(message.Rehydrated),
        },
        message.Content,
      ),
    );
    this.#transcript.scrollTop = this.#transcript.scrollHeight;
  }

  showConnection(text: string): void {
    this.#status.textContent = text;
    this.#status.hidden = text === "";
  }

  showEnded(): void {
    this.showConnection("");
    this.#show("ended");
  }

  async #submit(actions: PanelActions): Promise<void> {
    const text = this.#input.value.trim();
    if (text === "") return;
    this.#input.value = "";
    // A message that was not sent returns to the input, unless the visitor is typing the next one.
    if (!(await actions.send(text)) && this.#input.value === "") this.#input.value = text;
  }

  #show(what: "notice" | "live" | "ended"): void {
    this.#notice.hidden = what !== "notice";
    this.#transcript.hidden = what === "notice";
    this.#form.hidden = what !== "live";
    this.#endChat.hidden = what !== "live";
    this.#footer.hidden = what !== "ended";
  }

  #make<K extends keyof HTMLElementTagNameMap>(
    name: K,
    attributes: Record<string, string>,
    ...children: (Node | string)[]
  ): HTMLElementTagNameMap[K] {
    return createElement(this.#page, name, attributes, ...children);
  }
}
