import { formatCount } from "../../../../core/outcome/words.ts";
import { FAILURES } from "../../../../core/outcome/outcome.ts";
import { type Finding } from "../../judge/finding.ts";
import { LEAST_GROWN_FAILURES, VERSION_IN_USE_SHARE, MAX_REPORT_BARS, GROUP_STANDS_OUT } from "../../limits.ts";
import { pickFailures } from "../../figures/failures.ts";
import { type Count, type ReportFigures, largest, pick, sum } from "../../figures/report-figures.ts";
import { countOpened } from "../../figures/funnel.ts";
import { countOf, nameFamily, nameWord } from "../../figures/words.ts";
import { type Bar, drawBars } from "../charts/bars.ts";
import { type Section } from "./section.ts";

type Field = "browser" | "version";

interface Group {
  readonly key: string;
  readonly failures: number;
  readonly opened: number;
  /** Everything that was told of it. */
  readonly words: number;
  /** Whether a sentence at the top names it. */
  readonly isNamed: boolean;
}

/** Browsers and versions side by side. What to do stands there only where a failure stands out at the top as well. */
export function buildBrowserSections({ counts }: ReportFigures, findings: readonly Finding[]): Section[] {
  const told = pick(counts, "browser.outcome");
  if (pickFailures(told).length === 0) return [];
  const browsers = group(told, "browser", findings).toSorted((a, b) => rate(b) - rate(a));
  const versions = group(told, "version", findings).toSorted((a, b) =>
    b.key.localeCompare(a.key, "en", { numeric: true }),
  );
  const [browser, version] = [findWorst(browsers), findWorst(versions)];
  const isFailing = findings.some(({ subject }) => FAILURES.some((failure) => failure === subject));
  return [
    {
      title: "Browsers side by side",
      picture: draw("Failures for each 100 chats opened, by browser", browsers, browser, nameFamily),
      meaning: `Failures for each 100 chats that were opened, by the family of the browser; beside it the two counts.${sayLeftOut(browsers)}${sayWorst(browser, nameFamily)}`,
      todo: isFailing && browser !== undefined ? `Open your site in ${nameFamily(browser.key)}.` : "",
    },
    {
      title: "Versions side by side",
      picture: draw("Failures for each 100 chats opened, by version", versions, version, nameVersion),
      meaning: `The same by the version of the Worker that the page had, the newest first; a page from a cache may still have an older one.${sayLeftOut(versions)}${sayWorst(version, nameVersion)}`,
      todo: isFailing && version !== undefined ? sayVersionTodo(version, versions) : "",
    },
  ];
}

const nameVersion = (key: string) => (/^\d/.test(key) ? `version ${nameWord(key)}` : nameWord(key));

function sayVersionTodo(worst: Group, versions: readonly Group[]): string {
  const newer = versions.slice(0, versions.indexOf(worst));
  const isReplaced = newer.some(({ opened }) => opened >= VERSION_IN_USE_SHARE * sumOf(versions, "opened"));
  return isReplaced
    ? "Visitors have a newer version by now: compare its failures here."
    : "Open the chat on your site yourself before you change anything, since anybody can tell of failures. Then look what has changed with this version.";
}

/** More failures than the others have. */
function sayWorst(worst: Group | undefined, name: (key: string) => string): string {
  if (worst === undefined) return "";
  const opened = worst.opened === 0 ? "no opened chat" : countOf(worst.opened, "opened chat");
  return ` Most often it fails with ${name(worst.key)}: ${countOf(worst.failures, "failure")} and ${opened}.`;
}

function sayLeftOut({ length }: readonly Group[]): string {
  return length > MAX_REPORT_BARS ? ` ${countOf(length - MAX_REPORT_BARS, "other has", "others have")} no bar.` : "";
}

function group(told: readonly Count[], field: Field, findings: readonly Finding[]): Group[] {
  const named = new Set(findings.map(({ most }) => most?.[field] ?? ""));
  return [...Map.groupBy(told, (count) => count[field])].map(([key, own]) => ({
    key,
    failures: sum(pickFailures(own)),
    opened: countOpened(own),
    words: sum(own),
    isNamed: key !== "" && named.has(key),
  }));
}

/** Failures for each 100 chats opened. Where no chat was, a few failures are chance, and with many it fails altogether. */
function rate({ failures, opened }: Pick<Group, "failures" | "opened">): number {
  if (opened > 0) return (100 * failures) / opened;
  return failures < LEAST_GROWN_FAILURES ? 0 : Infinity;
}

/** Anybody can make up versions that told more than the real ones: those that a sentence names keep their bars. */
function draw(
  label: string,
  groups: readonly Group[],
  worst: Group | undefined,
  name: (key: string) => string,
): string {
  const isKept = (one: Group) => Number(one.isNamed || one === worst);
  const first = groups.toSorted((a, b) => isKept(b) - isKept(a) || b.words - a.words);
  const chosen = new Set(first.slice(0, MAX_REPORT_BARS));
  const shown = groups.filter((one) => chosen.has(one));
  // What fails altogether is as long as if every chat had failed, or longer.
  const longest = Math.max(100, largest(shown.map(rate).filter(Number.isFinite)));
  const bars = shown.map((one): Bar => {
    const { key, failures, opened } = one;
    return {
      label: name(key),
      value: Math.min(rate(one), longest),
      text:
        opened === 0
          ? `${formatCount(failures)}, no chat opened`
          : `${Number(rate(one).toFixed(1))} (${formatCount(failures)} and ${formatCount(opened)})`,
      colour: "var(--f0)",
    };
  });
  return drawBars(`${label}: ${bars.map((bar) => `${bar.label} ${bar.text}`).join("; ")}`, bars);
}

/** The browser or version that stands out, rather one that is named at the top; `undefined` where none does. */
function findWorst(groups: readonly Group[]): Group | undefined {
  const all = { failures: sumOf(groups, "failures"), opened: sumOf(groups, "opened") };
  const standsOut = (one: Group) => {
    const others = { failures: all.failures - one.failures, opened: all.opened - one.opened };
    return others.opened > 0 && rate(one) >= GROUP_STANDS_OUT * rate(others);
  };
  const [worst] = groups
    .filter(({ key, failures }) => key !== "" && failures >= LEAST_GROWN_FAILURES)
    // A page from a cache may have a version so old that hardly anybody opens a chat with it: that alone is no fault.
    .filter(({ opened, isNamed }) => opened > 0 || isNamed)
    .filter(standsOut)
    .toSorted((a, b) => Number(b.isNamed) - Number(a.isNamed) || rate(b) - rate(a));
  return worst;
}

function sumOf(groups: readonly Group[], field: "failures" | "opened"): number {
  return groups.reduce((total, one) => total + one[field], 0);
}
