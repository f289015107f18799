import { type Evidence, type SelfOffDecision } from "./self-off.ts";
import { formatCount as format, formatShare } from "../outcome/words.ts";
import { type TroubleMessage } from "./trouble-message.ts";

const OVER = {
  "client-works": "the chat is on again for everybody. It has worked for one visitor in ten, for 10 minutes.",
  "time-passed":
    "the chat is on again for everybody. An hour of trying is over, and nothing more has spoken against it.",
  "switched-on-by-owner": "SELF_OFF or MODE has been changed, and the chat no longer switches itself off.",
};

/**
 * The words for a chat that has switched itself off, or on again.
 *
 * @returns `null` for what needs no message: the owner hears of it once when it begins, and once when it is over.
 */
export function describeSelfOff(decision: SelfOffDecision): TroubleMessage | null {
  switch (decision.act) {
    case "switch-off": {
      if (decision.reason !== "client-fails") return null;
      return {
        trouble: "self-off",
        isOver: false,
        summary: `The chat has switched itself off for 10 minutes: ${formatEvidence(decision.evidence)}`,
        todo:
          "After that one visitor in ten tries it, and it comes back by itself. See the status page of AWS for your region, and " +
          "compare the address of the script in WIDGET_SNIPPET with the snippet in the Connect console. To have it back within " +
          '5 minutes, set SELF_OFF = "0" and deploy.',
      };
    }
    case "switch-on": {
      return { trouble: "self-off", isOver: true, summary: `Over: ${OVER[decision.reason]}`, todo: "" };
    }
    case "try":
    case "nothing":
      return null;
  }
}

function formatEvidence({ pages, failures, networks, operators, line }: Evidence): string {
  return (
    `the client failed in at least ${format(failures)} of ${format(pages)} page views, told from at least ${format(networks)} ` +
    `networks of ${format(operators)} operators. The line is at ${formatShare(line, 1)}.`
  );
}
