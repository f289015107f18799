/** What a site asks of programs that go through its pages. */
export interface Robots {
  /** @param path Path and query. */
  readonly isAllowed: (path: string) => boolean;
  /** Wanted pause between two requests; 0 where none is named. */
  readonly delaySeconds: number;
  readonly sitemaps: readonly string[];
}

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
  const lines = text.split(/\r?\n/).map(parseLine);
  const groups = readGroups(lines);
  const rules = groups.get(agent) ?? groups.get("*") ?? { rules: [], delaySeconds: 0 };
  return {
    isAllowed: (path) => isAllowed(rules.rules, path),
    delaySeconds: rules.delaySeconds,
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

/** Groups of one name count together; several names in a row share what follows. */
function readGroups(lines: readonly Line[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  let current: Group[] = [];
  let isNaming = false;
  for (const { name, value } of lines) {
    if (name === "user-agent") {
      const key = value.toLowerCase();
      const group = groups.get(key) ?? { rules: [], delaySeconds: 0 };
      groups.set(key, group);
      current = isNaming ? [...current, group] : [group];
      isNaming = true;
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
  const matching = rules.filter(({ pattern }) => toRegExp(pattern).test(path));
  const longest = Math.max(0, ...matching.map(({ pattern }) => pattern.length));
  const deciding = matching.filter(({ pattern }) => pattern.length === longest);
  return deciding.length === 0 || deciding.some(({ allows }) => allows);
}

function toRegExp(pattern: string): RegExp {
  const isWhole = pattern.endsWith("$");
  const parts = (isWhole ? pattern.slice(0, -1) : pattern)
    .split(/\*+/)
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}${isWhole ? "$" : ""}`);
}
