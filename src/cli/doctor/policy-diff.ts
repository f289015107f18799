/**
 * What was added to a policy, and what was removed.
 *
 * @param before One policy, or several separated by commas.
 * @param after The same policies after additions: as many as before, each with all its directives.
 * @returns A line per directive, such as `img-src: + data:`; empty where nothing changed.
 */
export function diffPolicies(before: string, after: string): readonly string[] {
  const olds = before.split(",").map(parseDirectives);
  return after.split(",").flatMap((policy, index) => diffPolicy(olds[index] ?? new Map(), parseDirectives(policy)));
}

type Directives = ReadonlyMap<string, readonly string[]>;

/** The first of two directives with one name counts. */
function parseDirectives(policy: string): Directives {
  const directives = new Map<string, readonly string[]>();
  for (const part of policy.split(";")) {
    const [name = "", ...sources] = part.trim().split(/\s+/);
    if (name !== "" && !directives.has(name)) directives.set(name, sources);
  }
  return directives;
}

function diffPolicy(before: Directives, after: Directives): string[] {
  return [...after].flatMap(([name, sources]) => {
    const old = before.get(name);
    if (old === undefined) return [`${name} (new): + ${sources.join(" ")}`];
    const [had, has] = [new Set(old), new Set(sources)];
    const added = sources.filter((source) => !had.has(source));
    const dropped = old.filter((source) => !has.has(source));
    if (added.length + dropped.length === 0) return [];
    const minus = dropped.length === 0 ? "" : ` - ${dropped.join(" ")}`;
    return [`${name}:${minus} + ${added.join(" ")}`];
  });
}
