import { type Facts, type SecondChat } from "./facts.ts";
import { isDenial } from "./judgement.ts";
import { type Point } from "./points.ts";

/** The answer to the one question that matters. */
export interface Verdict {
  /** Whether the history was there, and everything is as this project expects. */
  readonly isGood: boolean;
  readonly headline: string;
  /** The likeliest cause, with the mend; `null` where nothing is to be mended. */
  readonly todo: string | null;
}

/** Says whether the second chat had the first one's history, and what to do if not. */
export function decideVerdict(facts: Facts, points: readonly Point[]): Verdict {
  const { brokenOff, second } = facts;
  const odd = points.filter(({ state }) => state === "unexpected").length;
  const hadHistory = second !== undefined && second.historyAfterSeconds !== null;
  if (hadHistory) {
    const headline = `The second chat had the first one's history, after ${Math.round(second.historyAfterSeconds ?? 0)} s.`;
    if (brokenOff !== undefined)
      return { isGood: false, headline, todo: `Then the rehearsal was broken off: ${brokenOff}` };
    if (facts.linkBy !== facts.linkBySet) return { isGood: false, headline, todo: explainOtherLinkBy(facts) };
    const todo = odd === 0 ? null : `${odd === 1 ? "One point is" : `${odd} points are`} not as expected: see below.`;
    return { isGood: odd === 0, headline, todo };
  }
  if (second === undefined) {
    return { isGood: false, headline: "The rehearsal was broken off.", todo: brokenOff ?? "Run it again." };
  }
  return {
    isGood: false,
    headline: "The second chat did not have the first one's history.",
    todo: explain(facts, second),
  };
}

function explain(facts: Facts, second: SecondChat): string {
  const { end, first, linkBy, linkBySet, readyAfterSeconds } = facts;
  if (first !== undefined && first.reportRefusal !== null) {
    return `The Worker has refused the report of the first chat (${first.reportRefusal}): npm run doctor says why. After CONTACT_NOT_YOURS, the attributes below have not arrived.`;
  }
  if (linkBy !== linkBySet) return explainOtherLinkBy(facts);
  const worker = linkBy === "worker" ? explainWorker(second) : null;
  if (worker !== null) return worker;
  if (linkBy === "flow" && second.offered !== "first") {
    return "The Worker's token did not name the first chat. If the Worker has an AWS key, try it with npm run doctor -- <address> --aws; else KV may be slow: run the rehearsal again.";
  }
  const noTranscript = `Connect had no transcript of the first chat ${readyAfterSeconds} s after its end: raise READY_AFTER_SECONDS, and check that chat transcripts are switched on (npm run connect -- check)`;
  const alone =
    end?.endedBy === "customer" ? ". A chat that no agent has joined may have no transcript: run it with an agent" : "";
  if (second.cameByHand === true) {
    return linkBy === "worker"
      ? `A link by hand has brought it: ${noTranscript}.`
      : `A link by hand has brought it, so the contact flow does not link: npm run connect -- check says why, and npm run connect -- install mends it. If check finds nothing: ${noTranscript}.`;
  }
  if (second.byHand.answer === "linked")
    return `Connect accepts a link by hand, but nothing comes along: ${noTranscript}${alone}.`;
  if (isDenial(second.byHand)) {
    return `Your AWS login was not allowed to try a link by hand. Either the contact flow does not link (npm run connect -- check), or ${noTranscript}${alone}.`;
  }
  return `Connect refuses a link by hand as well (${second.byHand.error}): ${noTranscript}${alone}.`;
}

function explainOtherLinkBy({ linkBy, linkBySet }: Pick<Facts, "linkBy" | "linkBySet">): string {
  return `The live Worker has LINK_BY=${linkBy}, and wrangler.toml has ${linkBySet}: make them the same (npm run deploy brings what wrangler.toml has), and rehearse again.`;
}

function explainWorker({ reports }: SecondChat): string | null {
  const last = reports.at(-1);
  if (last?.link === "linked") return null;
  if (last?.link === "waiting") {
    return "The Worker waited with the link to the end. Try its AWS key with npm run doctor -- <address> --aws; if the key is fine, Connect had no transcript yet: raise READY_AFTER_SECONDS. npx wrangler tail shows the reason (link.waits).";
  }
  return `The Worker did not link ("${last?.link ?? last?.status ?? "no report"}"): npx wrangler tail shows the reason (chat.linked). Try its AWS key with npm run doctor -- <address> --aws.`;
}
