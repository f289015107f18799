import { formatCount } from "../../../../core/outcome/words.ts";
import { FAILURES } from "../../../../core/outcome/outcome.ts";
import { type Finding } from "../../judge/finding.ts";
import { LEAST_GROWN_FAILURES, VERSION_IN_USE_SHARE, MAX_REPORT_BARS, GROUP_STANDS_OUT } from "../../limits.ts";
import { pickFailures } from "../../figures/failures.ts";
import { type Count, type ReportFigures, pick, sum, totalBy } from "../../figures/report-figures.ts";
import { countOpened } from "../../figures/funnel.ts";
import { countOf, nameFamily, nameWord } from "../../figures/words.ts";
import { type Bar, drawBars } from "../charts/bars.ts";
import { type Section } from "./section.ts";

interface Group {
  readonly key: string;
  readonly failures: number;
  readonly opened: number;
}

/** Browsers and versions side by side. What to do stands there only where a failure stands out at the top as well. */
export function buildBrowserSections({ counts }: ReportFigures, findings: readonly Finding[]): Section[] {
  const told = pick(counts, "browser.outcome");
  if (pickFailures(told).length === 0) return [];
  const browsers = group(told, "browser").toSorted((a, b) => rate(b) - rate(a));
  const versions = group(told, "version").toSorted((a, b) => b.key.localeCompare(a.key, "en", { numeric: true }));
  const [browser, version] = [findWorst(browsers), findWorst(versions)];
  const isFailing = findings.some(({ subject }) => FAILURES.some((failure) => failure === subject));
  return [
    {
      title: "Browsers side by side",
      picture: draw("Failures for each 100 chats opened, by browser", browsers, nameFamily),
      meaning: `Failures for each 100 chats that were opened, by the family of the browser; beside it the two counts.${sayWorst(browser, nameFamily)}`,
      todo: isFailing && browser !== undefined ? `Open your site in ${nameFamily(browser.key)}.` : "",
    },
    {
      title: "Versions side by side",
      picture: draw("Failures for each 100 chats opened, by version", versions, nameVersion),
      meaning: `The same by the version of the Worker that the page had, the newest first; a page from a cache may still have an older one.${sayWorst(version, nameVersion)}`,
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
  return ` Most often it fails with ${name(worst.key)}: ${countOf(worst.failures, "failure")} and ${countOf(worst.opened, "opened chat")}.`;
}

function group(told: readonly Count[], field: "browser" | "version"): Group[] {
  return totalBy(told, (count) => count[field])
    .slice(0, MAX_REPORT_BARS)
    .map(({ key }) => {
      const own = told.filter((count) => count[field] === key);
      return { key, failures: sum(pickFailures(own)), opened: countOpened(own) };
    });
}

/** Failures for each 100 chats opened; without any chat, as if one had been. */
function rate({ failures, opened }: Group): number {
  return (100 * failures) / Math.max(opened, 1);
}

function draw(label: string, groups: readonly Group[], name: (key: string) => string): string {
  const bars = groups.map((one): Bar => {
    const { key, failures, opened } = one;
    return {
      label: name(key),
      value: opened === 0 ? 0 : rate(one),
      text:
        opened === 0
          ? `${formatCount(failures)}, no chat opened`
          : `${Number(rate(one).toFixed(1))} (${formatCount(failures)} and ${formatCount(opened)})`,
      colour: "var(--f0)",
    };
  });
  return drawBars(`${label}: ${bars.map((bar) => `${bar.label} ${bar.text}`).join("; ")}`, bars);
}

/** The browser or version that stands out; `undefined` where none does. */
function findWorst(groups: readonly Group[]): Group | undefined {
  const [worst] = groups
    .filter(({ failures, opened, key }) => key !== "" && opened > 0 && failures >= LEAST_GROWN_FAILURES)
    .toSorted((a, b) => rate(b) - rate(a));
  if (worst === undefined) return undefined;
  const others = groups.filter((one) => one !== worst);
  const together = { key: "", failures: sumOf(others, "failures"), opened: sumOf(others, "opened") };
  return together.opened === 0 || rate(worst) < GROUP_STANDS_OUT * rate(together) ? undefined : worst;
}

function sumOf(groups: readonly Group[], field: "failures" | "opened"): number {
  return groups.reduce((total, one) => total + one[field], 0);
}
