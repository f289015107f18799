import { hasTold } from "./failures.ts";
import { type Count, type ReportFigures, pick, sum } from "./report-figures.ts";
import { formatCount, formatShare } from "../../../core/outcome/words.ts";

/** One step on the way from a page to a continued chat. */
export interface FunnelStep {
  readonly name: string;
  readonly count: number;
  /** `null` where nothing is known of the days before: of what browsers tell, also where an older version told nothing. */
  readonly before: number | null;
  /** Share of an earlier step, in words; empty where it means nothing. */
  readonly share: string;
}

interface StepRule {
  readonly name: string;
  /** The figures that tell the step. */
  readonly event: string;
  readonly count: (counts: readonly Count[]) => number;
  readonly whole?: { readonly name: string; readonly count: (counts: readonly Count[]) => number };
}

const told = (outcome: string) => (counts: readonly Count[]) => sum(pick(counts, "browser.outcome", outcome));

/** Pages that got the chat. */
export const countPages = (counts: readonly Count[]) => sum(pick(counts, "page.injected"));
export const countOpened = told("opened");
export const countSeen = told("history-seen");
export const countTokens = (counts: readonly Count[]) => sum(pick(counts, "token.issued"));
export const countStarted = (counts: readonly Count[]) => sum(pick(counts, "contact.recorded", "started"));
export const countOffered = (counts: readonly Count[]) =>
  sum(pick(counts, "token.issued").filter(({ outcome }) => outcome !== "none"));
export const countLinked = (counts: readonly Count[]) => sum(pick(counts, "chat.linked", "linked"));
/** Chats of which Amazon was asked whether they are linked. */
export const countAsked = (counts: readonly Count[]) => sum(pick(counts, "chat.linked"));

const STEPS: readonly StepRule[] = [
  { name: "pages with the chat", event: "page.injected", count: countPages },
  { name: "chats opened", event: "browser.outcome", count: countOpened, whole: { name: "pages", count: countPages } },
  { name: "tokens issued", event: "token.issued", count: countTokens },
  {
    name: "started and reported",
    event: "contact.recorded",
    count: countStarted,
    whole: { name: "tokens", count: countTokens },
  },
  {
    name: "history offered",
    event: "token.issued",
    count: countOffered,
    whole: { name: "tokens", count: countTokens },
  },
  { name: "confirmed linked by Amazon", event: "chat.linked", count: countLinked },
  {
    name: "seen by the visitor",
    event: "browser.outcome",
    count: countSeen,
    whole: { name: "offered", count: countOffered },
  },
];

/** The steps of which there are figures. */
export function buildFunnel({ counts, before, rolloutPercent }: ReportFigures): FunnelStep[] {
  const isKnown = (event: string) => (event === "browser.outcome" ? hasTold(before) : before.length > 0);
  return STEPS.filter(({ event }) => pick(counts, event).length + pick(before, event).length > 0).map((step) => ({
    name: step.name,
    count: step.count(counts),
    before: isKnown(step.event) ? step.count(before) : null,
    share:
      step.event === "chat.linked"
        ? `of ${formatCount(countAsked(counts))} looked at`
        : sayShare(step, counts, rolloutPercent),
  }));
}

/** A page view may ask for several tokens, and a browser may tell nothing: then a share of the step before means nothing. */
function sayShare({ count, whole }: StepRule, counts: readonly Count[], rolloutPercent: number): string {
  if (whole === undefined) return "";
  const isOfPages = whole.count === countPages && rolloutPercent < 100;
  const all = isOfPages ? (whole.count(counts) * rolloutPercent) / 100 : whole.count(counts);
  const part = count(counts);
  if (all === 0 || part > all) return "";
  return `${formatShare(part, all)} of ${isOfPages ? `${rolloutPercent} % of ` : ""}${whole.name}`;
}

/** Chats that visitors tried: each asks for a token, and browsers tell of most. Without consent nothing is told or reported. */
export function countTries(counts: readonly Count[]): number {
  const unreported = sum(pick(counts, "token.issued").filter(({ reason }) => reason === "no-consent"));
  return Math.max(countOpened(counts), countTokens(counts) - unreported);
}
