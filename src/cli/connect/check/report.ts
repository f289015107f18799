import { type LinkBy } from "../../../core/chat/continuation.ts";
import { renderFinding } from "../../findings/render-finding.ts";
import { toPrintableLine } from "../../shared/printable.ts";
import { type Instance } from "../aws/find-instance.ts";
import { type Look } from "./look.ts";

/** Everything that the check saw. */
export interface Report extends Look {
  readonly instance: Instance;
  readonly linkBy: LinkBy;
}

export interface Verdict {
  readonly isFine: boolean;
  readonly text: string;
}

export function decideVerdict({ findings, linkBy }: Pick<Report, "findings" | "linkBy">): Verdict {
  const blocking = findings.filter(({ code, weight }) => weight === "blocks" && code !== "flow-unseen");
  const [first] = blocking;
  if (first !== undefined) {
    const more = blocking.length === 1 ? "" : ` And ${blocking.length - 1} more.`;
    return { isFine: false, text: `Not working: ${first.what}${more}` };
  }
  const unseen = findings.find(({ code }) => code === "flow-unseen");
  if (unseen !== undefined) return { isFine: false, text: `Not checked: ${unseen.what}` };
  const isPartial = findings.some(({ code }) =>
    ["not-looked-at", "flow-unreadable", "start-call-not-asked"].includes(code),
  );
  const limits = isPartial ? ", as far as it could be looked at" : "";
  return { isFine: true, text: `Ready: Amazon Connect's side fits this Worker (LINK_BY=${linkBy})${limits}.` };
}

/** What `npm run connect -- check` prints. */
export function renderReport(report: Report): string {
  const { facts, findings, instance } = report;
  const { accountId, alias, id, region } = instance;
  return [
    decideVerdict(report).text,
    toPrintableLine(`Instance ${alias ?? id} in ${region}, account ${accountId}.`),
    ...(facts.length === 0 ? [] : ["", ...facts.map((fact) => `  ${toPrintableLine(fact)}`)]),
    ...findings.map((finding) => `\n${renderFinding(finding)}`),
    "",
  ].join("\n");
}

export function toJson(report: Report): string {
  return JSON.stringify({ verdict: decideVerdict(report), ...report }, null, 2);
}
