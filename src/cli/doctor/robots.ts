/** What a site asks of programs that go through its pages. */
export interface Robots {
  /** @param path Path and query. */
  readonly isAllowed: (path: string) => boolean;
  /** Wanted pause between two requests; 0 where none is named. */
  readonly delaySeconds: number;
  readonly sitemaps: readonly string[];
}

/** As much as must be read at least. Source: RFC 9309, 2.5 "Limits". */
const MAX_CHARS = 512_000;
/** Nobody waits longer for the next page; a timer would overflow in the end. */
const MAX_DELAY_SECONDS = 60;
/** Every address that a page leads to is held against each rule. */
const MAX_RULES = 1000;

interface Rule {
  readonly allows: boolean;
  readonly pattern: string;
}

/**
 * Reads a robots.txt.
 *
 * @param text Empty where the site has none.
 * @param agent Our name in it, in lower case; else the rules for everyone count.
 * Source: RFC 9309; `Crawl-delay` is a custom of its own.
 */
export function parseRobots(text: string, agent: string): Robots {
  const lines = text
    .slice(0, MAX_CHARS)
    .split(/\r\n?|\n/)
    .map(parseLine);
  const groups = readGroups(lines, [agent, "*"]);
  const rules = groups.get(agent) ?? groups.get("*") ?? { rules: [], delaySeconds: 0 };
  return {
    isAllowed: (path) => isAllowed(rules.rules.slice(0, MAX_RULES), path),
    delaySeconds: Math.min(rules.delaySeconds, MAX_DELAY_SECONDS),
    sitemaps: lines.filter(({ name }) => name === "sitemap").map(({ value }) => value),
  };
}

interface Line {
  readonly name: string;
  readonly value: string;
}

function parseLine(line: string): Line {
  const [name = "", ...value] = line.replace(/#.*/, "").split(":");
  return { name: name.trim().toLowerCase(), value: value.join(":").trim() };
}

interface Group {
  readonly rules: Rule[];
  delaySeconds: number;
}

/** Groups of one name count together; several names in a row share what follows. Others than those wanted are passed over. */
function readGroups(lines: readonly Line[], wanted: readonly string[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  let current = new Set<Group>();
  let isNaming = false;
  for (const { name, value } of lines) {
    if (name === "user-agent") {
      const key = value.toLowerCase();
      if (!isNaming) current = new Set();
      isNaming = true;
      if (!wanted.includes(key)) continue;
      const group = groups.get(key) ?? { rules: [], delaySeconds: 0 };
      groups.set(key, group);
      current.add(group);
      continue;
    }
    if (name === "allow" || name === "disallow") {
      // An empty rule says nothing.
      if (value !== "") for (const { rules } of current) rules.push({ allows: name === "allow", pattern: value });
    } else if (name === "crawl-delay") {
      for (const group of current) group.delaySeconds = Math.max(0, Number(value) || 0);
    }
    if (name !== "") isNaming = false;
  }
  return groups;
}

/** The longest match counts; of two that are as long, the one that allows. */
function isAllowed(rules: readonly Rule[], path: string): boolean {
  let longest = 0;
  let allowsLongest = true;
  for (const { allows, pattern } of rules) {
    if (pattern.length < longest || !matches(pattern, path)) continue;
    allowsLongest = allows || (pattern.length === longest && allowsLongest);
    longest = pattern.length;
  }
  return allowsLongest;
}

/** Not by a regular expression: one with many stars would try every way to place them. */
function matches(pattern: string, path: string): boolean {
  const isWhole = pattern.endsWith("$");
  const [first = "", ...rest] = (isWhole ? pattern.slice(0, -1) : pattern).split("*");
  if (!path.startsWith(first)) return false;
  const last = isWhole ? rest.pop() : undefined;
  // The first place where a part fits leaves the most for those after it.
  let at = first.length;
  for (const part of rest) {
    const found = path.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  if (!isWhole) return true;
  return last === undefined ? path.length === at : path.length - last.length >= at && path.endsWith(last);
}
