import { type ConnectAction } from "../../adapters/connect-api.ts";
import { type LinkBy } from "../../core/chat/continuation.ts";
import { type TriedAction } from "../shared/try-actions.ts";
import { type Finding } from "./catalogue.ts";
import { findIf } from "./find-if.ts";

/** What the Worker cannot do without an action. */
const LOSSES: Readonly<Record<ConnectAction, string>> = {
  DescribeContact: "no conversation is continued",
  GetContactAttributes: "a chat is not continued where DescribeContact leaves out its attributes",
  ListAssociatedContacts: "the Worker does not learn that a chat is over if no browser has reported it",
  CreatePersistentContactAssociation: "no chat is linked to the past one",
  StopContact: "chats that visitors left open stay open",
};

/** Without one of these, nothing is continued at all. */
const ESSENTIAL: ReadonlySet<ConnectAction> = new Set(["DescribeContact", "CreatePersistentContactAssociation"]);

function isRefused({ reason }: TriedAction): boolean {
  return reason === "status-403" || reason === "status-400" || reason === "policy";
}

/** Findings about the actions that the AWS key is to be allowed to take, and whether it could do without the flow. */
export function findInAmazon(tried: readonly TriedAction[], linkBy: LinkBy): Finding[] {
  const findings = findRefused(tried);
  return [...findings, ...findIf(linkBy === "flow" && findings.length === 0, "link-by-flow")];
}

/** The actions that the AWS key may not take. */
export function findRefused(tried: readonly TriedAction[]): Finding[] {
  const refused = tried.filter(isRefused);
  const unclear = tried.filter((one) => one.reason !== null && !isRefused(one));
  const code = refused.some(({ action }) => ESSENTIAL.has(action)) ? "aws-refused" : "aws-actions-missing";
  return [
    ...findIf(
      refused.length > 0,
      code,
      refused.map(({ action, reason }) => `connect:${action} (${reason}): ${LOSSES[action]}`),
    ),
    ...findIf(
      unclear.length > 0,
      "aws-unreachable",
      unclear.map(({ action, reason }) => `connect:${action}: ${reason}`),
    ),
  ];
}
