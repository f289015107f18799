import type { TranscriptEntry } from "../../contacts/contact.ts";
import { el } from "../element.ts";
import { formatDateTime, formatTime } from "./render-contacts.ts";

const AUTHORS = { customer: "Customer", agent: "Agent", system: "System" } as const;

/** The whole conversation, with a box around each past session. */
export function renderTranscript(entries: readonly TranscriptEntry[]): HTMLElement {
  const transcript = el("div", { "data-role": "transcript", role: "log" });
  const hasPast = entries.some(({ rehydrated }) => rehydrated);
  for (const session of groupBySession(entries)) transcript.append(renderSession(session, hasPast));
  if (entries.length === 0) transcript.append(el("p", { class: "none" }, "Nothing was said yet."));
  return transcript;
}

function groupBySession(entries: readonly TranscriptEntry[]): TranscriptEntry[][] {
  const groups: TranscriptEntry[][] = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    if (group?.[0]?.initialContactId === entry.initialContactId) group.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function renderSession(entries: readonly TranscriptEntry[], hasPast: boolean): HTMLElement {
  const [first] = entries;
  if (first === undefined) return el("section");
  const heading = first.rehydrated ? `Past conversation, ${formatDateTime(first.at)}` : "This conversation";
  return el(
    "section",
    { class: first.rehydrated ? "session past" : "session", "data-session": first.initialContactId },
    hasPast ? el("h3", {}, heading, el("code", {}, first.initialContactId)) : null,
    ...entries.map(renderMessage),
  );
}

function renderMessage({ from, text, at, rehydrated, contactId }: TranscriptEntry): HTMLElement {
  return el(
    "div",
    { "data-message": true, "data-from": from, "data-rehydrated": String(rehydrated), "data-contact-id": contactId },
    el("p", {}, text),
    el("small", {}, `${AUTHORS[from]}, ${formatTime(at)}`),
  );
}
