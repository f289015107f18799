import type { ContactView } from "../../contacts/contact.ts";
import { get, post } from "../agent-api-client.ts";
import { el } from "../element.ts";
import { renderContacts } from "./render-contacts.ts";
import { renderDetails } from "./render-details.ts";
import { renderTranscript } from "./render-transcript.ts";

const ACTIONS = [
  { action: "transfer", label: "Transfer", look: "", needs: "live" },
  { action: "survey", label: "Send to survey", look: "", needs: "live" },
  { action: "end", label: "End chat", look: "danger", needs: "live" },
  { action: "forget", label: "Drop the record", look: "danger", needs: "ended" },
] as const;

/** The agent's desk: each change draws all of it again, except the text that the agent is typing. */
export function startWorkspace(app: HTMLElement, contactId: string | null): void {
  const input = el("input", {
    "data-role": "say-input",
    "aria-label": "Answer",
    placeholder: "Answer the customer",
    autocomplete: "off",
  });
  const problem = el("div", { class: "problem", "data-role": "problem", role: "alert" });
  let drawn = "";

  void draw();
  const changes = new EventSource("/agent/api/changes");
  changes.addEventListener("message", () => void draw());
  // After a restart, the stand-in's contacts may differ from those on the page.
  changes.addEventListener("open", () => void draw());

  async function draw(): Promise<void> {
    const { contacts } = await get("contacts");
    const state = JSON.stringify(contacts);
    if (state === drawn) return;
    drawn = state;
    const focused = document.activeElement === input;
    const selected = contacts.find((contact) => contact.contactId === contactId) ?? null;
    app.replaceChildren(
      el(
        "div",
        { class: "workspace" },
        renderContacts(contacts, selected?.initialContactId ?? null),
        ...(selected === null ? [renderNothing(contacts)] : renderSelected(selected, contacts)),
      ),
    );
    const transcript = app.querySelector("[data-role=transcript]");
    if (transcript) transcript.scrollTop = transcript.scrollHeight;
    if (focused) input.focus();
  }

  function renderSelected(contact: ContactView, contacts: readonly ContactView[]): HTMLElement[] {
    const segments = contacts.filter((one) => one.initialContactId === contact.initialContactId).toReversed();
    return [renderConversation(contact), renderDetails(contact, segments)];
  }

  function renderConversation(contact: ContactView): HTMLElement {
    const state = contact.live ? "live" : "ended";
    const buttons = ACTIONS.filter(({ needs }) => needs === state).map(({ action, label, look }) => {
      const button = el("button", { type: "button", class: look, "data-role": action }, label);
      button.addEventListener("click", () => void act(contact, action, {}));
      return button;
    });
    input.disabled = !contact.live;
    input.placeholder = contact.live ? "Answer the customer" : "This chat has ended";
    const form = el(
      "form",
      { class: "reply" },
      input,
      el("button", { class: "primary", "data-role": "say", disabled: !contact.live }, "Send"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (text === "") return;
      input.value = "";
      void act(contact, "say", { text });
    });
    return el(
      "main",
      { class: "column conversation", "data-contact-id": contact.contactId, "data-live": String(contact.live) },
      el(
        "div",
        { class: "head" },
        el("h1", {}, contact.displayName),
        el("span", { class: contact.live ? "badge live" : "badge", "data-role": "state" }, state),
        el("div", { class: "actions" }, ...buttons),
      ),
      problem,
      renderTranscript(contact.transcript),
      form,
    );
  }

  async function act(contact: ContactView, action: string, body: object): Promise<void> {
    try {
      await post(`/agent/api/contacts/${encodeURIComponent(contact.contactId)}/${action}`, body);
      problem.textContent = "";
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : "It failed.";
    }
  }
}

function renderNothing(contacts: readonly ContactView[]): HTMLElement {
  const hint =
    contacts.length === 0
      ? "Open the shop in another tab, and start a chat there."
      : "Choose a conversation on the left.";
  return el(
    "main",
    { class: "column conversation", "data-role": "no-contact" },
    el(
      "div",
      { class: "empty" },
      el("h1", {}, contacts.length === 0 ? "No contacts yet" : "No conversation chosen"),
      el("p", {}, hint),
    ),
  );
}
