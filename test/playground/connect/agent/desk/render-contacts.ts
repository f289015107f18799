import type { ContactView } from "../../contacts/contact.ts";
import { el } from "../element.ts";

/** The list on the left: one row per session, live ones first, newest first. */
export function renderContacts(contacts: readonly ContactView[], selectedInitialId: string | null): HTMLElement {
  const sessions = contacts.filter(({ contactId, initialContactId }) => contactId === initialContactId);
  const [live, ended] = [sessions.filter((session) => session.live), sessions.filter((session) => !session.live)];
  const group = (title: string, members: readonly ContactView[]): Node[] =>
    members.length === 0
      ? []
      : [el("h2", {}, title), ...members.map((one) => renderRow(one, one.contactId === selectedInitialId))];
  return el(
    "aside",
    { class: "column contacts", "data-role": "contacts" },
    ...group("Live", live),
    ...group("Ended", ended),
  );
}

function renderRow(contact: ContactView, current: boolean): HTMLElement {
  const spoken = contact.transcript.filter(({ from, rehydrated }) => from !== "system" && !rehydrated);
  return el(
    "a",
    {
      class: "contact",
      href: `/agent/${contact.contactId}`,
      "data-contact-id": contact.contactId,
      "data-live": String(contact.live),
      "aria-current": current && "page",
    },
    el("strong", {}, contact.displayName),
    el("small", {}, formatTime(contact.initiatedAt)),
    el("span", { class: "last" }, spoken.at(-1)?.text ?? "nothing said yet"),
    contact.transcript.some(({ rehydrated }) => rehydrated) ? el("span", { class: "badge past" }, "continued") : null,
  );
}

export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function formatDateTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
