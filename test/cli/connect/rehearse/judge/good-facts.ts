import { type Facts } from "../../../../../src/cli/connect/rehearse/judge/facts.ts";

const refused = (error: string) => ({ answer: "refused", error }) as const;

/** A rehearsal in which all is well, with LINK_BY=flow and an agent who has transferred the first chat. */
export const GOOD_FACTS = {
  linkBy: "flow",
  linkBySet: "flow",
  readyAfterSeconds: 60,
  names: { contact: "contactId", visitor: "persistentChatVisitor" },
  first: {
    arrivals: { seen: { contactId: "same", persistentChatVisitor: "same" } },
    areToldWhileLive: { seen: true },
    reportRefusal: null,
  },
  end: { endedBy: "agent", afterCustomer: null, toldEnd: true, contacts: { seen: 2 } },
  second: {
    offered: "first",
    chatContinue: "now",
    reports: [{ status: 201, link: null, afterSeconds: 0.4 }],
    historyAfterSeconds: 3.2,
    related: { seen: "last" },
    isListedTogether: { seen: false },
    byHand: refused("InvalidRequestException"),
    cameByHand: null,
  },
  third: {
    winner: { seen: "signed" },
    live: refused("InvalidRequestException"),
    unknown: refused("ResourceNotFoundException"),
    early: refused("InvalidRequestException"),
    ready: { answer: "linked", continues: true },
  },
  file: { seen: "has-id" },
} as const satisfies Facts;
