import { LEAST_GROWN_FAILURES } from "../../../../limits.ts";
import { pickFailures } from "../../figures/failures.ts";
import { type Count, type ReportFigures, pick, sum, totalBy } from "../../figures/report-figures.ts";
import { countOpened } from "../../figures/funnel.ts";
import { countOf, formatCount, nameFamily, nameWord } from "../../figures/words.ts";
import { type Bar, drawBars } from "../charts/bars.ts";
import { type Section } from "./section.ts";

/** Bars that are shown: anybody can tell a version that never was. */
const MAX_BARS = 8;

interface Group {
  readonly key: string;
  readonly failures: number;
  readonly opened: number;
}

/** How many times the rate of the others makes a browser or a version stand out. */
const STANDS_OUT = 2;

/** Browsers and versions side by side. */
export function buildBrowserSections({ counts }: ReportFigures): Section[] {
  const told = pick(counts, "browser.outcome");
  if (pickFailures(told).length === 0) return [];
  const browsers = group(told, "browser").toSorted((a, b) => rate(b) - rate(a));
  const versions = group(told, "version").toSorted((a, b) => b.key.localeCompare(a.key, "en", { numeric: true }));
  return [
    {
      title: "Browsers side by side",
      picture: draw("Failures for each 100 chats opened, by browser", browsers, nameFamily),
      meaning: "Failures for each 100 chats that were opened, by the family of the browser; beside it the two counts.",
      todo: sayStandOut(
        browsers,
        (key) => `${nameFamily(key)} fails more often than the others: open your site in it.`,
      ),
    },
    {
      title: "Versions side by side",
      picture: draw("Failures for each 100 chats opened, by version", versions, nameWord),
      meaning:
        "The same by the version of the Worker that the page had, the newest first; a page from a cache may still have an older one.",
      todo: sayStandOut(
        versions,
        (key) =>
          `Version ${nameWord(key)} fails more often than the others. ${
            key === versions[0]?.key
              ? "Go back to the version before with `npx wrangler rollback`."
              : "A newer one is in use: if that one is well, nothing is left to do."
          }`,
      ),
    },
  ];
}

function group(told: readonly Count[], field: "browser" | "version"): Group[] {
  return totalBy(told, (count) => count[field])
    .slice(0, MAX_BARS)
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

function sayStandOut(groups: readonly Group[], say: (key: string) => string): string {
  const [worst] = groups
    .filter(({ failures, opened, key }) => key !== "" && opened > 0 && failures >= LEAST_GROWN_FAILURES)
    .toSorted((a, b) => rate(b) - rate(a));
  if (worst === undefined) return "";
  const others = groups.filter((one) => one !== worst);
  const together = { key: "", failures: sumOf(others, "failures"), opened: sumOf(others, "opened") };
  if (together.opened === 0 || rate(worst) < STANDS_OUT * rate(together)) return "";
  return `${say(worst.key)} It has ${countOf(worst.failures, "failure")} and ${countOf(worst.opened, "opened chat")}.`;
}

function sumOf(groups: readonly Group[], field: "failures" | "opened"): number {
  return groups.reduce((total, one) => total + one[field], 0);
}
