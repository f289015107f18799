import { buildFinding, type Finding, type FindingCode } from "./catalogue.ts";

export function findIf(condition: boolean, code: FindingCode, details: readonly string[] = []): Finding[] {
  return condition ? [buildFinding(code, { details })] : [];
}
