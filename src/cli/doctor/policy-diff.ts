import { DIRECTIVES } from "../../core/policy/content-security-policy.ts";

/**
 * What was added to a policy, and what was removed.
 *
 * @param before One policy, or several separated by commas.
 * @param after The same policies after additions: as many as before, each with all its directives.
 * @returns A line per directive, such as `img-src: + data:`; empty where nothing changed. A new directive that continues
 *   another one, such as `img-src, as default-src: + data:`, is compared with that one.
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
    const key = name.toLowerCase();
    if (key !== "" && !directives.has(key)) directives.set(key, sources);
  }
  return directives;
}

function diffPolicy(before: Directives, after: Directives): string[] {
  return [...after].flatMap(([name, sources]) => {
    const model = before.has(name) ? name : findFallback(name, before);
    const old = before.get(model) ?? [];
    const [had, has] = [new Set(old), new Set(sources)];
    const added = sources.filter((source) => !had.has(source));
    const dropped = old.filter((source) => !has.has(source));
    if (added.length + dropped.length === 0) return [];
    const minus = dropped.length === 0 ? "" : ` - ${dropped.join(" ")}`;
    return [`${name}${model === name ? "" : `, as ${model}`}:${minus} + ${added.join(" ")}`];
  });
}

/** The directive that counts in a policy while it lacks another one; the other one itself where none does. */
function findFallback(name: string, policy: Directives): string {
  const lists = Object.values(DIRECTIVES).map(({ own, shared }) => own.concat(shared));
  const names = lists.find((list) => list.includes(name)) ?? [];
  return names.slice(names.indexOf(name) + 1).find((each) => policy.has(each)) ?? name;
}
