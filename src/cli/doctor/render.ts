import { type Finding } from "../findings/catalogue.ts";
import { isSwitchedOff } from "./live-findings.ts";
import { type LiveFacts } from "./live-worker.ts";
import { type PageFacts } from "./page.ts";
import { renderFinding } from "../findings/render-finding.ts";
import { toPrintableLine } from "../shared/printable.ts";

/** Everything that the doctor saw. */
export interface Examination {
  readonly site: string;
  readonly pages: readonly PageFacts[];
  /** `null`: no Worker answers there yet. */
  readonly live: LiveFacts | null;
  /** The heaviest first. */
  readonly findings: readonly Finding[];
}

export interface Verdict {
  readonly isFine: boolean;
  readonly text: string;
}

export function decideVerdict({ findings, live, pages }: Examination): Verdict {
  const blocking = findings.filter(({ weight }) => weight === "blocks");
  const [first] = blocking;
  if (first !== undefined) {
    const more = blocking.length === 1 ? "" : ` And ${blocking.length - 1} more.`;
    return { isFine: false, text: `${live === null ? "Not ready" : "Not working"}: ${first.what}${more}` };
  }
  const would = pages.filter(({ reason }) => reason === null);
  if (live === null) return { isFine: true, text: `Ready: ${share(would, pages)} would get the chat.` };
  if (isSwitchedOff(live)) {
    return { isFine: true, text: `Switched off: ${share(would, pages)} would get the chat with MODE = "on".` };
  }
  const have = pages.filter(({ hasTag }) => hasTag);
  const tried = live.roundTrip?.isOffered === true ? ", and a made-up conversation was continued" : "";
  return { isFine: true, text: `Working: ${share(have, pages)} have the chat${tried}.` };
}

function share(some: readonly PageFacts[], all: readonly PageFacts[]): string {
  return `${some.length} of ${all.length} ${all.length === 1 ? "page" : "pages"}`;
}

/** What `npm run doctor` prints. */
export function renderExamination(examination: Examination): string {
  const { findings, live, site } = examination;
  const state =
    live === null ? "no Worker answers there yet" : `the Worker ${toPrintableLine(live.version ?? "")} is live`;
  const blocks = findings.map(renderFinding);
  return [decideVerdict(examination).text, `${site}: ${state}.`, ...blocks.map((block) => `\n${block}`), ""].join("\n");
}
