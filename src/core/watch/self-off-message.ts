import { describeFailure } from "../outcome/advice.ts";
import { type Evidence, type SelfOffDecision } from "./self-off.ts";
import { type TroubleMessage } from "./trouble-message.ts";

/**
 * The words for a chat that has switched itself off, or on again.
 *
 * @returns `null` for what needs no message: the owner hears of it once when it begins, and once when it is over.
 */
export function describeSelfOff(decision: SelfOffDecision): TroubleMessage | null {
  switch (decision.act) {
    case "switch-off": {
      if (decision.reason !== "client-fails") return null;
      const { todo } = describeFailure("client-failed");
      return {
        trouble: "self-off",
        isOver: false,
        summary: `The chat has switched itself off for 10 minutes: ${formatEvidence(decision.evidence)}`,
        todo: `After that one visitor in ten tries it, and it comes back by itself. SELF_OFF = "0" brings it back at once. ${todo}`,
      };
    }
    case "switch-on": {
      const reason =
        decision.reason === "client-works"
          ? "It has worked for one visitor in ten, for 10 minutes."
          : "An hour of trying is over, and nothing more has spoken against it.";
      return {
        trouble: "self-off",
        isOver: true,
        summary: `Over: the chat is on again for everybody. ${reason}`,
        todo: "",
      };
    }
    case "try":
    case "nothing":
      return null;
  }
}

function formatEvidence({ pages, failures, networks, operators, line }: Evidence): string {
  return (
    `the client failed in at least ${format(failures)} of ${format(pages)} page views, told from at least ${format(networks)} ` +
    `networks of ${format(operators)} operators. The line is at ${Math.round(100 * line)} %.`
  );
}

function format(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}
