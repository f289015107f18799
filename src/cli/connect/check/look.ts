import { buildFinding, type Finding, sortFindings } from "../../findings/catalogue.ts";
import { AwsProblem, isDenied, isForAll } from "../aws/aws-problem.ts";

/** What was seen of one thing. */
export interface Look {
  /** What is fine, a line each. */
  readonly facts: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Looks at one thing. Where AWS does not let this login look, that becomes a finding.
 *
 * @param what Such as `the flows`.
 * @throws {AwsProblem} Where nothing else could be looked at either.
 */
export async function tryToLook(what: string, look: () => Promise<Look>): Promise<Look> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AwsProblem) || isForAll(error)) throw error;
    return { facts: [], findings: [buildNotLookedAt(what, error)] };
  }
}

export function buildNotLookedAt(what: string, problem: AwsProblem): Finding {
  const { action, message } = problem;
  const why = isDenied(problem) ? `allow ${action}` : message;
  return buildFinding("not-looked-at", { details: [`${what}: ${why}`] });
}

/** Puts all looks together: one finding of each code, the heaviest first. */
export function mergeLooks(looks: readonly Look[]): Look {
  const byCode = Map.groupBy(
    looks.flatMap(({ findings }) => findings),
    ({ code, weight }) => `${code} ${weight}`,
  );
  const findings = [...byCode.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const details = [first, ...rest].flatMap((finding) => finding.details);
    return [buildFinding(first.code, { weight: first.weight, details: [...new Set(details)] })];
  });
  return { facts: looks.flatMap(({ facts }) => facts), findings: sortFindings(findings) };
}
