import type { ContactView, Link } from "../../contacts/contact.ts";
import { el } from "../element.ts";
import { formatDateTime } from "./render-contacts.ts";

/** The column on the right: all that Connect knows about one contact. `segments`: all contacts of its session, oldest first. */
export function renderDetails(contact: ContactView, segments: readonly ContactView[]): HTMLElement {
  return el(
    "aside",
    { class: "column details" },
    el("h2", {}, "Contact"),
    renderFacts(contact),
    ...renderContext(contact),
    el("h2", {}, "Contact attributes"),
    renderAttributes(contact),
    el("h2", {}, "Contact flow"),
    el("ol", { "data-role": "flow-log" }, ...contact.flowLog.map((step) => el("li", {}, step))),
    el("h2", {}, "Links to past conversations"),
    contact.links.length === 0
      ? el("p", { class: "none", "data-role": "links" }, "No link was tried.")
      : el("ul", { "data-role": "links" }, ...contact.links.map(renderLink)),
    ...(segments.length < 2 ? [] : [el("h2", {}, "Segments of this session"), renderSegments(contact, segments)]),
  );
}

function renderFacts(contact: ContactView): HTMLElement {
  const { contactId, initialContactId, relatedContactId } = contact;
  const facts: [string, string | Node][] = [
    ["Contact id", el("code", {}, contactId)],
    ["Initial", initialContactId === contactId ? "this contact" : el("code", {}, initialContactId)],
    ["Related", relatedContactId === null ? "none" : el("code", {}, relatedContactId)],
    ["Customer id", contact.customerId ?? "none"],
    ["Page", contact.pageOrigin],
    ["Started", formatDateTime(contact.initiatedAt)],
    ["Ended", renderEnd(contact)],
  ];
  return el(
    "dl",
    { "data-role": "facts" },
    ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  );
}

/** The attributes of CONTEXT, as an owner's view may name them. */
const CONTEXT = [
  ["chatPage", "Page"],
  ["chatPageTitle", "Title"],
  ["chatTrail", "Pages before"],
  ["chatReferrer", "Came from"],
  ["chatLanguage", "Language"],
  ["chatCountry", "Country"],
  ["chatDevice", "Device"],
  ["chatLastError", "Script error"],
] as const;

/** What an agent reads first, as text alone: the visitor says most of it. */
function renderContext({ attributes }: ContactView): HTMLElement[] {
  const told = CONTEXT.filter(([key]) => attributes[key] !== undefined);
  if (told.length === 0) return [];
  return [
    el("h2", {}, "Where the visitor is"),
    el(
      "dl",
      { "data-role": "context" },
      ...told.flatMap(([key, label]) => [
        el("dt", {}, label),
        el("dd", { "data-context": key }, attributes[key] ?? ""),
      ]),
    ),
    el("p", { class: "none" }, "The visitor’s browser says most of this."),
  ];
}

function renderEnd({ endedAt, live }: ContactView): string {
  if (endedAt === null) return "still open";
  return live ? `${formatDateTime(endedAt)}; the chat goes on in a later segment` : formatDateTime(endedAt);
}

function renderAttributes({ attributes }: ContactView): HTMLElement {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return el("p", { class: "none", "data-role": "attributes" }, "None.");
  return el(
    "dl",
    { class: "stacked", "data-role": "attributes" },
    ...entries.flatMap(([key, value]) => [
      el("dt", {}, key),
      el("dd", { "data-attribute": key }, el("code", {}, value)),
    ]),
  );
}

function renderLink({ source, outcome, reason }: Link): HTMLElement {
  return el(
    "li",
    { "data-link": outcome },
    el(
      "span",
      { class: outcome === "linked" ? "badge live" : "badge error" },
      outcome === "linked" ? "Success" : "Error",
    ),
    ` ${reason} `,
    el("div", {}, el("code", {}, source === "" ? "(empty)" : source)),
  );
}

function renderSegments(contact: ContactView, segments: readonly ContactView[]): HTMLElement {
  return el(
    "ul",
    { "data-role": "segments" },
    ...segments.map(({ contactId, kind, endedAt }) =>
      el(
        "li",
        {},
        el("span", { class: endedAt === null ? "badge live" : "badge" }, kind),
        " ",
        contactId === contact.contactId
          ? el("code", {}, contactId)
          : el("a", { href: `/agent/${contactId}` }, el("code", {}, contactId)),
      ),
    ),
  );
}
