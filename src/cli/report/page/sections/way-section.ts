import { formatCount } from "../../../../core/outcome/words.ts";
import { type ReportFigures } from "../../figures/report-figures.ts";
import { buildFunnel, type FunnelStep } from "../../figures/funnel.ts";
import { countOf, sayBefore } from "../../figures/words.ts";
import { type Finding } from "../../judge/finding.ts";
import { drawBars } from "../charts/bars.ts";
import { sayTodo, type Section } from "./section.ts";

/** The funnel. Pages are far more than chats, and have a bar only where nothing else is known. */
export function buildWaySection(figures: ReportFigures, findings: readonly Finding[]): Section | null {
  const steps = buildFunnel(figures);
  if (steps.length === 0) return null;
  const pages = steps.find(({ name }) => name === "pages with the chat");
  const ofChats = steps.filter((step) => step !== pages);
  const shown = ofChats.length === 0 ? steps : ofChats;
  const label = `Steps from page to continued chat: ${steps.map(({ name, count }) => `${name} ${formatCount(count)}`).join(", ")}`;
  return {
    title: "From page to continued chat",
    picture: drawBars(
      label,
      shown.map((step) => ({ label: step.name, value: step.count, before: step.before, text: sayStep(step) })),
    ),
    meaning: `${pages ? `The chat was on ${countOf(pages.count, "page")}. ` : ""}Each bar is one step of visitors who chat, with its share of an earlier step.${sayLine(figures)}`,
    todo: sayTodo(findings, ({ subject }) => ["pages", "unstarted", "started", "linked", "unseen"].includes(subject)),
  };
}

function sayStep({ count, share }: FunnelStep): string {
  return share === "" ? formatCount(count) : `${formatCount(count)}, ${share}`;
}

/** What the line in a bar is; empty where there is none. */
export function sayLine({ before, days }: ReportFigures): string {
  return before.length === 0 ? "" : ` The upright line is how many there were ${sayBefore(days)}.`;
}
