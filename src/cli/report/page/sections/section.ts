import { type Finding } from "../../judge/finding.ts";
import { escapeHtml } from "../escape-html.ts";

/** One picture with what it means. */
export interface Section {
  readonly title: string;
  /** Markup. */
  readonly picture: string;
  /** One sentence: what the picture means. */
  readonly meaning: string;
  /** What to do; empty where nothing stands out. */
  readonly todo: string;
}

export interface LegendEntry {
  readonly name: string;
  /** A colour of the page's style. */
  readonly colour: string;
}

export function renderLegend(entries: readonly LegendEntry[]): string {
  const items = entries.map(
    ({ name, colour }) => `<li><span class="swatch" style="background:${colour}"></span>${escapeHtml(name)}</li>`,
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

export function renderSection({ title, picture, meaning, todo }: Section): string {
  return `<section><h2>${escapeHtml(title)}</h2>${picture}<p>${renderText(meaning)}</p>${
    todo === "" ? "" : `<p class="todo"><strong>To do:</strong> ${renderText(todo)}</p>`
  }</section>`;
}

/** What to do about the worst finding of a picture; empty where nothing stands out. The page has all findings at its top. */
export function sayTodo(findings: readonly Finding[], isOfPicture: (finding: Finding) => boolean): string {
  return findings.find(isOfPicture)?.todo ?? "";
}

/** A text as markup: what stands in backticks is code. */
export function renderText(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}
